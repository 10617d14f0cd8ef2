import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Emission } from '../core/engines/emission';
import { parseProject } from '../core/project/parseProject';
import type { SampleMatcher } from '../core/rollouts/readers/groupForeign';
import { parseRunInfo } from '../core/runs/runInfo';
import { readPromptTemplate } from '../platform/responses/promptTemplate';
import { matchSamples } from '../platform/rollouts/matchSamples';
import { AppError, messageOf } from '../core/errors';
import { EngineRun } from '../platform/runs/engineRun';
import { writeTrainerProcess } from '../platform/runs/trainerProcess';
import type { CliCommand } from './cliCommand';

export const engineRunCommand: CliCommand = {
  usage: 'pebr engine-run --run DIR                               (started by pebr train) run the stages that engine.json of a run names',
  options: { run: { type: 'string' } },
  async run(values) {
    if (typeof values.run !== 'string') throw new AppError('argument.invalid', { argument: '--run', reason: 'Give the folder of the run.' });
    const folder = path.resolve(values.run);
    const run = new EngineRun(folder, await emissionIn(folder), await matcherOf(folder));
    await writeTrainerProcess(folder, process.pid);
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => run.stop());
    return (await run.run()) === 'failed' ? 1 : 0;
  },
};

/** Finds the samples that the engine's responses are about; none where the project cannot be read any more. */
async function matcherOf(folder: string): Promise<SampleMatcher> {
  const { value: info } = parseRunInfo(await readFile(path.join(folder, 'run.json'), 'utf8').catch(() => ''), path.basename(folder));
  const project = info && parseProject(JSON.stringify(info.config), 'run.json').project;
  if (!info || !project) return () => undefined;
  const { render } = await readPromptTemplate(info.project, project.prompt).catch(() => ({ render: undefined }));
  return matchSamples(project.datasets.map(config => ({ folder: info.project, config })), render);
}

/** What was written when the run was made; it is ours, so its shape is not looked into further. */
async function emissionIn(folder: string): Promise<Pick<Emission, 'stages'>> {
  try {
    const emission = JSON.parse(await readFile(path.join(folder, 'engine.json'), 'utf8')) as Partial<Emission>;
    if (!Array.isArray(emission.stages)) throw new Error('it names no stages');
    return { stages: emission.stages };
  } catch (error) {
    throw new AppError('run.unreadable', { folder, reason: `engine.json cannot be read: ${messageOf(error)}` }, { cause: error });
  }
}

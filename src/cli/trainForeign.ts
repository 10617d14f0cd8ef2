import { rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Emission } from '../core/engines/emission';
import type { ForeignEngine } from '../core/engines/engineId';
import { AppError } from '../core/errors';
import type { startTrainer } from '../platform/runs/startTrainer';
import { makeRunFolder } from '../platform/runs/runFolders';
import { type WrittenEmission, writeEmission } from '../platform/runs/writeEmission';
import { emissionOf } from './engineFlags';
import type { ProjectOnDisk } from './openProject';

type Values = Readonly<Record<string, unknown>>;

/** `--emit-only DIR`: writes everything for the engine and starts nothing; 1 where something has to be put right first. */
export async function emitOnly(values: Values, engine: ForeignEngine, project: ProjectOnDisk): Promise<number> {
  const folder = path.resolve(String(values['emit-only']));
  const emission = emissionOf(values, engine, project, folder);
  const written = await writeEmission(emission, { folder, projectFolder: project.folder, project: project.project, dist: __dirname });
  print(written);
  for (const note of emission.notes) console.log(`note: ${note}`);
  for (const file of written.files) console.log(path.relative('', file));
  return written.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** A run of the RL stages by an engine of its own; nothing is started while something is wrong. */
export async function startForeign(values: Values, engine: ForeignEngine, project: ProjectOnDisk): Promise<Parameters<typeof startTrainer>[0]> {
  emissionOf(values, engine, project, project.folder); // what is wrong with the arguments is told before a folder is made
  const runFolder = await makeRunFolder(project.folder, typeof values['name'] === 'string' ? values['name'] : project.project.name, new Date());
  const emission = emissionOf(values, engine, project, runFolder);
  const written = await writeEmission(emission, { folder: runFolder, projectFolder: project.folder, project: project.project, dist: __dirname });
  print(written);
  const wrong = written.problems.find(({ severity }) => severity === 'error');
  if (wrong) {
    await rm(runFolder, { recursive: true, force: true });
    throw new AppError('argument.invalid', { argument: `--engine ${engine}`, reason: `${wrong.message} ${wrong.remedy}` });
  }
  await writeFile(path.join(runFolder, 'run.json'), `${JSON.stringify(runRecord(runFolder, engine, project, emission), null, 1)}\n`);
  return engineStart(runFolder, project.folder);
}

/** The process that runs the engine's stages; it goes on with the first that is not finished. */
export function engineStart(runFolder: string, cwd: string): Parameters<typeof startTrainer>[0] {
  return { python: process.execPath, command: { args: [path.join(__dirname, 'cli.js'), 'engine-run', '--run', runFolder], env: {} }, cwd, runFolder };
}

function runRecord(runFolder: string, engine: ForeignEngine, { folder, project }: ProjectOnDisk, { stages }: Emission): unknown {
  return {
    v: 1, id: path.basename(runFolder), name: project.name, project: folder, created: new Date().toISOString(), config: { ...project, engine }, seed: project.pipeline.seed, engine,
    command: stages[0]?.train.argv ?? [], commands: Object.fromEntries(stages.map(({ stage, train, merge }) => [stage, { train: train.argv, merge: merge?.argv ?? null }])),
    versions: { node: process.versions.node }, stages: stages.map(({ stage }) => stage),
  };
}

function print({ problems, rows }: WrittenEmission): void {
  for (const [stage, count] of Object.entries(rows)) console.log(`${stage}: ${count.toLocaleString('en')} rows`);
  for (const { severity, message, remedy } of problems) console.log(`${severity}: ${message} ${remedy}`);
}

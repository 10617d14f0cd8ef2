import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { emitEasyR1 } from '../../core/engines/easyr1';
import type { Emission, EmitOptions } from '../../core/engines/emission';
import type { ForeignEngine } from '../../core/engines/engineId';
import { emitVerl } from '../../core/engines/verl';
import { AppError } from '../../core/errors';
import type { Project } from '../../core/project/project';
import { makeRunFolder } from './runFolders';
import type { StartOptions } from './startTrainer';
import { type WrittenEmission, writeEmission } from './writeEmission';

/** Where and on how much an engine of its own runs. */
export type ForeignOptions = Omit<EmitOptions, 'folder' | 'attempt'>;

export interface ForeignRun {
  readonly engine: ForeignEngine;
  readonly projectFolder: string;
  readonly project: Project;
  readonly name: string;
  readonly options: ForeignOptions;
  /** Folder of the bundles. */
  readonly dist: string;
}

/** A folder of the project, else the id of a hub. */
export function policyPlace(projectFolder: string, policy: string): string {
  const local = path.resolve(projectFolder, policy);
  return existsSync(local) ? local : policy;
}

/** What the engine is given for this project in `folder` (absolute). Throws `argument.invalid`. */
export function emissionOf({ engine, project, options }: Pick<ForeignRun, 'engine' | 'project' | 'options'>, folder: string): Emission {
  const all: EmitOptions = { ...options, folder: folder.replaceAll('\\', '/'), attempt: 1 };
  return engine === 'verl' ? emitVerl(project, all) : emitEasyR1(project, all);
}

/** Makes the folder of a run of the RL stages by an engine of its own; nothing is left while something is wrong. Throws `argument.invalid` with what it is. */
export async function prepareForeignRun(run: ForeignRun): Promise<{ readonly start: StartOptions; readonly written: WrittenEmission }> {
  const { engine, projectFolder, project, name, dist } = run;
  emissionOf(run, projectFolder); // what is wrong with the options is told before a folder is made
  const runFolder = await makeRunFolder(projectFolder, name, new Date());
  const emission = emissionOf(run, runFolder);
  const written = await writeEmission(emission, { folder: runFolder, projectFolder, project, dist });
  const wrong = written.problems.find(({ severity }) => severity === 'error');
  if (wrong) {
    await rm(runFolder, { recursive: true, force: true });
    throw new AppError('argument.invalid', { argument: `engine ${engine}`, reason: `${wrong.message} ${wrong.remedy}` });
  }
  await writeFile(path.join(runFolder, 'run.json'), `${JSON.stringify(runRecord(runFolder, run, emission), null, 1)}\n`);
  return { start: engineStart(runFolder, projectFolder, dist), written };
}

/** The process that runs the engine's stages; it goes on with the first that is not finished. In the editor this very program is Electron, which is Node when told so. */
export function engineStart(runFolder: string, cwd: string, dist: string): StartOptions {
  return { python: process.execPath, command: { args: [path.join(dist, 'cli.js'), 'engine-run', '--run', runFolder], env: { ELECTRON_RUN_AS_NODE: '1' } }, cwd, runFolder };
}

function runRecord(runFolder: string, { engine, projectFolder, project }: ForeignRun, { stages }: Emission): unknown {
  return {
    v: 1, id: path.basename(runFolder), name: project.name, project: projectFolder, created: new Date().toISOString(), config: { ...project, engine }, seed: project.pipeline.seed, engine,
    command: stages[0]?.train.argv ?? [], commands: Object.fromEntries(stages.map(({ stage, train, merge }) => [stage, { train: train.argv, merge: merge?.argv ?? null }])),
    versions: { node: process.versions.node }, stages: stages.map(({ stage }) => stage),
  };
}

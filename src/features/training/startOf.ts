import * as path from 'node:path';
import { resumeCommand, trainCommand, type TrainOptions } from '../../core/engines/trl';
import type { Project } from '../../core/project/project';
import { readSetting } from '../../host/commands';
import { findHostPython, trainerFolder } from '../../host/hostPython';
import type { Services } from '../../host/services';
import { engineStart, policyPlace, prepareForeignRun } from '../../platform/runs/foreignRun';
import { makeRunFolder } from '../../platform/runs/runFolders';
import type { StartOptions } from '../../platform/runs/startTrainer';
import { rewardWorkerOf } from './rewardWorker';
import type { RunEntry } from './followedRun';

/** What starts a new run of the project with its engine; the run's folder is made. */
export async function startOf(services: Services, folder: string, project: Project, chosen: Pick<TrainOptions, 'seed' | 'order' | 'overrides' | 'reuse' | 'stages'>): Promise<StartOptions> {
  const { context, log } = services;
  const { engine } = project;
  if (engine === 'easyr1' || engine === 'verl') {
    const { start, written } = await prepareForeignRun({ engine, projectFolder: folder, project, name: project.name, options: foreignOptions(folder, project), dist: path.join(context.extensionPath, 'dist') });
    for (const { severity, message, remedy } of written.problems) log.warn(`${engine}: ${severity}: ${message} ${remedy}`);
    return start;
  }
  const { program } = await findHostPython(context, log);
  const runFolder = await makeRunFolder(folder, project.name, new Date());
  const address = readSetting('pebr.engine.address').trim() || null;
  const command = trainCommand({ trainerFolder: trainerFolder(context), projectFolder: folder, runFolder, rewardWorker: rewardWorkerOf(context), engine, workers: readSetting('pebr.engine.workers'), address, ...chosen });
  return { python: program, command, cwd: folder, runFolder };
}

/** What goes on with a run, by the engine that it began with; `overrides` are values that a run may change. */
export async function resumeOf(services: Services, { folder: runFolder, projectFolder, info }: RunEntry, overrides: Readonly<Record<string, unknown>>): Promise<StartOptions> {
  const { context, log } = services;
  if (info?.engine === 'easyr1' || info?.engine === 'verl') return engineStart(runFolder, projectFolder, path.join(context.extensionPath, 'dist'));
  const { program } = await findHostPython(context, log);
  const command = resumeCommand({ trainerFolder: trainerFolder(context), runFolder, rewardWorker: rewardWorkerOf(context), overrides, engine: info?.engine === 'ray' ? 'ray' : 'trl', workers: info?.workers ?? 1 });
  return { python: program, command, cwd: projectFolder, runFolder };
}

function foreignOptions(folder: string, project: Project): Parameters<typeof prepareForeignRun>[0]['options'] {
  return {
    policy: policyPlace(folder, project.policy.base), python: readSetting('pebr.engine.python').trim() || 'python3', nodes: readSetting('pebr.engine.nodes'), gpus: readSetting('pebr.engine.gpus'),
    engineFolder: readSetting('pebr.engine.folder').trim() || null, fork: readSetting('pebr.engine.fork'), address: readSetting('pebr.engine.address').trim() || null,
  };
}

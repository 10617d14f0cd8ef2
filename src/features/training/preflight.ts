import { access, stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { whatIsMissing } from '../../core/engines/environmentCheck';
import { checkCommand } from '../../core/engines/trl';
import { AppError, messageOf } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import type { Project } from '../../core/project/project';
import { readSetting } from '../../host/commands';
import { findHostPython, trainerFolder } from '../../host/hostPython';
import type { Services } from '../../host/services';
import { runToEnd } from '../../platform/python/runToEnd';

/** Why a run could not even start, with what to do about it. */
export interface Obstacle {
  readonly message: string;
  readonly remedy: string;
  readonly button?: { readonly title: string; readonly run: () => Thenable<unknown> };
}

export interface Preflight {
  /** Absolute path of the Python program; undefined when none is usable, and then there is an obstacle. */
  readonly python: string | undefined;
  readonly obstacles: readonly Obstacle[];
}

/** Checks in seconds what would otherwise fail after minutes: Python and its packages, the files of the project, the rewards. */
export async function preflight(services: Services, project: Project, folder: string, report: (step: string) => void, token: vscode.CancellationToken): Promise<Preflight> {
  const obstacles: Obstacle[] = [];
  report('Python');
  const python = await checkPython(services, obstacles, token);
  report('datasets');
  obstacles.push(...(await checkFiles(project, folder)));
  report('rewards');
  for (const reward of usedRewards(project)) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    obstacles.push(...(await checkReward(services, project, folder, reward)));
  }
  for (const { message, remedy } of obstacles) services.log.warn(`Before training: ${message} ${remedy}`);
  return { python, obstacles };
}

const setUp = { title: 'Set Up Python', run: () => vscode.commands.executeCommand('pebr.training.setUpPython') };
const openSetting = { title: 'Open Setting', run: () => vscode.commands.executeCommand('workbench.action.openSettings', 'pebr.python.path') };

async function checkPython(services: Services, obstacles: Obstacle[], token: vscode.CancellationToken): Promise<string | undefined> {
  try {
    const { program } = await findHostPython(services.context, services.log);
    const { args, env } = checkCommand({ trainerFolder: trainerFolder(services.context) });
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    const result = await runToEnd(program, args, { env, timeoutMs: 120_000, signal: abort.signal });
    subscription.dispose();
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    const missing = whatIsMissing(result);
    if (missing === null) return program;
    const isChosen = readSetting('pebr.python.path').trim() !== ''; // then an environment of ours would not be used
    const message = `${program} cannot run the trainer: ${missing}`;
    obstacles.push(isChosen
      ? { message, remedy: 'Install what it lacks, or empty the setting "pebr.python.path" so that PeBR makes an environment of its own.', button: openSetting }
      : { message, remedy: 'Let PeBR make an environment that has all it needs (about 1.5 GB on a machine without a GPU).', button: setUp });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isSetting = error.code === 'python.unusable';
    obstacles.push({ message: errorInWords(error), remedy: '', button: isSetting ? openSetting : setUp });
  }
  return undefined;
}

async function checkFiles(project: Project, folder: string): Promise<Obstacle[]> {
  const { pipeline } = project;
  const used = new Set(pipeline.stages.flatMap(stage => [stage.dataset, ...(stage.replay ? [stage.replay.dataset] : [])]));
  const datasets = project.datasets.filter(dataset => used.has(dataset.id));
  const files = [
    ...(pipeline.warmUp ? [pipeline.warmUp.data] : []),
    ...datasets.flatMap(dataset => [dataset.path, ...(dataset.heldOut ? [dataset.heldOut] : [])]),
    ...(project.prompt ? [project.prompt] : []),
  ];
  const open = { title: 'Open pebr.json', run: () => vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, 'pebr.json'))) };
  const found = await Promise.all(files.map(async (file): Promise<Obstacle[]> => {
    const absolute = path.resolve(folder, file);
    try {
      await access(absolute);
      return (await stat(absolute)).size === 0 ? [{ message: `${file} is empty.`, remedy: 'Add rows, or name another file in pebr.json.', button: open }] : [];
    } catch (error) {
      return [{ message: `${file} cannot be read: ${messageOf(error)}`, remedy: 'Put the file there, or correct its path in pebr.json.', button: open }];
    }
  }));
  return found.flat();
}

function usedRewards(project: Project): readonly string[] {
  const { sampling, stages } = project.pipeline;
  return [...new Set([...(sampling ? [sampling.reward] : []), ...stages.flatMap(stage => [stage.reward, ...(stage.replay ? [stage.replay.reward] : [])])])];
}

async function checkReward(services: Services, project: Project, folder: string, reward: string): Promise<Obstacle[]> {
  const file = path.resolve(folder, reward);
  try {
    await services.rewards.load(file, { projectFolder: folder, clip: project.clip ? path.resolve(folder, project.clip) : null });
    return [];
  } catch (error) {
    const line = AppError.is(error, 'reward.failed') ? (error.details.line ?? 1) : 1;
    const open = (): Thenable<unknown> => vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(line - 1, 0, line - 1, 0) });
    return [{ message: `The reward ${reward} cannot be loaded: ${errorInWords(error)}`, remedy: '', button: { title: 'Open Reward', run: open } }];
  }
}

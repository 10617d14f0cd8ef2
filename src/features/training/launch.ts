import * as vscode from 'vscode';
import type { TrainRequest } from '../../contributions';
import { resumeCommand, trainCommand } from '../../core/engines/trl';
import type { Project } from '../../core/project/project';
import { isResumable } from '../../core/runs/runStatus';
import { findHostPython, trainerFolder } from '../../host/hostPython';
import { runCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { makeRunFolder } from '../../platform/runs/runFolders';
import { startTrainer } from '../../platform/runs/startTrainer';
import { stopRun } from '../../platform/runs/stopRun';
import { askPipeline, askProject, askRun, type RunArgument } from './askRun';
import { type Obstacle, preflight } from './preflight';
import { rewardWorkerOf } from './rewardWorker';
import type { RunService } from './runService';

/** *PeBR: Train*: asks what to run, checks that it can, starts it detached and shows it. */
export async function train(services: Services, runs: RunService, request: TrainRequest | undefined): Promise<void> {
  if (!(await isTrusted())) return;
  const { project, folder } = await askProject(services.projects);
  const [active] = runs.active().filter(run => run.projectFolder === folder);
  if (active) {
    const choice = await vscode.window.showWarningMessage(`A run of ${project.name} is still going. Two at a time slow each other down.`, 'Open Run', 'Train Anyway');
    if (choice === 'Open Run') await runCommand('pebr.run.open', active.folder);
    if (choice !== 'Train Anyway') return;
  }
  const isSaid = request?.seed !== undefined || request?.overrides !== undefined; // a menu passes arguments of its own
  const chosen = isSaid ? { seed: request.seed, overrides: request.overrides } : await askPipeline(project);
  const python = await checked(services, project, folder);
  if (!python) return;
  const runFolder = await makeRunFolder(folder, project.name, new Date());
  const { context, log } = services;
  const command = trainCommand({ trainerFolder: trainerFolder(context), projectFolder: folder, runFolder, rewardWorker: rewardWorkerOf(context), ...chosen });
  const { pid } = await startTrainer({ python, command, cwd: folder, runFolder });
  log.info(`Training ${runFolder} (process ${pid})`);
  await runs.look();
  await runCommand('pebr.run.open', runFolder);
}

/** *Resume Training*: goes on from the run's last checkpoint, with the configuration that the run has recorded. */
export async function resume(services: Services, runs: RunService, argument: RunArgument): Promise<void> {
  if (!(await isTrusted())) return;
  const run = await askRun(runs, argument, ({ status, info }) => isResumable(status) && info !== undefined, 'There is no stopped, failed or interrupted run that could be resumed.');
  const { context } = services;
  const { program } = await findHostPython(context, services.log);
  const command = resumeCommand({ trainerFolder: trainerFolder(context), runFolder: run.folder, rewardWorker: rewardWorkerOf(context) });
  const { pid } = await startTrainer({ python: program, command, cwd: run.projectFolder, runFolder: run.folder });
  services.log.info(`Resumed ${run.folder} (process ${pid})`);
  await runs.look();
  await runCommand('pebr.run.open', run.folder);
}

/** *Stop Training*: after the current step, with everything written so that it can be resumed. */
export async function stop(services: Services, runs: RunService, argument: RunArgument): Promise<void> {
  const run = await askRun(runs, argument, ({ status }) => status === 'active', 'No run is training.');
  const title = `Stopping ${run.info?.name ?? 'the run'} after the current step`;
  const how = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => stopRun(run.folder));
  services.log.info(`Stopped ${run.folder}: ${how}`);
  await runs.look();
  if (how === 'terminated' || how === 'killed') void vscode.window.showWarningMessage('The run did not stop after its step and was ended. Resume goes on from its last checkpoint.');
}

async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const choice = await vscode.window.showWarningMessage('Training runs code of this workspace (rewards, prompt). Trust the workspace first.', 'Manage Trust');
  if (choice) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** The Python to train with; undefined when something is in the way, which is then told with a button that helps. */
async function checked(services: Services, project: Project, folder: string): Promise<string | undefined> {
  const { python, obstacles } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Before training: checking', cancellable: true },
    (progress, token) => preflight(services, project, folder, step => progress.report({ message: step }), token),
  );
  const [first, ...others] = obstacles;
  if (!first && python) return python;
  if (first) void tell(services, first, others); // the message waits for the person, the command need not
  return undefined;
}

async function tell(services: Services, { message, remedy, button }: Obstacle, others: readonly Obstacle[]): Promise<void> {
  const more = others.length === 0 ? '' : ` (and ${others.length} more: see the log)`;
  const choice = await vscode.window.showErrorMessage(`Training was not started. ${message} ${remedy}${more}`.trim(), ...(button ? [button.title] : []), 'Show Log');
  if (choice === 'Show Log') services.log.show();
  else if (choice !== undefined) await button?.run();
}

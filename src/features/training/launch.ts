import * as vscode from 'vscode';
import type { ResumeRequest, TrainRequest } from '../../contributions';
import type { LaunchCheck } from '../../core/launch/launchCheck';
import type { Project } from '../../core/project/project';
import { isResumable } from '../../core/runs/runStatus';
import { runCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { preflight } from '../../platform/launch/preflight';
import { startTrainer } from '../../platform/runs/startTrainer';
import { stopRun } from '../../platform/runs/stopRun';
import { applyFix } from './applyFix';
import { askProject, askRun, type RunArgument } from './askRun';
import type { LaunchPanels } from './launchPanel';
import { nameOfRun } from './nameOfRun';
import { preflightHands, sharedBy } from './preflightHands';
import type { RunService } from './runService';
import { resumeOf, startOf } from './startOf';

/** *PeBR: Train*: opens the form of a run; a request that says what to run is checked and started at once. */
export async function train(services: Services, runs: RunService, forms: LaunchPanels, request: TrainRequest | undefined): Promise<void> {
  if (!(await isTrusted())) return;
  const { project, folder } = (await services.projects.usable()).find(open => open.folder === request?.project) ?? (await askProject(services.projects));
  const isSaid = request?.seed !== undefined || request?.overrides !== undefined; // a menu passes arguments of its own
  if (!isSaid) return forms.open(folder);
  const [active] = runs.active().filter(run => run.projectFolder === folder);
  if (active) {
    const choice = await vscode.window.showWarningMessage(`A run of ${project.name} is still going. Two at a time slow each other down.`, 'Open Run', 'Train Anyway');
    if (choice === 'Open Run') await runCommand('pebr.run.open', active.folder);
    if (choice !== 'Train Anyway') return;
  }
  if (await isChecked(services, project, folder)) await startRun(services, runs, folder, project, { ...(request.seed === undefined ? {} : { seed: request.seed }), overrides: request.overrides ?? {}, reuse: request.reuse, stages: request.stages }, request.opensRun);
}

/** Starts a run detached and shows it. What it needs was looked at before. */
export async function startRun(services: Services, runs: RunService, folder: string, project: Project, chosen: Parameters<typeof startOf>[3], opensRun = true): Promise<void> {
  const start = await startOf(services, folder, project, chosen);
  const { runFolder } = start;
  const { pid } = await startTrainer(start);
  services.log.info(`Training ${runFolder} (process ${pid})`);
  await runs.look();
  if (opensRun) await runCommand('pebr.run.open', runFolder);
}

/** *Resume Training*: goes on from the run's last checkpoint, with the configuration that the run has recorded and the values that are given. */
export async function resume(services: Services, runs: RunService, argument: RunArgument | ResumeRequest): Promise<void> {
  if (!(await isTrusted())) return;
  const run = await askRun(runs, argument, ({ status, info }) => isResumable(status) && info !== undefined, 'There is no stopped, failed or interrupted run that could be resumed.');
  const overrides = typeof argument === 'object' && 'set' in argument ? argument.set : {};
  const { pid } = await startTrainer(await resumeOf(services, run, overrides));
  services.log.info(`Resumed ${run.folder} (process ${pid}) ${JSON.stringify(overrides)}`);
  await runs.look();
  await runCommand('pebr.run.open', run.folder);
}

/** *Stop Training*: after the current step, with everything written so that it can be resumed. */
export async function stop(services: Services, runs: RunService, argument: RunArgument): Promise<void> {
  const run = await askRun(runs, argument, ({ status }) => status === 'active', 'No run is training.');
  const title = `Stopping ${nameOfRun(run)} after the current step`;
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

/** Whether nothing stands in the way; what does is told with a button that helps. */
async function isChecked(services: Services, project: Project, folder: string): Promise<boolean> {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Before training: checking', cancellable: true };
  const checks = await vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    const found: LaunchCheck[] = [];
    try {
      for await (const check of preflight(folder, project, preflightHands(services, project, folder), { signal: abort.signal, ...sharedBy() })) {
        found.push(check);
        progress.report({ message: check.title });
      }
    } finally {
      subscription.dispose();
    }
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    return found;
  });
  const [first, ...others] = checks.filter(check => check.state === 'error');
  for (const { title, message, remedy } of checks.filter(check => check.state === 'error')) services.log.warn(`Before training: ${title}: ${message} ${remedy}`);
  if (first) void tell(services, folder, first, others.length); // the message waits for the person, the command need not
  return !first;
}

async function tell(services: Services, folder: string, { message, remedy, fix }: LaunchCheck, others: number): Promise<void> {
  const more = others === 0 ? '' : ` (and ${others} more: see the log)`;
  const button = fix && fix.kind !== 'set' ? fix : undefined;
  const choice = await vscode.window.showErrorMessage(`Training was not started. ${message} ${remedy}${more}`.trim(), ...(button ? [button.title] : []), 'Show Log');
  if (choice === 'Show Log') services.log.show();
  else if (choice !== undefined && button) await applyFix(button, folder);
}

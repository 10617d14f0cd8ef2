import * as vscode from 'vscode';
import type { ExportMetricsRequest } from '../../contributions';
import { exportMetrics, type MetricsTarget } from '../../platform/runs/exportMetrics';
import { askRun, type RunArgument } from './askRun';
import type { RunService } from './runService';

const targets: readonly { readonly label: string; readonly detail: string; readonly to: MetricsTarget }[] = [
  { label: 'TensorBoard', detail: 'Event files, a folder a stage', to: 'tensorboard' },
  { label: 'Weights & Biases', detail: 'History as JSON lines and a Python program that gives it to wandb, online or offline', to: 'wandb' },
  { label: 'trackio', detail: 'History as JSON lines and a Python program that gives it to trackio', to: 'trackio' },
];

/** *Export Run Metrics*: the numbers of a run for those who look at them elsewhere. */
export async function exportRunMetrics(runs: RunService, argument: RunArgument | ExportMetricsRequest): Promise<void> {
  const request = typeof argument === 'object' && 'to' in argument ? argument : await ask(runs, argument);
  const { folder, steps, hint } = await exportMetrics(request.runFolder, request.to, request.folder);
  void tell(`${steps} steps were written to ${folder}.`, hint); // the message waits for the person, the command need not
}

async function ask(runs: RunService, argument: RunArgument): Promise<ExportMetricsRequest> {
  const run = await askRun(runs, argument, () => true, 'There is no run yet. Start one with "PeBR: Train".');
  const target = await vscode.window.showQuickPick(targets, { title: 'Export Run Metrics', placeHolder: 'For which tool?' });
  if (!target) throw new vscode.CancellationError();
  const [folder] = (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: 'Export', title: 'Where to', defaultUri: vscode.Uri.file(run.projectFolder) })) ?? [];
  if (!folder) throw new vscode.CancellationError();
  return { runFolder: run.folder, to: target.to, folder: folder.fsPath };
}

async function tell(what: string, hint: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`${what} Next: ${hint}`, 'Copy Command');
  if (choice) await vscode.env.clipboard.writeText(hint);
}

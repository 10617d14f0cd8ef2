import * as path from 'node:path';
import * as vscode from 'vscode';
import type { CompareRunsRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { statusWords } from '../../core/runs/runStatus';
import { askRun, type RunArgument } from './askRun';
import { nameOfRun } from './nameOfRun';
import type { RunPanels } from './runPanel';
import type { RunService } from './runService';

/** *Compare Runs*: other runs of the project in the charts of one. Those that lie there already are ticked. */
export async function compareRuns(runs: RunService, panels: RunPanels, argument: RunArgument | CompareRunsRequest): Promise<void> {
  if (typeof argument === 'object' && 'others' in argument) return panels.compare(argument.runFolder, argument.others);
  const run = await askRun(runs, argument, () => true, 'There is no run yet. Start one with "PeBR: Train".');
  const others = (await runs.list()).filter(other => other.projectFolder === run.projectFolder && other.folder !== run.folder);
  if (others.length === 0) throw new AppError('argument.invalid', { argument: path.basename(run.folder), reason: 'It is the only run of its project; there is nothing to compare it with.' });
  const before = panels.comparedWith(run.folder);
  const items = others.map(other => ({
    label: nameOfRun(other), description: `${path.basename(other.folder)}${other.info?.seed == null ? '' : `, seed ${other.info.seed}`}`, detail: statusWords[other.status],
    picked: before.includes(other.folder), folder: other.folder,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: `Compare ${path.basename(run.folder)}`, placeHolder: 'Runs to draw in the same charts, five at most', canPickMany: true, matchOnDescription: true });
  if (!chosen) throw new vscode.CancellationError();
  await panels.compare(run.folder, chosen.map(({ folder }) => folder));
}

import * as vscode from 'vscode';
import { currentStage } from '../../core/runs/runState';
import { nameOfRun } from './nameOfRun';
import type { RunService } from './runService';

/** `PeBR perception 31/50` in the status bar while a run trains; a click opens the run. */
export function registerTrainingStatus(runs: RunService): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('pebr.training', vscode.StatusBarAlignment.Left, 10);
  item.name = 'PeBR Training';
  const update = (): void => {
    const [run, ...others] = runs.active();
    if (!run) {
      item.hide();
      return;
    }
    const stage = currentStage(run.state);
    const words = stage ? `${stage.name}${stage.total === null ? '' : ` ${stage.done}/${stage.total}`}` : 'starting';
    item.text = `$(sync~spin) PeBR ${words}${others.length > 0 ? ` +${others.length}` : ''}`;
    item.tooltip = `Training ${nameOfRun(run)}: ${words}. Click to open the run.`;
    item.accessibilityInformation = { label: `PeBR training, ${words}`, role: 'button' };
    item.command = { command: 'pebr.run.open', title: 'Open Run', arguments: [run.folder] };
    item.show();
  };
  return vscode.Disposable.from(item, runs.onDidChange(update));
}

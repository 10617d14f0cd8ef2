import * as path from 'node:path';
import * as vscode from 'vscode';
import type { LaunchFix } from '../../core/launch/launchCheck';
import { runCommand } from '../../host/commands';

/** Does what the button of a check promises; values are set by the form itself. Files are relative to the project. */
export async function applyFix(fix: LaunchFix, projectFolder: string): Promise<void> {
  switch (fix.kind) {
    case 'set':
      return;
    case 'open': {
      const line = (fix.line ?? 1) - 1;
      await vscode.window.showTextDocument(vscode.Uri.file(path.resolve(projectFolder, fix.file)), { selection: new vscode.Range(line, 0, line, 0), viewColumn: vscode.ViewColumn.Beside });
      return;
    }
    case 'setUpPython':
      return void (await runCommand('pebr.training.setUpPython'));
    case 'openSetting':
      return void (await vscode.commands.executeCommand('workbench.action.openSettings', 'pebr.python.path'));
    case 'problems':
      return void (await vscode.commands.executeCommand('workbench.actions.view.problems'));
    case 'openRun':
      return void (await runCommand('pebr.run.open', fix.run));
  }
}

import * as vscode from 'vscode';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { AlarmMutes } from './alarmMutes';
import { registerAlarmNotices } from './alarmNotices';
import { askRun } from './askRun';
import { compareRuns } from './compareRuns';
import { exportRunMetrics } from './exportRunMetrics';
import { resume, startRun, stop, train } from './launch';
import { LaunchPanels, launchPanelType } from './launchPanel';
import { RunPanels, runPanelType } from './runPanel';
import { reportPanelType, RunReports } from './runReport';
import { RunService } from './runService';
import { registerRunsTree, RunsTree } from './runsTree';
import { setUpPython } from './setUpPython';
import { registerTrainTasks } from './trainTasks';
import { registerTrainingStatus } from './trainingStatus';

/** Returns the tree, so that a test can read what a person sees there. */
export function registerTraining(services: Services): RunsTree {
  const { lifetime, log } = services;
  const runs = lifetime.add(new RunService(services.projects, log));
  const mutes = lifetime.add(new AlarmMutes(services.context.workspaceState));
  const panels = lifetime.add(new RunPanels(services, runs, mutes));
  const forms = lifetime.add(new LaunchPanels(services, (folder, project, chosen) => startRun(services, runs, folder, project, chosen)));
  const reports = lifetime.add(new RunReports());
  const tree = new RunsTree(runs);
  lifetime.add(registerRunsTree(runs, tree));
  lifetime.add(registerTrainingStatus(runs));
  lifetime.add(registerAlarmNotices(runs, mutes, log));
  lifetime.add(registerTrainTasks(services.context, services.projects));

  const anyRun = (argument: string | undefined): Promise<{ folder: string }> => askRun(runs, argument, () => true, 'There is no run yet. Start one with "PeBR: Train".');
  lifetime.add(registerCommand(log, 'pebr.training.start', request => train(services, runs, forms, request)));
  lifetime.add(registerCommand(log, 'pebr.training.stop', argument => stop(services, runs, argument)));
  lifetime.add(registerCommand(log, 'pebr.training.resume', argument => resume(services, runs, argument)));
  lifetime.add(registerCommand(log, 'pebr.training.setUpPython', () => setUpPython(services)));
  lifetime.add(registerCommand(log, 'pebr.run.open', async argument => panels.open((await anyRun(argument)).folder)));
  lifetime.add(registerCommand(log, 'pebr.run.report', async argument => reports.open((await anyRun(argument)).folder)));
  lifetime.add(registerCommand(log, 'pebr.report.saveHtml', () => reports.save('html')));
  lifetime.add(registerCommand(log, 'pebr.report.saveMarkdown', () => reports.save('markdown')));
  lifetime.add(registerCommand(log, 'pebr.report.openInBrowser', () => reports.openInBrowser()));
  lifetime.add(registerCommand(log, 'pebr.run.compare', argument => compareRuns(runs, panels, argument)));
  lifetime.add(registerCommand(log, 'pebr.run.exportMetrics', argument => exportRunMetrics(runs, argument)));
  lifetime.add(registerCommand(log, 'pebr.run.reveal', async argument => reveal((await anyRun(argument)).folder)));
  lifetime.add(restored(runPanelType, (panel, folder) => panels.attach(panel, folder)));
  lifetime.add(restored(reportPanelType, (panel, folder) => reports.attach(panel, folder)));
  lifetime.add(restored(launchPanelType, (panel, folder) => forms.attach(panel, folder)));
  void runs.look(); // a trainer that was left running is found again, without anything being opened
  return tree;
}

/** Panels that were open before the window was reloaded; each kept its folder. */
function restored(viewType: string, attach: (panel: vscode.WebviewPanel, folder: string) => void | Promise<void>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const folder = (state as { folder?: unknown } | undefined)?.folder;
      if (typeof folder === 'string') await attach(panel, folder);
      else panel.dispose(); // closed before it was loaded: nobody knows what it showed
    },
  });
}

/** In the system's file manager; where there is none (a browser window), in the terminal. */
async function reveal(folder: string): Promise<void> {
  if (vscode.env.uiKind === vscode.UIKind.Desktop && !vscode.env.remoteName) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
  } else if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))) {
    await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(folder));
  } else {
    vscode.window.createTerminal({ name: 'Run folder', cwd: folder }).show();
  }
}

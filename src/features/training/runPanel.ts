import * as path from 'node:path';
import * as vscode from 'vscode';
import { runName, runTime } from '../../core/runs/runName';
import { DisposableStore } from '../../core/lifecycle';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo, type WebviewLink } from '../../host/webviewLink';
import type { RunContract } from '../../protocol/run';
import type { AlarmMutes } from './alarmMutes';
import type { ComparedRuns } from './comparedRuns';
import { followForPanel } from './runPanelFeed';
import type { RunService } from './runService';

export const runPanelType = 'pebr.run';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly compared: ComparedRuns;
  /** Shows the runs that `compared` holds now. */
  readonly showCompared: () => void;
}

/** The panels of runs: one a run, found again when it is opened twice. */
export class RunPanels implements vscode.Disposable {
  private readonly panels = new Map<string, OpenPanel>();
  /** Given with a new panel: a page whose rights change is loaded twice. */
  private readonly rights: vscode.WebviewOptions;

  constructor(
    private readonly services: Services,
    private readonly runs: RunService,
    private readonly mutes: AlarmMutes,
  ) {
    this.rights = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(services.context.extensionUri, 'dist')] };
  }

  open(folder: string): void {
    const known = this.panels.get(folder);
    if (known) {
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(runPanelType, titleOf(folder), vscode.ViewColumn.Active, { enableFindWidget: true, ...this.rights });
    this.attach(panel, folder);
  }

  /** Folders of the runs that lie beside this one. */
  comparedWith(folder: string): readonly string[] {
    return this.panels.get(folder)?.compared.folders ?? [];
  }

  /** Opens the run with others in the same charts. */
  async compare(folder: string, others: readonly string[]): Promise<void> {
    this.open(folder);
    const open = this.panels.get(folder);
    await open?.compared.choose(others);
    open?.showCompared();
  }

  /** Fills a panel, new or left over from before the window was reloaded. */
  attach(panel: vscode.WebviewPanel, folder: string): void {
    panel.title = titleOf(folder);
    const lifetime = new DisposableStore();
    const link = linkTo<RunContract>(panel.webview, this.services.log);
    const { log } = this.services;
    const { compared, showCompared } = followForPanel({ panel, link, folder, runs: this.runs, mutes: this.mutes, log, lifetime });
    this.panels.set(folder, { panel, compared, showCompared });
    takeOrders(this.services, link, folder, this.mutes, lifetime);
    lifetime.add(link.on('stopComparing', ({ folder: other }) => {
      void compared.choose(compared.folders.filter(each => each !== other)).then(showCompared, (error: unknown) => reportError(log, 'stopComparing', error));
    }));
    lifetime.add(panel.onDidDispose(() => {
      this.panels.delete(folder);
      lifetime.dispose();
    }));
    panel.webview.options = { ...panel.webview.options, ...this.rights };
    panel.webview.html = panelHtml(panel.webview, this.services.context.extensionUri, 'run', titleOf(folder));
  }

  dispose(): void {
    for (const { panel } of [...this.panels.values()]) panel.dispose();
  }
}

function titleOf(folder: string): string {
  const name = path.basename(folder);
  return ['Run', runTime(name), runName(name)].filter(part => part !== '').join(' ');
}

/** What a person does in the panel. */
function takeOrders({ log }: Services, link: WebviewLink<RunContract>, folder: string, mutes: AlarmMutes, lifetime: DisposableStore): void {
  const tell = (what: string, action: Thenable<unknown>): void => void action.then(undefined, (error: unknown) => reportError(log, what, error));
  lifetime.add(link.on('stop', () => tell('stop', runCommand('pebr.training.stop', folder))));
  lifetime.add(link.on('resume', ({ set }) => tell('resume', runCommand('pebr.training.resume', set ? { runFolder: folder, set } : folder))));
  lifetime.add(link.on('report', () => tell('report', runCommand('pebr.run.report', folder))));
  lifetime.add(link.on('reveal', () => tell('reveal', runCommand('pebr.run.reveal', folder))));
  lifetime.add(link.on('compare', () => tell('compare', runCommand('pebr.run.compare', folder))));
  lifetime.add(link.on('exportMetrics', () => tell('exportMetrics', runCommand('pebr.run.exportMetrics', folder))));
  lifetime.add(link.on('rollouts', place => tell('rollouts', runCommand('pebr.rollouts.open', { runFolder: folder, ...place }))));
  lifetime.add(link.on('mute', ({ alarm, isMuted }) => tell('mute', mutes.set(folder, alarm, isMuted))));
  lifetime.add(link.on('openLog', ({ source }) => tell('openLog', vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path.join(folder, source === 'stdout' ? 'stdout.log' : 'stderr.log'))))));
  lifetime.add(link.on('openProblem', ({ file, line = 1 }) =>
    tell('openProblem', vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(line - 1, 0, line - 1, 0) }))));
}

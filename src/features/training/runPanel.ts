import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { statusOfRun } from '../../core/runs/runStatus';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo } from '../../host/webviewLink';
import { watchFolder } from '../../platform/runs/folderWatch';
import { LogTail } from '../../platform/runs/logTail';
import { listRolloutStages } from '../../platform/runs/runFolders';
import { RunReader } from '../../platform/runs/runReader';
import { livenessOf, readTrainerProcess } from '../../platform/runs/trainerProcess';
import type { RunContract, RunHeader } from '../../protocol/run';

export const runPanelType = 'pebr.run';

/** The panels of runs: one a run, found again when it is opened twice. */
export class RunPanels implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly services: Services) {}

  open(folder: string): void {
    const known = this.panels.get(folder);
    if (known) {
      known.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(runPanelType, titleOf(folder), vscode.ViewColumn.Active, { enableFindWidget: true });
    this.attach(panel, folder);
  }

  /** Fills a panel, new or left over from before the window was reloaded. */
  attach(panel: vscode.WebviewPanel, folder: string): void {
    this.panels.set(folder, panel);
    panel.title = titleOf(folder);
    const lifetime = new DisposableStore();
    lifetime.add(panel.onDidDispose(() => {
      this.panels.delete(folder);
      lifetime.dispose();
    }));
    showRun(this.services, panel, folder, lifetime);
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }
}

function titleOf(folder: string): string {
  return `Run ${path.basename(folder).replace(/^\d{4}(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-/, '$1-$2 $3:$4 ')}`;
}

/** Follows the files of one run for one panel: only what is new is read and sent. */
function showRun(services: Services, panel: vscode.WebviewPanel, folder: string, lifetime: DisposableStore): void {
  const link = linkTo<RunContract>(panel.webview, services.log);
  let reader = new RunReader(folder);
  let logs = new LogTail(folder);
  let header = '';
  let isLoaded = false;

  const readHeader = async (): Promise<RunHeader> => {
    const status = statusOfRun(reader.state, await livenessOf(await readTrainerProcess(folder)));
    const info = reader.info;
    return {
      folder, id: path.basename(folder), name: info?.name ?? path.basename(folder), seed: info?.seed ?? null, engine: info?.engine ?? 'trl',
      status, rolloutStages: await listRolloutStages(folder), problems: reader.problems,
    };
  };
  const sendHeader = async (): Promise<RunHeader> => {
    const next = await readHeader();
    const text = JSON.stringify(next);
    if (text !== header && isLoaded) link.send('header', next);
    header = text;
    return next;
  };
  const update = async (): Promise<void> => {
    if (!isLoaded) return;
    try {
      const change = await reader.refresh();
      if (change.isReset || change.events.length > 0) link.send('events', change);
      const text = await logs.read();
      if (text.length > 0) link.send('log', text);
      await sendHeader();
    } catch (error) {
      services.log.error(`Run panel of ${folder}`, error instanceof Error ? error : String(error));
    }
  };

  lifetime.add(link.serve({
    load: async () => {
      reader = new RunReader(folder); // a page that was hidden is loaded anew and asks again
      logs = new LogTail(folder);
      const { events } = await reader.refresh();
      const log = await logs.read();
      const first = await readHeader();
      header = JSON.stringify(first);
      isLoaded = true;
      return { header: first, events, log };
    },
  }));
  const tell = (what: string, action: Thenable<unknown>): void => void action.then(undefined, (error: unknown) => reportError(services.log, what, error));
  lifetime.add(link.on('stop', () => tell('stop', runCommand('pebr.training.stop', folder))));
  lifetime.add(link.on('resume', () => tell('resume', runCommand('pebr.training.resume', folder))));
  lifetime.add(link.on('report', () => tell('report', runCommand('pebr.run.report', folder))));
  lifetime.add(link.on('reveal', () => tell('reveal', runCommand('pebr.run.reveal', folder))));
  lifetime.add(link.on('rollouts', ({ stage }) => tell('rollouts', runCommand('pebr.rollouts.open', { runFolder: folder, stage }))));
  lifetime.add(link.on('openProblem', ({ file, line = 1 }) =>
    tell('openProblem', vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(line - 1, 0, line - 1, 0) }))));
  lifetime.add(watchFolder(folder, update));
  panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(services.context.extensionUri, 'dist')] };
  panel.webview.html = panelHtml(panel.webview, services.context.extensionUri, 'run', titleOf(folder));
}

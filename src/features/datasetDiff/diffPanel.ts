import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo } from '../../host/webviewLink';
import type { DatasetDiffContract, DiffPlace } from '../../protocol/datasetDiff';
import { type Comparison, pictureRoots } from './comparison';
import type { RowTexts } from './rowTexts';

/** A comparison in a panel of its own; it closes the comparison with itself. */
export class DiffPanel {
  private readonly lifetime = new DisposableStore();
  private readonly link;

  constructor(
    private readonly services: Services,
    panel: vscode.WebviewPanel,
    private comparison: Comparison,
    private readonly compare: () => Promise<Comparison | undefined>,
    private readonly texts: RowTexts,
    kept: DiffPlace,
  ) {
    const { extensionUri } = services.context;
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), ...pictureRoots(comparison.context)] };
    this.link = linkTo<DatasetDiffContract>(panel.webview, services.log);
    this.lifetime.add(this.link.serve({
      load: () => ({ overview: this.comparison.overview(), selected: 0, kept }),
      filter: filter => {
        this.comparison.filter(filter);
        return this.comparison.overview();
      },
      page: ({ version, from, to }) => (version === this.comparison.version ? this.comparison.page(from, to) : []),
      detail: ({ version, at }) => (version === this.comparison.version ? this.comparison.detail(at, file => panel.webview.asWebviewUri(vscode.Uri.file(file)).toString()) : null),
    }));
    this.listen();
    this.lifetime.add(panel.onDidDispose(() => {
      this.lifetime.dispose();
      void this.comparison.close();
    }));
    panel.webview.html = panelHtml(panel.webview, extensionUri, 'datasetDiff', panel.title);
  }

  private listen(): void {
    const { link, lifetime, services } = this;
    const { context } = this.comparison;
    const tell = (what: string, work: Promise<unknown>): void => void work.catch((error: unknown) => reportError(services.log, what, error));
    lifetime.add(link.on('compareAgain', () => tell('compareAgain', this.again())));
    lifetime.add(link.on('openSample', ({ at }) => tell('openSample', this.openSample(at))));
    lifetime.add(link.on('openText', ({ at }) => tell('openText', this.openText(at))));
    const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(path.dirname(context.file)), '*.jsonl')));
    for (const event of [watcher.onDidChange, watcher.onDidCreate]) {
      lifetime.add(event(uri => {
        if (uri.fsPath === context.file) link.send('stale', null);
      }));
    }
  }

  private async again(): Promise<void> {
    const next = await this.compare();
    if (!next) return;
    const { filter } = this.comparison.overview();
    await this.comparison.close();
    this.comparison = next;
    next.filter(filter);
    this.link.send('overview', next.overview());
  }

  private async openSample(at: number): Promise<void> {
    const line = await this.comparison.lineOf(at);
    const change = this.comparison.at(at);
    if (line === undefined || !change) {
      void vscode.window.showInformationMessage('The row was removed: it is only in the old revision.');
      return;
    }
    const { file } = this.comparison.context;
    const dataset = (await this.services.datasets.byFile(file))?.config.id ?? '';
    await runCommand('pebr.sample.open', { dataset, qid: change.qid, file, line });
  }

  /** VS Code's own diff of the two texts. */
  private async openText(at: number): Promise<void> {
    const [old, now] = await this.comparison.texts(at);
    const { name, from, to } = this.comparison.overview();
    const { qid } = this.comparison.page(at, at + 1)[0] ?? { qid: '' };
    await vscode.commands.executeCommand('vscode.diff', this.texts.add(qid, old), this.texts.add(qid, now), `${qid} in ${name}: ${from} ↔ ${to}`);
  }
}

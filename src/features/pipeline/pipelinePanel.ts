import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { DisposableStore } from '../../core/lifecycle';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo, type WebviewLink } from '../../host/webviewLink';
import { queueFileOf } from '../../platform/pipeline/queueFile';
import { watchFolder } from '../../platform/runs/folderWatch';
import { runsFolderOf } from '../../platform/runs/runFolders';
import type { PipelineContract, PipelinePart, PipelineView } from '../../protocol/pipeline';
import { requestOf, type RunWish } from './pipelineActions';
import { PipelineReader } from './pipelineReader';
import { resumeQueue, startAblations, stopQueue } from './queue';

export const pipelinePanelType = 'pebr.pipeline';

/** The pipeline view of one project. */
export class PipelinePanel {
  private readonly link: WebviewLink<PipelineContract>;
  private readonly reader: PipelineReader;
  private shown = '';
  private isLoaded = false;
  private wanted: PipelinePart | undefined;

  constructor(
    private readonly services: Services,
    readonly panel: vscode.WebviewPanel,
    private readonly folder: string,
    lifetime: DisposableStore,
  ) {
    this.link = linkTo<PipelineContract>(panel.webview, services.log);
    this.reader = new PipelineReader(folder);
    lifetime.add(this.link.serve({
      load: async () => {
        const view = await this.reader.read();
        this.shown = JSON.stringify(view);
        this.isLoaded = true;
        if (this.wanted) this.show(this.wanted);
        this.wanted = undefined;
        return view;
      },
      run: wish => this.run(wish),
      ablate: async ids => {
        await startAblations(services, folder, (await this.reader.ablations()).filter(({ id }) => ids.includes(id)));
        await this.update();
        return null;
      },
    }));
    lifetime.add(this.link.on('openInput', ({ node, path: file }) => this.tell('open', this.openInput(node, file))));
    lifetime.add(this.link.on('openOutput', ({ node, index }) => this.tell('open', this.openOutput(node, index))));
    lifetime.add(this.link.on('openRun', run => this.tell('open', runCommand('pebr.run.open', path.join(runsFolderOf(folder), path.basename(run))))));
    lifetime.add(this.link.on('openConfig', () => this.tell('open', vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, 'pebr.json'))))));
    lifetime.add(this.link.on('stop', () => this.tell('stop', this.stop())));
    lifetime.add(this.link.on('compareCurves', () => this.tell('compare', this.compareCurves())));
    lifetime.add(this.link.on('stopQueue', () => this.tell('stop', stopQueue(folder))));
    lifetime.add(this.link.on('resumeQueue', () => this.tell('queue', resumeQueue(services, folder))));
    lifetime.add(watchFolder(runsFolderOf(folder), () => this.update(), { checkMs: 1500 }));
    lifetime.add(watchFolder(path.dirname(queueFileOf(folder)), () => this.update(), { checkMs: 60_000 }));
    lifetime.add(services.projects.onDidChange(() => void this.update()));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(services.context.extensionUri, 'dist')] };
    panel.webview.html = panelHtml(panel.webview, services.context.extensionUri, 'pipeline', 'Pipeline');
  }

  /** Goes to a part of the page; one that has not loaded yet is told once it has. */
  show(part: PipelinePart): void {
    if (this.isLoaded) this.link.send('show', part);
    else this.wanted = part;
  }

  /** Starts what is asked for. Returns a text where there is nothing to run. */
  async run(wish: RunWish): Promise<string | null> {
    const request = requestOf(this.folder, await this.reader.plan(), wish);
    if (typeof request === 'string') return request;
    await runCommand('pebr.training.start', request);
    await this.update();
    return null;
  }

  private async update(): Promise<void> {
    if (!this.isLoaded || !this.panel.visible) return;
    try {
      const view = await this.reader.read();
      const text = JSON.stringify(view);
      if (text !== this.shown) this.link.send('changed', view);
      this.shown = text;
    } catch (error) {
      if (!(error instanceof AppError)) this.services.log.error('Pipeline', error instanceof Error ? error : String(error));
      this.shown = '';
      this.link.send('failed', errorInWords(error));
    }
  }

  private async view(): Promise<PipelineView> {
    return this.reader.read();
  }

  /** Only what a node names is opened: the page cannot ask for another file. */
  private async openInput(id: string, file: string): Promise<void> {
    const input = (await this.view()).nodes.find(node => node.id === id)?.inputs.find(each => each.path === file);
    if (!input) return;
    if (input.dataset !== undefined && input.path.endsWith('.jsonl') && !input.path.endsWith('.curation.jsonl')) {
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path.resolve(this.folder, input.path)));
    } else await vscode.window.showTextDocument(vscode.Uri.file(path.resolve(this.folder, input.path)));
  }

  private async openOutput(id: string, index: number): Promise<void> {
    const output = (await this.view()).nodes.find(node => node.id === id)?.outputs[index];
    if (!output) return;
    const runFolder = path.join(runsFolderOf(this.folder), output.run);
    switch (output.kind) {
      case 'rollouts':
        return void (await runCommand('pebr.rollouts.open', { runFolder, stage: output.stage }));
      case 'evaluation':
        return void (await runCommand('pebr.run.report', runFolder));
      case 'policy':
        return void (await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(path.join(runFolder, output.path, 'config.json'))));
      case 'difficulty':
        await vscode.window.showTextDocument(vscode.Uri.file(path.join(runFolder, output.path)));
    }
  }

  private async stop(): Promise<void> {
    const { active } = await this.view();
    if (active !== null) await runCommand('pebr.training.stop', path.join(runsFolderOf(this.folder), active));
  }

  /** The runs of the ablations in the charts of the first of them. */
  private async compareCurves(): Promise<void> {
    const folders = ((await this.view()).queue?.runs ?? []).flatMap(({ run }) => (run === null ? [] : [path.join(runsFolderOf(this.folder), run)]));
    const [first, ...others] = folders;
    if (first !== undefined) await runCommand('pebr.run.compare', { runFolder: first, others });
  }

  private tell(what: string, action: Thenable<unknown>): void {
    void action.then(undefined, (error: unknown) => reportError(this.services.log, what, error));
  }
}

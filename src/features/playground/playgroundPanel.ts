import * as vscode from 'vscode';
import type { SampleRef } from '../../core/dataset/sample';
import { DisposableStore } from '../../core/lifecycle';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo, type WebviewLink } from '../../host/webviewLink';
import type { PlaygroundChoice, PlaygroundContract, SampleDetail } from '../../protocol/playground';
import { completeChoice, playgroundOptions } from './playgroundOptions';
import { PlaygroundSession } from './playgroundSession';

export const playgroundPanelType = 'pebr.playground';

/** The playground: one panel a window, beside the reward file. */
export class PlaygroundPanel {
  readonly lifetime = new DisposableStore();
  private readonly link: WebviewLink<PlaygroundContract>;
  private readonly session: PlaygroundSession;
  private choice: PlaygroundChoice | undefined;
  private isLoaded = false;

  constructor(
    private readonly services: Services,
    readonly panel: vscode.WebviewPanel,
    private wish: Partial<PlaygroundChoice>,
  ) {
    const { log, datasets, projects, rewards } = services;
    this.link = linkTo<PlaygroundContract>(panel.webview, log);
    this.session = this.lifetime.add(
      new PlaygroundSession(services, isScoring => this.link.send('scoring', { isScoring }), result => this.link.send('result', result)),
    );
    this.lifetime.add(panel.onDidDispose(() => this.lifetime.dispose()));
    this.lifetime.add(this.link.serve({ load: () => this.load(), sample: ref => this.sample(ref) }));
    this.lifetime.add(this.link.on('choose', choice => this.run('choose', () => this.choose(choice))));
    this.lifetime.add(this.link.on('rescore', () => this.run('rescore', () => this.score(true))));
    this.lifetime.add(this.link.on('cancel', () => this.session.cancel()));
    this.lifetime.add(this.link.on('openSample', ref => void runCommand('pebr.sample.open', ref)));
    this.lifetime.add(this.link.on('openPlace', place => this.run('openPlace', () => this.openPlace(place))));
    this.lifetime.add(this.link.on('run', ({ action }) => void vscode.commands.executeCommand(commandOf[action])));
    this.lifetime.add(rewards.onDidChange(reward => this.run('reward changed', () => (reward === this.choice?.reward ? this.score(true) : undefined))));
    this.lifetime.add(datasets.onDidChange(changed => this.run('dataset changed', () => (!changed || changed.config.id === this.choice?.dataset ? this.refresh() : undefined))));
    this.lifetime.add(projects.onDidChange(() => this.run('project changed', () => this.refresh())));
    this.lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.run('trusted', () => this.score(false))));
  }

  async start(): Promise<void> {
    const { panel, services } = this;
    const { extensionUri } = services.context;
    const roots = (await services.datasets.list()).map(dataset => vscode.Uri.file(dataset.imageRoot));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), ...roots] };
    panel.webview.html = panelHtml(panel.webview, extensionUri, 'playground', 'Reward Playground');
  }

  /** Shows something else in the panel that is open already. */
  async show(wish: Partial<PlaygroundChoice>): Promise<void> {
    this.panel.reveal(undefined, true);
    this.wish = { ...(this.choice ?? this.wish), ...wish };
    if (!this.isLoaded) return;
    const options = await playgroundOptions(this.services);
    this.link.send('options', options);
    await this.choose(await completeChoice(this.services, options, this.wish));
  }

  private async load(): Promise<PlaygroundContract['requests']['load']['result']> {
    const options = await playgroundOptions(this.services);
    const choice = await completeChoice(this.services, options, this.choice ?? this.wish);
    this.choice = choice;
    this.isLoaded = true;
    this.run('first scoring', () => this.score(false));
    return { options, choice };
  }

  private async choose(choice: PlaygroundChoice): Promise<void> {
    this.choice = choice;
    this.link.send('choice', choice);
    await this.score(false);
  }

  private async score(keepsBaseline: boolean): Promise<void> {
    if (this.choice) await this.session.score(this.choice, keepsBaseline);
  }

  /** Files that the choice depends on have changed. */
  private async refresh(): Promise<void> {
    if (!this.isLoaded || !this.choice) return;
    const options = await playgroundOptions(this.services);
    this.link.send('options', options);
    await this.choose(await completeChoice(this.services, options, this.choice));
  }

  private async sample(ref: SampleRef): Promise<SampleDetail> {
    const { sample } = await this.services.datasets.sample(ref);
    const { problem, answer, key_words: keyWords, boxes, images } = sample;
    const [imagePath = null] = images;
    const imageUri = imagePath === null ? null : this.panel.webview.asWebviewUri(vscode.Uri.file(imagePath)).toString();
    return { problem, answer, keyWords, boxes, imageUri, imagePath };
  }

  private async openPlace({ file, line }: { readonly file: string; readonly line?: number }): Promise<void> {
    const position = new vscode.Position((line ?? 1) - 1, 0);
    const beside = vscode.window.tabGroups.all.find(group => group.tabs.some(tab => tab.input instanceof vscode.TabInputText && tab.input.uri.fsPath === file));
    const viewColumn = beside?.viewColumn ?? (this.panel.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position), viewColumn });
  }

  /** Runs what an event asks for; a failure is told once, here. */
  private run(what: string, action: () => void | Promise<void>): void {
    Promise.resolve()
      .then(action)
      .catch((error: unknown) => reportError(this.services.log, `playground: ${what}`, error));
  }
}

const commandOf = { createProject: 'pebr.project.create', openConfig: 'pebr.project.openConfig', train: 'pebr.training.start', trust: 'workbench.trust.manage' } as const;

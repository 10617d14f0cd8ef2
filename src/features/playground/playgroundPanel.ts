import * as vscode from 'vscode';
import type { SampleRef } from '../../core/dataset/sample';
import { DisposableStore } from '../../core/lifecycle';
import type { TriedNumbers } from '../../core/rewards/authoring/triedNumbers';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo, type WebviewLink } from '../../host/webviewLink';
import { readImageSize } from '../../platform/dataset/imageInfo';
import type { PlaygroundChoice, PlaygroundContract, PlaygroundResult, PlaygroundTab, SampleDetail, ScoredRow } from '../../protocol/playground';
import { AttackSession } from './attackSession';
import { ForecastSession } from './forecastSession';
import { pickResponseFile } from './pickResponseFile';
import { completeChoice, playgroundOptions } from './playgroundOptions';
import { PlaygroundSession } from './playgroundSession';
import { writeTriedNumbers } from './writeTriedNumbers';

export const playgroundPanelType = 'pebr.playground';

/** After a scoring, before more is scored: the scores are painted first. */
const restMs = 500;
/** Without a key pressed, before an edit is scored ahead of its save. */
const pauseMs = 200;

/** What the panel starts with: parts of a choice, and the tab. */
export interface PlaygroundWish extends Partial<PlaygroundChoice> {
  readonly tab?: PlaygroundTab;
}

/** The playground: one panel a window, beside the reward file. */
export class PlaygroundPanel {
  readonly lifetime = new DisposableStore();
  private readonly link: WebviewLink<PlaygroundContract>;
  private readonly session: PlaygroundSession;
  private readonly forecasts: ForecastSession;
  private readonly attacks: AttackSession;
  private choice: PlaygroundChoice | undefined;
  private tried: TriedNumbers = {};
  private tab: PlaygroundTab;
  private result: PlaygroundResult | undefined;
  private resting: NodeJS.Timeout | undefined;
  private pausing: NodeJS.Timeout | undefined;

  constructor(
    private readonly services: Services,
    readonly panel: vscode.WebviewPanel,
    private wish: PlaygroundWish,
  ) {
    this.tab = wish.tab ?? 'responses';
    this.link = linkTo<PlaygroundContract>(panel.webview, services.log);
    this.session = this.lifetime.add(new PlaygroundSession(services, {
      onScoring: isScoring => this.link.send('scoring', { isScoring }),
      onResult: (result, isKnown) => this.show(result, isKnown),
      onAhead: result => this.link.send('ahead', result),
    }));
    this.forecasts = this.lifetime.add(new ForecastSession(services, result => this.link.send('forecast', result)));
    this.attacks = this.lifetime.add(new AttackSession(services, outcome => this.link.send('attacks', outcome)));
    this.lifetime.add({ dispose: () => [this.resting, this.pausing].forEach(timer => clearTimeout(timer)) });
    this.lifetime.add(panel.onDidDispose(() => this.lifetime.dispose()));
    this.lifetime.add(this.link.serve({ load: () => this.load(), sample: ref => this.sample(ref), evidence: ({ key }) => Promise.resolve(this.session.evidenceOf(key)) }));
    this.listenToWebview();
    this.listenToWorkspace();
  }

  async start(): Promise<void> {
    const { panel, services } = this;
    const { extensionUri } = services.context;
    const roots = (await services.datasets.list()).map(dataset => vscode.Uri.file(dataset.imageRoot));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), ...roots] };
    panel.webview.html = panelHtml(panel.webview, extensionUri, 'playground', 'Reward Playground');
  }

  /** Shows something else in the panel that is open already. */
  async open({ tab, ...wish }: PlaygroundWish): Promise<void> {
    this.panel.reveal(undefined, true);
    this.tab = tab ?? this.tab;
    this.wish = { ...(this.choice ?? this.wish), ...wish };
    if (!this.choice) return; // it loads, and takes the wish then
    this.link.send('tab', this.tab);
    await this.refresh(this.wish);
  }

  private listenToWebview(): void {
    const on = <N extends keyof PlaygroundContract['toHost']>(name: N, action: (value: PlaygroundContract['toHost'][N]) => unknown): void => {
      this.lifetime.add(this.link.on(name, value => this.run(name, () => action(value))));
    };
    on('choose', choice => this.choose(choice));
    on('rescore', () => this.score(true));
    on('cancel', () => this.session.cancel());
    on('tryNumbers', tried => {
      this.tried = tried;
      return this.score(true);
    });
    on('writeNumbers', () => this.writeNumbers());
    on('showTab', tab => this.showTab(tab));
    on('pickFile', () => pickResponseFile().then(file => this.chooseFile(file)));
    on('sampleFresh', () => this.sampleFresh());
    on('openSample', ref => runCommand('pebr.sample.open', ref));
    on('openPlace', place => this.openPlace(place));
    on('openGroup', group => runCommand('pebr.rollouts.open', group));
    on('addCase', row => this.withReward(reward => runCommand('pebr.reward.addCase', { ...requestOf(row), reward, score: { ...row.score, evidence: row.evidence } })));
    on('debug', row => this.withReward(reward => runCommand('pebr.reward.debug', { ...requestOf(row), reward })));
    on('run', ({ action }) => vscode.commands.executeCommand(commandOf[action]));
  }

  private listenToWorkspace(): void {
    const { datasets, projects, rewards } = this.services;
    this.lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.rewardEdited(document)));
    this.lifetime.add(rewards.onDidChange(reward => this.run('reward changed', () => (reward === this.choice?.reward ? this.rewardSaved() : undefined))));
    this.lifetime.add(datasets.onDidChange(changed => this.run('dataset changed', () => (!changed || changed.config.id === this.choice?.dataset ? this.refresh() : undefined))));
    this.lifetime.add(projects.onDidChange(() => this.run('project changed', () => this.refresh())));
    this.lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.run('trusted', () => this.score(false))));
  }

  private async load(): Promise<PlaygroundContract['requests']['load']['result']> {
    const options = await playgroundOptions(this.services);
    const choice = await completeChoice(this.services, options, this.choice ?? this.wish);
    this.choice = choice;
    this.run('first scoring', () => this.score(false));
    return { options, choice, tab: this.tab };
  }

  private async choose(choice: PlaygroundChoice): Promise<void> {
    const isOtherReward = choice.reward !== this.choice?.reward;
    const isOtherRule = this.choice !== undefined && choice.rule !== this.choice.rule;
    this.choice = choice;
    if (isOtherReward) this.tried = {};
    this.link.send('choice', choice);
    if (!isOtherRule) await this.score(false); // the rule is applied where it is shown
  }

  private async chooseFile(file: string | undefined): Promise<void> {
    if (file === undefined || !this.choice) return;
    this.link.send('options', await playgroundOptions(this.services));
    await this.choose({ ...this.choice, source: { kind: 'file', path: file } });
  }

  private async sampleFresh(): Promise<void> {
    if (!this.choice) return;
    const { sampleFreshResponses } = await import('./freshResponses'); // templates and servers are nothing for the start of the window
    await this.chooseFile(await sampleFreshResponses(this.services, this.choice));
  }

  private async score(keepsBaseline: boolean): Promise<void> {
    if (!this.choice) return;
    clearTimeout(this.resting);
    await this.session.score(this.choice, keepsBaseline, this.tried);
    if (Object.keys(this.tried).length === 0) this.resting = setTimeout(() => this.run('look further', () => this.lookFurther()), restMs);
  }

  /** The next save is scored while the person pauses; a Python reward may be dear to load, and waits for the save itself. */
  private rewardEdited(document: vscode.TextDocument): void {
    const { choice } = this;
    const edited = document.uri.fsPath;
    if (!choice || edited !== choice.reward || !document.isDirty || edited.endsWith('.py') || !this.panel.visible) return;
    clearTimeout(this.pausing);
    this.pausing = setTimeout(() => this.run('score ahead', () => (document.isDirty ? this.session.scoreAhead(choice, document.getText()) : undefined)), pauseMs);
  }

  /** The file was saved: numbers that were tried have been written, or are void. */
  private async rewardSaved(): Promise<void> {
    this.tried = {};
    await this.score(true);
  }

  /** What a saved reward does beyond the responses that are shown. Attacks run while somebody looks at them. */
  private async lookFurther(): Promise<void> {
    if (this.result?.kind !== 'scored' || !this.choice) return;
    if (this.tab === 'attacks') await this.attacks.run(this.choice);
    await this.forecasts.update(this.choice.reward);
  }

  private async showTab(tab: PlaygroundTab): Promise<void> {
    this.tab = tab;
    if (tab === 'attacks' && this.choice) await this.attacks.run(this.choice);
  }

  private show(result: PlaygroundResult, isKnown: boolean): void {
    this.result = result;
    if (isKnown && result.kind === 'scored') this.link.send('saved', { hash: result.reward.hash, ms: result.ms, evidence: result.evidence });
    else this.link.send('result', result);
  }

  private async writeNumbers(): Promise<void> {
    const { result, choice } = this;
    if (result?.kind === 'scored' && choice?.reward) await writeTriedNumbers(choice.reward, result.reward.numbers, this.tried);
  }

  /** Files that the choice depends on have changed. */
  private async refresh(wish: Partial<PlaygroundChoice> | undefined = this.choice): Promise<void> {
    if (!wish || !this.choice) return;
    const options = await playgroundOptions(this.services);
    this.link.send('options', options);
    await this.choose(await completeChoice(this.services, options, wish));
  }

  private async sample(ref: SampleRef): Promise<SampleDetail> {
    const { sample } = await this.services.datasets.sample(ref);
    const { problem, answer, key_words: keyWords, boxes, images } = sample;
    const [imagePath = null] = images;
    const imageUri = imagePath === null ? null : this.panel.webview.asWebviewUri(vscode.Uri.file(imagePath)).toString();
    const imageSize = imagePath === null ? null : await readImageSize(imagePath).catch(() => null); // the picture itself shows that it cannot be read
    return { problem, answer, keyWords, boxes, imageUri, imagePath, imageSize };
  }

  private async openPlace({ file, line }: { readonly file: string; readonly line?: number }): Promise<void> {
    const position = new vscode.Position((line ?? 1) - 1, 0);
    const beside = vscode.window.tabGroups.all.find(group => group.tabs.some(tab => tab.input instanceof vscode.TabInputText && tab.input.uri.fsPath === file));
    const viewColumn = beside?.viewColumn ?? (this.panel.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position), viewColumn });
  }

  private async withReward(action: (reward: string) => Thenable<void>): Promise<void> {
    if (this.choice?.reward) await action(this.choice.reward);
  }

  /** Runs what an event asks for; a failure is told once, here. */
  private run(what: string, action: () => unknown): void {
    Promise.resolve()
      .then(action)
      .catch((error: unknown) => reportError(this.services.log, `playground: ${what}`, error));
  }
}

function requestOf({ sample, response, tokens }: ScoredRow): { readonly sample: SampleRef; readonly response: string; readonly tokens?: number } {
  return { sample, response, ...(tokens === undefined ? {} : { tokens }) };
}

const commandOf = { createProject: 'pebr.project.create', openConfig: 'pebr.project.openConfig', train: 'pebr.training.start', trust: 'workbench.trust.manage' } as const;

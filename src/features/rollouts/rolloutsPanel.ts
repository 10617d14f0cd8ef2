import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RolloutsRequest } from '../../contributions';
import { errorInWords } from '../../core/errorWords';
import { DisposableStore } from '../../core/lifecycle';
import { chipOf } from '../../core/query/printQuery';
import { ruleOfEngine } from '../../core/rollouts/advantage';
import { everyRollout, type RolloutQuestion } from '../../core/rollouts/rolloutQuestion';
import type { Rollout } from '../../core/rollouts/rollout';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo, type WebviewLink } from '../../host/webviewLink';
import { readSource, type RolloutSource } from '../../platform/rollouts/rolloutSource';
import { RolloutSession } from '../../platform/rollouts/rolloutSession';
import { readRun } from '../../platform/runs/runReader';
import type { GroupDetail, RolloutsContract, RolloutsState } from '../../protocol/rollouts';
import { difficultiesOf } from './difficulties';
import { FollowedSource } from './followedSource';
import { besideGroup, imageRoots } from './groupDetail';
import { imageScores } from './imageScores';
import { ResponseActions } from './responseActions';
import { rewardOfRollout, scoreNow } from './rewardNow';
import { SampleHistory } from './sampleHistory';

export const rolloutsPanelType = 'pebr.rollouts';

/** The rollouts of one run in one panel. */
export class RolloutsPanel {
  readonly lifetime = new DisposableStore();
  readonly link: WebviewLink<RolloutsContract>;
  private readonly session: RolloutSession;
  private readonly actions: ResponseActions;
  private readonly history: SampleHistory;
  private source: RolloutSource | undefined;
  private foreign: FollowedSource | undefined;
  private isLoaded = false;
  /** The group that was read last: what keys act on is in it. */
  private shown: { readonly number: number; readonly rollouts: readonly Rollout[] } | undefined;

  constructor(
    private readonly services: Services,
    readonly panel: vscode.WebviewPanel,
    private request: RolloutsRequest,
    stages: readonly string[],
  ) {
    const { runFolder } = request;
    const dist = path.join(services.context.extensionPath, 'dist');
    this.link = linkTo<RolloutsContract>(panel.webview, services.log);
    this.session = this.lifetime.add(new RolloutSession(dist, runFolder, {
      onGrowth: list => this.isLoaded && this.link.send('list', list),
      onState: () => this.tellState(),
      onFailure: error => this.fail(error),
    }, stages));
    this.actions = new ResponseActions(services, runFolder);
    this.history = this.lifetime.add(new SampleHistory(dist, this.session, path.resolve(runFolder, '..', '..', '..'))); // <project>/.pebr/runs/<run>
    this.lifetime.add(panel.onDidDispose(() => this.lifetime.dispose()));
    this.serve();
    this.listen();
  }

  /** Fills the page; the listeners are there already. */
  async start(): Promise<void> {
    const { panel, services } = this;
    const { extensionUri } = services.context;
    panel.title = `Rollouts ${path.basename(this.request.runFolder).replace(/^\d{4}(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-/, '$1-$2 $3:$4 ')}`;
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), ...(await imageRoots(services))] };
    panel.webview.html = panelHtml(panel.webview, extensionUri, 'rollouts', panel.title);
  }

  /** Shows something else in the panel that is open already. */
  async show(request: RolloutsRequest): Promise<void> {
    this.panel.reveal();
    this.request = request;
    if (!this.isLoaded) return; // it loads, and takes the request then
    await this.session.ask(questionOf(request));
    this.link.send('show', { question: this.session.asked, list: this.session.list, ...(await this.selected()) });
  }

  private serve(): void {
    const { session, services } = this;
    this.lifetime.add(this.link.serve({
      load: () => this.load(),
      ask: question => session.ask(question),
      takePending: () => session.takePending(),
      page: ({ version, from, to }) => session.page(version, from, to),
      facet: ({ column, text }) => session.facet(column, text),
      group: ({ number }) => this.detailOf(number),
      place: ({ number }) => session.placeOf(number),
      history: ({ dataset, sample }) => this.history.of(dataset, sample),
      images: async () => imageScores(services, await session.sampleMeans()),
      rescore: async ({ number }) => {
        const { rollouts } = await this.groupOf(number);
        const [first] = rollouts;
        const reward = await rewardOfRollout(services, this.request.runFolder, first ?? { stage: '', dataset: '' });
        const { hash, scores } = await scoreNow(services, reward, rollouts);
        return { reward: path.basename(reward), hash, isSame: first?.rewardHash === hash, scores };
      },
      act: async ({ number, at, action }) => this.actions.act(action, await this.rolloutAt(number, at)),
      curate: async ({ number, at, change }) => this.actions.decide(await this.rolloutAt(number, at), change),
    }));
  }

  private listen(): void {
    const { link, lifetime, services } = this;
    const tell = (what: string, action: Thenable<unknown>): void => void action.then(undefined, (error: unknown) => reportError(services.log, what, error));
    lifetime.add(link.on('openRun', () => tell('openRun', runCommand('pebr.run.open', this.request.runFolder))));
    lifetime.add(link.on('openRollouts', request => tell('openRollouts', runCommand('pebr.rollouts.open', request))));
    lifetime.add(link.on('share', ({ group }) => tell('share', runCommand('pebr.rollouts.export', { runFolder: this.request.runFolder, query: this.session.asked, ...(group !== null && { group }) }))));
    lifetime.add(link.on('copyLink', ({ group, stage, index }) => tell('copyLink', runCommand('pebr.link.copy', { runFolder: this.request.runFolder, query: this.session.asked, ...(group !== null && { group, index }), ...(stage !== null && { stage }) }))));
    lifetime.add(link.on('changeKeys', () => tell('changeKeys', vscode.commands.executeCommand('workbench.action.openGlobalKeybindings', '@ext:pebr-studio.pebr-studio'))));
    lifetime.add(link.on('openPlace', ({ file, line = 1 }) => tell('openPlace', vscode.window.showTextDocument(
      vscode.Uri.file(path.resolve(this.request.runFolder, '..', '..', '..', file)), { selection: new vscode.Range(line - 1, 0, line - 1, 0), viewColumn: vscode.ViewColumn.Beside }))));
    lifetime.add(services.datasets.onDidChange(() => tell('difficulty', this.takeDatasets())));
  }

  private async load(): Promise<RolloutsContract['requests']['load']['result']> {
    const { request, session } = this;
    const [{ info }, source] = await Promise.all([readRun(request.runFolder), readSource(request.runFolder)]);
    if (source && !this.foreign) this.foreign = this.lifetime.add(new FollowedSource(this.services, source.source, error => this.fail(error)));
    this.source = source;
    void difficultiesOf(this.services).then(found => session.setDifficulty(found)).catch((error: unknown) => this.fail(error));
    await session.ready();
    const question = this.isLoaded ? session.asked : questionOf(request);
    const outcome = await session.ask(question);
    if (outcome.kind === 'fault') await session.ask(everyRollout); // a column that the first part does not have: it is asked again with the whole file
    this.isLoaded = true;
    return {
      runFolder: request.runFolder, runName: source?.name ?? path.basename(request.runFolder), state: this.state, question: outcome.kind === 'fault' ? question : session.asked, list: session.list,
      ...(await this.selected()), rule: ruleOfEngine(source?.engine ?? info?.engine ?? 'trl'),
    };
  }

  private async selected(): Promise<{ selected: number | null; index: number }> {
    const { group, index = -1 } = this.request;
    const [number] = group === undefined ? [] : await this.session.named(group);
    return { selected: number ?? null, index };
  }

  private get state(): RolloutsState {
    const { state } = this.session;
    return { ...state, problems: [...(this.source?.problems ?? []), ...state.problems], isReading: this.session.isBusy, lacks: this.source?.lacks ?? [] };
  }

  private tellState(): void {
    if (this.isLoaded) this.link.send('state', this.state);
  }

  /** Labels or difficulties changed on disk. */
  private async takeDatasets(): Promise<void> {
    await this.session.setDifficulty(await difficultiesOf(this.services));
    this.shown = undefined;
    if (this.isLoaded) this.link.send('sampleChanged', null);
  }

  private async detailOf(number: number): Promise<GroupDetail | null> {
    const [row] = await this.session.rows([number]);
    if (!row) return null;
    this.shown = undefined; // it may have grown
    const { rollouts } = await this.groupOf(number);
    return { row, rollouts, ...(await besideGroup(this.services, this.panel.webview, row.dataset, row.sampleId)) };
  }

  private async groupOf(number: number): Promise<{ readonly number: number; readonly rollouts: readonly Rollout[] }> {
    if (this.shown?.number !== number) this.shown = { number, rollouts: await this.session.read(number) };
    return this.shown;
  }

  private async rolloutAt(number: number, at: number): Promise<Rollout> {
    const rollout = (await this.groupOf(number)).rollouts[at];
    if (!rollout) throw new Error('The response is not in the file any more: it was cut or written anew. Open the group again.');
    return rollout;
  }

  private fail(error: unknown): void {
    this.services.log.error(`Rollouts of ${this.request.runFolder}`, error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (this.isLoaded) this.link.send('failure', { message: errorInWords(error) });
  }
}

function questionOf({ query, stage, sampleId }: RolloutsRequest): RolloutQuestion {
  if (query) return query;
  const chips = [...(stage === undefined ? [] : [chipOf('stage', stage)]), ...(sampleId === undefined ? [] : [chipOf('sample', sampleId)])];
  return { text: chips.join(' '), sort: [] };
}

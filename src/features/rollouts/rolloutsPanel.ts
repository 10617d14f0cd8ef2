import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RolloutsRequest } from '../../contributions';
import { DisposableStore } from '../../core/lifecycle';
import { rewardOfStage } from '../../core/runs/runInfo';
import type { RolloutFilter } from '../../core/rollouts/rolloutFilter';
import { reportError, runCommand } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo } from '../../host/webviewLink';
import { watchFolder } from '../../platform/runs/folderWatch';
import { RolloutBrowser } from '../../platform/runs/rolloutBrowser';
import { readRun } from '../../platform/runs/runReader';
import type { RolloutRow, RolloutsContract } from '../../protocol/rollouts';
import { Difficulties } from './difficulties';
import { imageRoots, sampleOf } from './groupDetail';
import { describeList } from './rolloutList';

export const rolloutsPanelType = 'pebr.rollouts';

/** The rollouts of one run in one panel. */
export class RolloutsPanel {
  private readonly browser: RolloutBrowser;
  private readonly difficulties: Difficulties;
  private readonly link;
  private readonly projectFolder: string;
  private stages: readonly string[] = [];
  private selected: string | null = null;
  private isLoaded = false;
  readonly lifetime = new DisposableStore();

  constructor(
    private readonly services: Services,
    readonly panel: vscode.WebviewPanel,
    private readonly request: RolloutsRequest,
  ) {
    const { runFolder } = request;
    this.projectFolder = path.resolve(runFolder, '..', '..', '..'); // <project>/.pebr/runs/<run>
    this.difficulties = new Difficulties(this.projectFolder);
    this.browser = new RolloutBrowser(runFolder, (dataset, sampleId) => this.difficulties.of(dataset, sampleId));
    this.link = linkTo<RolloutsContract>(panel.webview, services.log);
    this.lifetime.add(panel.onDidDispose(() => this.lifetime.dispose()));
    this.lifetime.add(this.link.serve({
      load: () => this.load(),
      select: async ({ stage, filter }) => {
        await this.select(stage, filter);
        return describeList(this.browser);
      },
      page: ({ version, from, to }) => (version === this.browser.version ? this.browser.matching.slice(from, to).map(group => this.rowOf(group)) : []),
      group: ({ group }) => this.detailOf(group),
      place: ({ group }) => this.browser.matching.findIndex(row => row.group === group),
    }));
    this.listen();
    this.lifetime.add(watchFolder(path.join(runFolder, 'rollouts'), () => this.follow()));
  }

  /** Fills the page; the listeners are there already. */
  async start(): Promise<void> {
    const { panel, services } = this;
    const { extensionUri } = services.context;
    panel.title = `Rollouts ${path.basename(this.request.runFolder).replace(/^\d{4}(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-/, '$1-$2 $3:$4 ')}`;
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), ...imageRoots(this.projectFolder, await this.project())] };
    panel.webview.html = panelHtml(panel.webview, extensionUri, 'rollouts', panel.title);
  }

  /** Shows something else in the panel that is open already. */
  async show(request: RolloutsRequest): Promise<void> {
    this.panel.reveal();
    await this.begin(request);
    if (this.isLoaded) this.link.send('show', { list: describeList(this.browser), selected: this.selected });
  }

  private async load(): Promise<RolloutsContract['requests']['load']['result']> {
    await this.begin(this.isLoaded ? { runFolder: this.request.runFolder, stage: this.browser.stage ?? undefined } : this.request);
    this.isLoaded = true;
    return { runFolder: this.request.runFolder, runName: path.basename(this.request.runFolder), stages: this.stages, list: describeList(this.browser), selected: this.selected };
  }

  private async begin({ stage, group, sampleId }: RolloutsRequest): Promise<void> {
    this.stages = await this.browser.stages();
    await this.difficulties.load((await this.project())?.datasets.map(dataset => dataset.id) ?? []);
    const trained = this.stages.findLast(name => name !== 'sampling' && !name.startsWith('sampling.') && name !== 'evaluation');
    const first = stage !== undefined && this.stages.includes(stage) ? stage : (trained ?? this.stages[0]);
    this.selected = group ?? null;
    if (first !== undefined) await this.select(first, sampleId === undefined ? {} : { sampleId });
  }

  private select(stage: string, filter: RolloutFilter): Promise<void> {
    return this.browser.select(stage, filter, () => this.tellGrowth());
  }

  /** The file grew, or a new stage began. */
  private async follow(): Promise<void> {
    if (!this.isLoaded) return;
    try {
      const stages = await this.browser.stages();
      if (stages.join() !== this.stages.join()) {
        this.stages = stages;
        this.link.send('stages', stages);
      }
      if (await this.browser.refresh()) this.tellGrowth();
    } catch (error) {
      this.services.log.error(`Rollouts of ${this.request.runFolder}`, error instanceof Error ? error : String(error));
    }
  }

  private tellGrowth(): void {
    if (this.isLoaded) this.link.send('list', describeList(this.browser));
  }

  private rowOf(group: RolloutBrowser['matching'][number]): RolloutRow {
    return { ...group, difficulty: this.difficulties.of(group.dataset, group.sampleId) ?? null };
  }

  private async detailOf(name: string): Promise<RolloutsContract['requests']['group']['result']> {
    const summary = this.browser.all.find(group => group.group === name);
    if (!summary) return null;
    const rollouts = await this.browser.read(name);
    const sample = await sampleOf(this.panel.webview, this.projectFolder, await this.project(), summary.dataset, summary.sampleId);
    return { row: this.rowOf(summary), rollouts, ...sample };
  }

  private async project(): Promise<Awaited<ReturnType<Services['projects']['list']>>[number]['project']> {
    return (await this.services.projects.list()).find(open => open.folder === this.projectFolder)?.project;
  }

  /** With the reward that scored the group in the run. */
  private async openPlayground({ stage, group, dataset, qid }: RolloutsContract['toHost']['openPlayground']): Promise<void> {
    const { runFolder } = this.request;
    const info = (await readRun(runFolder)).info;
    const reward = info && rewardOfStage(info, stage, dataset);
    await runCommand('pebr.playground.open', { runFolder, stage, group, sample: { dataset, qid }, ...(reward ? { reward: path.resolve(this.projectFolder, reward) } : {}) });
  }

  private listen(): void {
    const { link, lifetime, services, request } = this;
    const tell = (what: string, action: Thenable<unknown>): void => void action.then(undefined, (error: unknown) => reportError(services.log, what, error));
    lifetime.add(link.on('openSample', sample => tell('openSample', runCommand('pebr.sample.open', sample))));
    lifetime.add(link.on('openPlayground', place => tell('openPlayground', this.openPlayground(place))));
    lifetime.add(link.on('openRun', () => tell('openRun', runCommand('pebr.run.open', request.runFolder))));
    lifetime.add(link.on('openPlace', ({ file, line = 1 }) => tell('openPlace',
      vscode.window.showTextDocument(vscode.Uri.file(path.resolve(this.projectFolder, file)), { selection: new vscode.Range(line - 1, 0, line - 1, 0), viewColumn: vscode.ViewColumn.Beside }))));
  }
}


import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { DisposableStore } from '../../core/lifecycle';
import { casesFileOf } from '../../core/rewards/cases/caseFiles';
import type { LoadedReward } from '../../core/rewards/score';
import { type ProjectReward, projectRewards } from '../../host/projectRewards';
import { restMs } from '../../host/rewardResults';
import type { Services } from '../../host/services';
import type { RewardCases } from './rewardCases';

export type RewardNode =
  | { readonly kind: 'reward'; readonly reward: ProjectReward }
  | { readonly kind: 'component'; readonly reward: ProjectReward; readonly name: string; readonly weight: number | undefined }
  | { readonly kind: 'cases'; readonly reward: ProjectReward; readonly count: number; readonly broken: number }
  | { readonly kind: 'fact'; readonly reward: ProjectReward; readonly text: string }
  | { readonly kind: 'failure'; readonly reward: ProjectReward; readonly message: string; readonly file: string; readonly line: number | undefined };

type State = { readonly loaded: LoadedReward } | { readonly failure: RewardNode & { readonly kind: 'failure' } };

/** The reward files of the workspace with their components and weights; a file that does not load shows why. */
export class RewardTree implements vscode.TreeDataProvider<RewardNode>, vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<RewardNode | undefined>());
  private readonly states = new Map<string, Promise<State>>();
  private resting: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly services: Services,
    private readonly cases: RewardCases,
  ) {
    const forget = (): void => {
      this.states.clear();
      this.showSoon();
    };
    this.lifetime.add({ dispose: () => clearTimeout(this.resting) });
    this.lifetime.add(services.projects.onDidChange(forget));
    this.lifetime.add(services.rewards.onDidChange(forget));
    this.lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(forget));
    this.lifetime.add(services.results.onDidChange(() => this.showSoon()));
    for (const event of [cases.onDidRun, cases.onDidChange]) this.lifetime.add(event(() => this.changed.fire(undefined)));
  }

  /** Not before the scores of a saved reward are on the screen. */
  private showSoon(): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.changed.fire(undefined), restMs);
  }

  async getChildren(node?: RewardNode): Promise<RewardNode[]> {
    if (!node) return (await projectRewards(this.services.projects)).map(reward => ({ kind: 'reward', reward }));
    if (node.kind !== 'reward') return [];
    const [state, cases] = await Promise.all([this.stateOf(node.reward), this.casesOf(node.reward)]);
    if ('failure' in state) return [state.failure, ...cases];
    const { weights, contract } = state.loaded;
    const scored = Object.keys(this.services.results.of(node.reward.path)?.components ?? {}); // Python tells its components with the first score
    const components = state.loaded.components.length > 0 ? state.loaded.components : scored;
    if (components.length === 0) return [{ kind: 'fact', reward: node.reward, text: `Components are known once a response is scored (${contractNames[contract]})` }, ...cases];
    return [...components.map((name): RewardNode => ({ kind: 'component', reward: node.reward, name, weight: weights[name] })), ...cases];
  }

  async getTreeItem(node: RewardNode): Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'reward': return this.rewardItem(node.reward);
      case 'component': {
        const item = new vscode.TreeItem(node.name);
        item.id = `${node.reward.path}#${node.name}`;
        item.description = this.worthOf(node);
        item.iconPath = new vscode.ThemeIcon('symbol-numeric');
        item.tooltip = node.weight ? `${node.name} weighs ${node.weight} in the overall reward` : `${node.name} is computed and logged; its weight is 0`;
        return item;
      }
      case 'cases': return this.casesItem(node);
      case 'fact': {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = new vscode.ThemeIcon('info');
        return item;
      }
      case 'failure': {
        const item = new vscode.TreeItem(node.message);
        item.description = node.line === undefined ? undefined : `line ${node.line}`;
        item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
        item.tooltip = node.message;
        item.command = openAt(node.file, node.line);
        return item;
      }
    }
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private async rewardItem(reward: ProjectReward): Promise<vscode.TreeItem> {
    const state = await this.stateOf(reward);
    const item = new vscode.TreeItem(path.basename(reward.path), vscode.TreeItemCollapsibleState.Expanded);
    item.id = reward.path;
    item.contextValue = 'reward';
    item.resourceUri = vscode.Uri.file(reward.path);
    item.command = { command: 'pebr.reward.open', title: 'Open', arguments: [reward.path] };
    if ('failure' in state) {
      item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      item.tooltip = state.failure.message;
      return item;
    }
    const { contract, hash } = state.loaded;
    item.iconPath = new vscode.ThemeIcon('law');
    item.description = contractNames[contract];
    item.tooltip = `${reward.name}\n${contractNames[contract]} · version ${hash}`;
    return item;
  }

  /** Weight, and the mean over the responses that were scored last. */
  private worthOf({ reward, name, weight }: RewardNode & { readonly kind: 'component' }): string {
    const mean = this.services.results.of(reward.path)?.components[name]?.mean;
    const worth = weight ? [String(weight)] : reward.path.endsWith('.py') ? [] : ['logged only'];
    return [...worth, ...(mean === undefined ? [] : [`mean ${mean.toFixed(2)}`])].join(' · ');
  }

  private async casesOf(reward: ProjectReward): Promise<readonly RewardNode[]> {
    const { cases, problems } = await this.cases.read(casesFileOf(reward.path));
    return cases.length + problems.length === 0 ? [] : [{ kind: 'cases', reward, count: cases.length, broken: problems.length }];
  }

  private casesItem({ reward, count, broken }: RewardNode & { readonly kind: 'cases' }): vscode.TreeItem {
    const counts = this.cases.countsOf(reward.path);
    const item = new vscode.TreeItem(`${count} ${count === 1 ? 'case' : 'cases'}`);
    item.id = `${reward.path}#cases`;
    item.contextValue = 'cases';
    item.description = [counts ? (counts.failed === 0 ? `${counts.passed} passed` : `${counts.failed} failed, ${counts.passed} passed`) : 'not run yet', ...(broken > 0 ? [`${broken} unreadable`] : [])].join(', ');
    const [icon, color] = !counts ? (['beaker', undefined] as const) : counts.failed > 0 ? (['testing-failed-icon', 'testing.iconFailed'] as const) : (['testing-passed-icon', 'testing.iconPassed'] as const);
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.tooltip = `${path.basename(casesFileOf(reward.path))}: responses whose score must stay. They are tests of the Test Explorer.`;
    item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(casesFileOf(reward.path))] };
    return item;
  }

  private stateOf(reward: ProjectReward): Promise<State> {
    const known = this.states.get(reward.path) ?? this.load(reward);
    this.states.set(reward.path, known);
    return known;
  }

  private async load(reward: ProjectReward): Promise<State> {
    try {
      return { loaded: await this.services.rewards.load(reward.path, reward.options) };
    } catch (error) {
      this.services.log.warn(`${reward.path}: ${errorInWords(error)}`);
      const details = AppError.is(error, 'reward.failed') ? error.details : undefined;
      const message = details ? [details.reason, details.remedy].filter(Boolean).join(' ') : errorInWords(error);
      return { failure: { kind: 'failure', reward, message, file: details?.file ?? reward.path, line: details?.line } };
    }
  }
}

const contractNames: Readonly<Record<LoadedReward['contract'], string>> = { pebr: 'TypeScript', easyr1: 'Python, EasyR1', verl: 'Python, verl', trl: 'Python, TRL', swift: 'Python, ms-swift', openrlhf: 'Python, OpenRLHF' };

function openAt(file: string, line: number | undefined): vscode.Command {
  const position = new vscode.Position((line ?? 1) - 1, 0);
  return { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(file), { selection: new vscode.Range(position, position) }] };
}

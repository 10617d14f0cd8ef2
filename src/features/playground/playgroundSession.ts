import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import type { Score } from '../../core/rewards/score';
import { meansOf } from '../../core/rewards/scoreMeans';
import { projectRewards } from '../../host/projectRewards';
import type { RewardOptions } from '../../host/rewardService';
import type { Services } from '../../host/services';
import type { PlaygroundChoice, PlaygroundResult } from '../../protocol/playground';
import { itemsOfChoice, type PlaygroundItem, type PlaygroundItems } from './playgroundItems';

interface Baseline {
  readonly hash: string;
  readonly scores: ReadonlyMap<string, Score>;
}

/** Scores what is chosen, the newest wish first: a wish that comes while scoring ends what runs. */
export class PlaygroundSession implements vscode.Disposable {
  private running: vscode.CancellationTokenSource | undefined;
  /** Responses are read once a choice: a saved reward changes none of them. */
  private read: { readonly choice: PlaygroundChoice; readonly items: Promise<PlaygroundItems> } | undefined;
  /** Scores by the version of the reward that was shown last, and by the one before. */
  private latest: Baseline | undefined;
  private before: Baseline | undefined;

  constructor(
    private readonly services: Services,
    private readonly onScoring: (isScoring: boolean) => void,
    private readonly onResult: (result: PlaygroundResult) => void,
  ) {}

  /** `keepsBaseline`: the same responses again, so the change of the means is told. */
  async score(choice: PlaygroundChoice, keepsBaseline: boolean): Promise<void> {
    this.cancel();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    if (!keepsBaseline) this.latest = this.before = undefined;
    this.onScoring(true);
    try {
      const result = await this.resultOf(choice, source.token);
      if (this.running === source) this.onResult(result);
    } catch (error) {
      if (this.running === source) this.onResult(this.resultOfError(error));
    } finally {
      if (this.running === source) {
        this.running = undefined;
        this.onScoring(false);
      }
      source.dispose();
    }
  }

  cancel(): void {
    this.running?.cancel();
  }

  dispose(): void {
    this.cancel();
    this.running = undefined;
  }

  private async resultOf(choice: PlaygroundChoice, token: vscode.CancellationToken): Promise<PlaygroundResult> {
    const start = performance.now();
    const { projects, rewards } = this.services;
    if ((await projects.list()).length === 0) return { kind: 'empty', message: 'There is no pebr.json in this folder yet. It names the rewards and datasets.', action: 'createProject' };
    if (choice.reward === null) return { kind: 'empty', message: 'No reward file is named under "rewards" of pebr.json.', action: 'openConfig' };
    if (choice.dataset === null) return { kind: 'empty', message: 'No dataset is named in pebr.json, so there is nothing to score.', action: 'openConfig' };
    if (!vscode.workspace.isTrusted) return { kind: 'untrusted' };
    const options = await this.optionsOf(choice.reward);
    const { items, left } = await this.itemsOf(choice);
    if (items.length === 0) return { kind: 'empty', message: left[0] ? `${left.join('. ')}.` : choice.source.kind === 'rollouts' ? 'This stage has no rollouts on disk yet.' : `${choice.dataset} has no row that can be read.` };
    const loaded = await rewards.load(choice.reward, options);
    const scores = await rewards.score(choice.reward, options, items.map(each => each.item), token);
    this.remember(loaded.hash, items, scores);
    const rows = items.map(({ item, ...row }, index) => ({
      ...row, response: item.response, score: scores[index] ?? noScore, before: this.before?.scores.get(row.key)?.overall ?? null,
    }));
    const earlier = this.before && items.flatMap(each => this.before?.scores.get(each.key) ?? []);
    const { hash, contract, components, weights } = loaded;
    return { kind: 'scored', reward: { hash, contract, components, weights }, rows, means: meansOf(scores), before: earlier && earlier.length > 0 ? meansOf(earlier) : null, ms: performance.now() - start, left };
  }

  private itemsOf(choice: PlaygroundChoice): Promise<PlaygroundItems> {
    if (this.read?.choice !== choice) {
      const items = itemsOfChoice(this.services, choice);
      this.read = { choice, items };
      items.catch(() => (this.read = undefined)); // told to whoever awaits it; the next scoring tries again
    }
    return this.read.items;
  }

  private remember(hash: string, items: readonly PlaygroundItem[], scores: readonly Score[]): void {
    if (this.latest && this.latest.hash !== hash) this.before = this.latest;
    this.latest = { hash, scores: new Map(items.map((each, index) => [each.key, scores[index] ?? noScore])) };
  }

  private async optionsOf(reward: string): Promise<RewardOptions> {
    const found = (await projectRewards(this.services.projects)).find(each => each.path === reward);
    if (found) return found.options;
    const [project] = await this.services.projects.usable(); // a reward file that no project names yet
    return { projectFolder: project?.folder ?? path.dirname(reward), clip: project && project.project.clip !== null ? path.resolve(project.folder, project.project.clip) : null };
  }

  private resultOfError(error: unknown): PlaygroundResult {
    if (error instanceof vscode.CancellationError) return { kind: 'empty', message: 'Scoring was cancelled. Save the reward or choose again to score.' };
    this.services.log.error('playground', error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (!AppError.is(error, 'reward.failed')) return { kind: 'failed', message: errorInWords(error) };
    const { file, line, reason, remedy } = error.details;
    return { kind: 'failed', message: reason, file, ...(line === undefined ? {} : { line }), ...(remedy === undefined ? {} : { remedy }) };
  }
}

const noScore: Score = { overall: null, components: {}, evidence: [], error: { message: 'The worker gave no score for this response.' } };

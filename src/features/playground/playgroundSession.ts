import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { summarizeScores } from '../../core/rewards/summary/rewardSummary';
import type { LoadedReward, Score } from '../../core/rewards/score';
import { meansOf } from '../../core/rewards/summary/scoreMeans';
import { changedNumbers, type TriedNumbers, writeNumbers } from '../../core/rewards/authoring/triedNumbers';
import { rewardOptions } from '../../host/projectRewards';
import type { RewardOptions } from '../../host/rewardService';
import type { Services } from '../../host/services';
import type { PlaygroundChoice, PlaygroundResult, ResponseRow, RowEvidence, RowScore, ScoredResult } from '../../protocol/playground';
import { itemsOfChoice, type PlaygroundItem, type PlaygroundItems } from './playgroundItems';
import { responsesInWords } from './responsesInWords';

/** Scoring that is done sooner is not told of: a sign that turns takes time from what it tells of, where pictures are drawn without a GPU. */
const quickMs = 500;

interface Version {
  readonly hash: string;
  readonly scores: ReadonlyMap<string, Score>;
}

interface ReadItems extends PlaygroundItems {
  /** The same ones as the page has them. */
  readonly responses: readonly ResponseRow[];
}

/** Scores by a text that is not saved yet. */
interface Ahead {
  readonly items: ReadItems;
  readonly hash: string;
  readonly scores: Promise<readonly Score[]>;
  /** What they will be compared with when the text is saved, once the page has them so. */
  told?: { readonly baseline: Version | undefined };
}

export interface PlaygroundEars {
  readonly onScoring: (isScoring: boolean) => void;
  /** `isKnown`: the page was told it ahead. */
  readonly onResult: (result: PlaygroundResult, isKnown: boolean) => void;
  /** What a save of the text as it stands will show. */
  readonly onAhead: (result: ScoredResult) => void;
}

/** Scores what is chosen, the newest wish first: a wish that comes while scoring ends what runs. */
export class PlaygroundSession implements vscode.Disposable {
  private running: vscode.CancellationTokenSource | undefined;
  /** Responses are read once a choice: a saved reward changes none of them. */
  private read: { readonly choice: PlaygroundChoice; readonly items: Promise<ReadItems> } | undefined;
  /** Scores by the file as it was saved last, and by the version before. */
  private saved: Version | undefined;
  private before: Version | undefined;
  private ahead: Ahead | undefined;
  private scoringAhead: vscode.CancellationTokenSource | undefined;
  /** The responses that the page has. */
  private told: readonly ResponseRow[] | null = null;
  /** What is on the screen, by key, and the row that was looked at last. */
  private shown: ReadonlyMap<string, Score> = new Map();
  private looked: string | undefined;
  private isTold = false;

  constructor(
    private readonly services: Services,
    private readonly ears: PlaygroundEars,
  ) {}

  /** `keepsBaseline`: the same responses again, so the change of the means is told. `tried`: numbers in place of the file's. */
  async score(choice: PlaygroundChoice, keepsBaseline: boolean, tried: TriedNumbers = {}): Promise<void> {
    this.running?.cancel();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    if (!keepsBaseline) {
      this.saved = this.before = undefined;
      this.told = null;
    }
    const telling = setTimeout(() => {
      if (this.running === source) this.ears.onScoring((this.isTold = true));
    }, quickMs);
    try {
      const result = await this.resultOf(choice, tried, source.token);
      if (this.running === source) this.tell(result);
    } catch (error) {
      if (this.running === source) this.ears.onResult(this.resultOfError(error), false);
    } finally {
      if (this.running === source) {
        this.running = undefined;
        if (this.isTold) this.ears.onScoring((this.isTold = false));
      }
      clearTimeout(telling);
      source.dispose();
    }
  }

  /** Scores a text before it is saved, so that the save shows at once what it did. Nothing is shown, and an unfinished text is no failure. */
  async scoreAhead(choice: PlaygroundChoice, text: string): Promise<void> {
    this.scoringAhead?.cancel();
    const { reward } = choice;
    if (this.running || this.read?.choice !== choice || reward === null || !vscode.workspace.isTrusted) return;
    const source = new vscode.CancellationTokenSource();
    this.scoringAhead = source;
    try {
      const items = await this.read.items;
      const options = { ...(await rewardOptions(this.services.projects, reward)), source: text };
      const loaded = await this.services.rewards.load(reward, options);
      const { hash } = loaded;
      if (source.token.isCancellationRequested || this.saved?.hash === hash || (this.ahead?.items === items && this.ahead.hash === hash)) return;
      const ahead: Ahead = { items, hash, scores: this.services.rewards.score(reward, options, items.items.map(each => each.item), source.token) };
      this.ahead = ahead;
      ahead.scores.catch(() => (this.ahead = this.ahead === ahead ? undefined : this.ahead));
      const scores = await ahead.scores;
      if (this.running || this.ahead !== ahead || this.told !== items.responses) return;
      ahead.told = { baseline: this.saved };
      this.ears.onAhead({ ...this.scored(loaded, loaded, {}, items, scores, this.saved), responses: null });
    } catch (error) {
      this.services.log.debug(`not scored ahead: ${errorInWords(error)}`); // told where it is saved like this
    } finally {
      source.dispose();
      if (this.scoringAhead === source) this.scoringAhead = undefined;
    }
  }

  cancel(): void {
    this.running?.cancel();
    this.scoringAhead?.cancel();
  }

  /** Evidence of a row that is on the screen; null when it is not there any more. */
  evidenceOf(key: string): RowEvidence | null {
    this.looked = key;
    const score = this.shown.get(key);
    return score ? { key, evidence: score.evidence } : null;
  }

  dispose(): void {
    this.cancel();
    this.running = undefined;
  }

  private async resultOf(choice: PlaygroundChoice, wished: TriedNumbers, token: vscode.CancellationToken): Promise<PlaygroundResult> {
    const start = performance.now();
    const { projects, rewards } = this.services;
    if ((await projects.list()).length === 0) return { kind: 'empty', message: 'There is no pebr.json in this folder yet. It names the rewards and datasets.', action: 'createProject' };
    if (choice.reward === null) return { kind: 'empty', message: 'No reward file is named under "rewards" of pebr.json.', action: 'openConfig' };
    if (choice.dataset === null) return { kind: 'empty', message: 'No dataset is named in pebr.json, so there is nothing to score.', action: 'openConfig' };
    if (!vscode.workspace.isTrusted) return { kind: 'untrusted' };
    const options = await rewardOptions(this.services.projects, choice.reward);
    const read = await this.itemsOf(choice);
    const { items, left } = read;
    if (items.length === 0) return { kind: 'empty', message: emptyMessage(choice, left) };
    const saved = await rewards.load(choice.reward, options);
    const tried = changedNumbers(saved.numbers, wished);
    const shown = await this.withNumbers(choice.reward, options, saved, tried);
    const scores = (await this.scoredAhead(read, shown.loaded.hash)) ?? (await rewards.score(choice.reward, shown.options, items.map(each => each.item), token));
    const baseline = this.baselineOf(shown.loaded.hash, Object.keys(tried).length > 0, items, scores);
    if (shown.loaded === saved) {
      const of = { path: choice.reward, hash: saved.hash, responses: responsesInWords(choice, items.length) };
      this.services.results.publish(summarizeScores(of, scores, items.map(each => each.group)));
    }
    this.shown = new Map(items.map((each, index) => [each.key, scores[index] ?? noScore]));
    return { ...this.scored(saved, shown.loaded, tried, read, scores, baseline), ms: performance.now() - start, evidence: this.evidenceOf(this.looked ?? items[0]?.key ?? '') };
  }

  /** Scores by the very text that is now the file's, also such as are on their way; others are given up. */
  private async scoredAhead(items: ReadItems, hash: string): Promise<readonly Score[] | undefined> {
    if (this.ahead?.items === items && this.ahead.hash === hash) return this.ahead.scores.catch(() => undefined); // they are asked for again, and that tells
    this.scoringAhead?.cancel();
    this.ahead = undefined;
    return undefined;
  }

  private scored(saved: LoadedReward, { hash, contract, components, weights }: LoadedReward, tried: TriedNumbers, { items, left, responses }: ReadItems, scores: readonly Score[], baseline: Version | undefined): ScoredResult {
    const earlier = items.flatMap(each => baseline?.scores.get(each.key) ?? []);
    return {
      kind: 'scored', reward: { hash, contract, components, weights, numbers: saved.numbers }, tried, left, ms: 0, evidence: null,
      responses, scores: items.map(({ key }, index) => scoreOf(key, scores[index], baseline)), means: meansOf(scores), before: earlier.length > 0 ? meansOf(earlier) : null,
    };
  }

  /** The reward with the tried numbers in its text; the saved one where nothing is tried. */
  private async withNumbers(reward: string, options: RewardOptions, saved: LoadedReward, tried: TriedNumbers): Promise<{ readonly options: RewardOptions; readonly loaded: LoadedReward }> {
    if (Object.keys(tried).length === 0) return { options, loaded: saved };
    const changed = { ...options, source: writeNumbers((await readFile(reward, 'utf8')).replace(/^\uFEFF/, ''), saved.numbers, tried) };
    return { options: changed, loaded: await this.services.rewards.load(reward, changed) };
  }

  private tell(result: PlaygroundResult): void {
    if (result.kind !== 'scored') return this.ears.onResult(result, false);
    const { ahead, before } = this;
    const isKnown = result.responses === this.told && ahead?.told !== undefined && ahead.hash === result.reward.hash && ahead.told.baseline === before && Object.keys(result.tried).length === 0;
    this.ears.onResult(result.responses === this.told ? { ...result, responses: null } : result, isKnown);
    this.told = result.responses;
  }

  private itemsOf(choice: PlaygroundChoice): Promise<ReadItems> {
    if (this.read?.choice !== choice) {
      const items = itemsOfChoice(this.services, choice).then(read => ({ ...read, responses: read.items.map(responseOf) }));
      this.read = { choice, items };
      items.catch(() => (this.read = undefined)); // told to whoever awaits it; the next scoring tries again
    }
    return this.read.items;
  }

  /** What the scores are compared with: tried numbers with the saved file, the saved file with its version before. */
  private baselineOf(hash: string, isTrial: boolean, items: readonly PlaygroundItem[], scores: readonly Score[]): Version | undefined {
    if (isTrial) return this.saved;
    if (this.saved && this.saved.hash !== hash) this.before = this.saved;
    this.saved = { hash, scores: new Map(items.map((each, index) => [each.key, scores[index] ?? noScore])) };
    return this.before;
  }

  private resultOfError(error: unknown): PlaygroundResult {
    if (error instanceof vscode.CancellationError) return { kind: 'empty', message: 'Scoring was cancelled. Save the reward or choose again to score.' };
    this.services.log.error('playground', error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (!AppError.is(error, 'reward.failed')) return { kind: 'failed', message: errorInWords(error) };
    const { file, line, reason, remedy } = error.details;
    return { kind: 'failed', message: reason, file, ...(line === undefined ? {} : { line }), ...(remedy === undefined ? {} : { remedy }) };
  }
}

function responseOf({ item, ...row }: PlaygroundItem): ResponseRow {
  return { ...row, response: item.response, ...(item.tokens === undefined ? {} : { tokens: item.tokens }) };
}

function scoreOf(key: string, scored: Score | undefined, baseline: Version | undefined): RowScore {
  const { evidence: _, ...score } = scored ?? noScore;
  return { score, before: baseline?.scores.get(key)?.overall ?? null };
}

function emptyMessage({ source, dataset }: PlaygroundChoice, left: readonly string[]): string {
  if (left.length > 0) return `${left.join('. ')}.`;
  if (source.kind === 'rollouts') return 'This stage has no rollouts on disk yet.';
  return source.kind === 'file' ? 'This file has no responses.' : `${dataset} has no row that can be read.`;
}

const noScore: Score = { overall: null, components: {}, evidence: [], error: { message: 'The worker gave no score for this response.' } };

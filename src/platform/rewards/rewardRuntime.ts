import type { LoadedReward, Score, ScoreError } from '../../core/rewards/score';
import type { RawItems } from './rawItems';

/** One loaded reward file and whatever runs it. Calls come one after another. */
export interface RewardRuntime {
  /** Loads the file; rejects with a `WorkerFailure` that has its line. */
  load(): Promise<Omit<LoadedReward, 'reward'>>;
  /** As many scores (as JSON in UTF-8) as items; a failing item has an error in its score. Ends what runs when the signal is aborted. */
  score(items: RawItems, deadlineMs: number, signal: AbortSignal): Promise<readonly Buffer[]>;
  dispose(): void;
}

/** `culprit` is the item that was at work, where that is known; `isInnocent` says that none of them had begun. */
export interface Blame {
  readonly culprit?: number;
  readonly isInnocent?: boolean;
}

/** How a run over some items ended. */
export type Outcome =
  /** `count` items were there to be scored. */
  | { readonly kind: 'done'; readonly count: number }
  | ({ readonly kind: 'stalled' | 'died'; readonly error: ScoreError } & Blame);

/** Endings that a batch may cost before the rest of it is given up: a reward that never ends would hold a training step for ever. */
const patience = 3;

/**
 * Scores all items, run by run: together first, and one by one as soon as a run ends badly without a known culprit.
 * `run` reports scores by their index in what it was given.
 */
export async function scoreWithPatience(
  items: RawItems,
  components: readonly string[],
  signal: AbortSignal,
  run: (items: RawItems, onScore: (index: number, json: Buffer) => void) => Promise<Outcome>,
): Promise<readonly Buffer[]> {
  const scores: (Buffer | undefined)[] = [];
  const failed = (error: ScoreError): Buffer => {
    const score: Score = { overall: null, components: Object.fromEntries(components.map(name => [name, null])), evidence: [], error };
    return Buffer.from(JSON.stringify(score));
  };
  signal.throwIfAborted();
  let outcome = await run(items, (index, json) => {
    scores[index] ??= json;
  });
  signal.throwIfAborted();
  // Where all goes well nobody here reads the items.
  if (outcome.kind === 'done' && outcome.count === scores.length && !scores.includes(undefined)) return scores as readonly Buffer[];
  let batch: readonly number[] = items.items.map((_, index) => index);
  let isOneByOne = false;
  let endings = 0;
  const findOpen = (): readonly number[] => items.items.flatMap((_, index) => (scores[index] === undefined ? [index] : []));
  const runAgain = async (open: readonly number[]): Promise<Outcome> => {
    batch = isOneByOne ? open.slice(0, 1) : open;
    return run(items.pick(batch), (index, json) => {
      scores[batch[index] ?? -1] ??= json;
    });
  };
  for (let open = findOpen(); ; outcome = await runAgain(open)) {
    signal.throwIfAborted();
    if (outcome.kind === 'done') for (const index of batch) scores[index] ??= failed({ message: 'The reward gave no score for this response.' });
    else {
      const culprit = culpritOf(outcome, batch, findOpen());
      if (culprit !== undefined) scores[culprit] = failed(outcome.error); // also where it was scored, and then went on without end
      else if (!outcome.isInnocent) isOneByOne = true;
      if (culprit !== undefined || outcome.isInnocent) endings++; // of the innocent: what an earlier response left behind; once more without it
    }
    open = findOpen();
    if (endings >= patience && outcome.kind !== 'done') {
      for (const index of open) scores[index] = failed({ ...outcome.error, message: `Not scored: the reward was ended ${patience} times in this batch. ${outcome.error.message}` });
      open = [];
    }
    if (open.length === 0) return scores as readonly Buffer[];
  }
}

/** Who is to blame for a run that ended badly: the one that ran, or the only one that was waited for. */
function culpritOf(outcome: Exclude<Outcome, { readonly kind: 'done' }>, batch: readonly number[], open: readonly number[]): number | undefined {
  if (outcome.isInnocent) return undefined;
  return batch.length === 1 ? batch[0] : (batch[outcome.culprit ?? -1] ?? (open.length === 1 ? open[0] : undefined));
}

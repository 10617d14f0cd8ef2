import type { LoadedReward, Score, ScoreError, ScoreItem } from '../../core/rewards/score';

/** One loaded reward file and whatever runs it. Calls come one after another. */
export interface RewardRuntime {
  /** Loads the file; rejects with a `WorkerFailure` that has its line. */
  load(): Promise<Omit<LoadedReward, 'reward'>>;
  /** As many scores (as JSON) as items; a failing item has an error in its score. Ends what runs when the signal is aborted. */
  score(items: readonly ScoreItem[], deadlineMs: number, signal: AbortSignal): Promise<readonly string[]>;
  dispose(): void;
}

/** How a run over some items ended. `culprit` is the item that was at work, where that is known; `isInnocent` says that none of them had begun. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'stalled' | 'died'; readonly error: ScoreError; readonly culprit?: number; readonly isInnocent?: boolean };

/** Endings that a batch may cost before the rest of it is given up: a reward that never ends would hold a training step for ever. */
const patience = 3;

/**
 * Scores all items, run by run: together first, and one by one as soon as a run ends badly without a known culprit.
 * `run` reports scores by their index in what it was given.
 */
export async function scoreWithPatience(
  items: readonly ScoreItem[],
  components: readonly string[],
  signal: AbortSignal,
  run: (items: readonly ScoreItem[], onScore: (index: number, json: string) => void) => Promise<Outcome>,
): Promise<readonly string[]> {
  const scores: (string | undefined)[] = items.map(() => undefined);
  const failed = (error: ScoreError): string => {
    const score: Score = { overall: null, components: Object.fromEntries(components.map(name => [name, null])), evidence: [], error };
    return JSON.stringify(score);
  };
  let isOneByOne = false;
  let endings = 0;
  for (;;) {
    signal.throwIfAborted();
    const open = items.flatMap((_, index) => (scores[index] === undefined ? [index] : []));
    if (open.length === 0) return scores as readonly string[];
    const batch = isOneByOne ? open.slice(0, 1) : open;
    const outcome = await run(batch.flatMap(index => items[index] ?? []), (index, json) => {
      scores[batch[index] ?? -1] ??= json;
    });
    signal.throwIfAborted();
    if (outcome.kind === 'done') {
      for (const index of batch) scores[index] ??= failed({ message: 'The reward gave no score for this response.' });
      continue;
    }
    const culprit = outcome.isInnocent ? undefined : batch.length === 1 ? batch[0] : batch[outcome.culprit ?? -1];
    if (culprit === undefined || scores[culprit] !== undefined) {
      if (outcome.isInnocent) endings++; // what an earlier response left behind; once more without it
      else isOneByOne = true;
      if (endings < patience) continue;
    } else {
      scores[culprit] = failed(outcome.error);
      if (++endings < patience) continue;
    }
    for (const index of open) scores[index] ??= failed({ ...outcome.error, message: `Not scored: the reward was ended ${patience} times in this batch. ${outcome.error.message}` });
  }
}

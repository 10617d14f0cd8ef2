import type { ScoreError } from '../../../core/rewards/score';
import type { WorkerError } from '../protocol';
import type { Blame, Outcome } from '../rewardRuntime';
import type { Loaded, SimilarityPair, SimilarityResult } from '../thread/threadMessages';

/** From the reward worker to the process that holds one reward. */
export type ToHost =
  /** Nothing is asked yet: get ready. */
  | { readonly kind: 'warmUp' }
  | { readonly kind: 'load'; readonly path: string; readonly source?: string | undefined; readonly deadlineMs: number }
  /** The items of a run are on their pipe, or will be: watch it. */
  | { readonly kind: 'watch'; readonly run: number; readonly deadlineMs: number }
  | { readonly kind: 'similarities'; readonly id: number; readonly results: readonly SimilarityResult[] };

export type FromHost =
  | Loaded
  | { readonly kind: 'notLoaded'; readonly error: WorkerError }
  /** The run ended badly: the process is of no use any more. */
  | { readonly kind: 'outcome'; readonly run: number; readonly outcome: Outcome }
  /** The run will end like this when nothing moves for the time that is left; its line is being looked for. */
  | { readonly kind: 'ending'; readonly run: number; readonly outcome: Outcome; readonly leftMs: number }
  /** While no run was watched: the process is of no use any more. */
  | ({ readonly kind: 'gone'; readonly error: ScoreError } & Blame)
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'similarities'; readonly id: number; readonly pairs: readonly SimilarityPair[] };

import type { ScoreError } from '../../../core/rewards/score';
import type { WorkerError } from '../protocol';
import type { Outcome } from '../rewardRuntime';
import type { Loaded, Scored, SimilarityPair, SimilarityResult } from '../thread/threadMessages';

/** From the reward worker to the process that holds one reward. */
export type ToHost =
  /** Nothing is asked yet: get ready. */
  | { readonly kind: 'warmUp' }
  | { readonly kind: 'load'; readonly path: string; readonly source?: string | undefined; readonly deadlineMs: number }
  /** So many bytes stand in the items' pipe, or will: a list in JSON, and the texts that follow it. */
  | { readonly kind: 'score'; readonly jsonBytes: number; readonly textBytes: number; readonly deadlineMs: number }
  | { readonly kind: 'similarities'; readonly id: number; readonly results: readonly SimilarityResult[] };

export type FromHost =
  | Loaded
  | { readonly kind: 'notLoaded'; readonly error: WorkerError }
  | ({ readonly kind: 'scored' } & Scored)
  /** The run is over, with its last scores; after any other outcome than `done` the process is of no use any more. */
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly scored: Scored | undefined }
  /** The run will end like this when nothing moves for the time that is left; its line is being looked for. */
  | { readonly kind: 'ending'; readonly outcome: Outcome; readonly leftMs: number }
  /** Between two runs: the process is of no use any more. */
  | { readonly kind: 'gone'; readonly error: ScoreError }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'similarities'; readonly id: number; readonly pairs: readonly SimilarityPair[] };

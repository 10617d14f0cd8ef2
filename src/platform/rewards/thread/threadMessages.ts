import type { RewardNumber, ScoreError } from '../../../core/rewards/score';
import type { WorkerError } from '../protocol';

/** Given to the thread at its start. */
export interface ThreadData {
  /** The bundle that rewards import as `pebr`. */
  readonly api: string;
  /**
   * [0] is the index of the item whose code runs, -1 while none or several do, -2 while the thread has not begun with what it was sent; [1] is that of the item whose
   * promise, timer or callback ran last, or -1. Shared, so that they can be read while the thread is busy.
   */
  readonly marker: SharedArrayBuffer;
}

export type ToThread =
  | { readonly kind: 'warmUp' }
  | { readonly kind: 'load'; readonly path: string; readonly source?: string | undefined }
  /** So many bytes are to be read from the items' pipe: a list in JSON, and the texts that follow it. */
  | { readonly kind: 'score'; readonly jsonBytes: number; readonly textBytes: number }
  | { readonly kind: 'similarities'; readonly id: number; readonly results: readonly SimilarityResult[] };

export type Loaded = {
  readonly kind: 'loaded';
  readonly hash: string;
  readonly components: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly files: readonly string[];
  readonly numbers: readonly RewardNumber[];
};

/** The scores of these items as JSON in UTF-8, one a line, passed on unread. */
export interface Scored {
  readonly indexes: readonly number[];
  readonly lines: Uint8Array;
}

export type FromThread =
  | Loaded
  | { readonly kind: 'notLoaded'; readonly error: WorkerError; readonly files: readonly string[] }
  | ({ readonly kind: 'scored' } & Scored)
  /** With the last scores. */
  | ({ readonly kind: 'done'; readonly count: number } & Scored)
  | { readonly kind: 'stray'; readonly qid: string | undefined; readonly error: ScoreError }
  | { readonly kind: 'similarities'; readonly id: number; readonly pairs: readonly SimilarityPair[] };

export interface SimilarityPair {
  readonly image: string;
  readonly text: string;
}

/** The similarity, or why there is none. */
export type SimilarityResult = { readonly similarity: number } | { readonly error: string };

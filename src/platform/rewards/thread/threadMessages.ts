import type { RewardNumber, ScoreError } from '../../../core/rewards/score';
import type { WorkerError } from '../protocol';

/** Given to the thread at its start. */
export interface ThreadData {
  /** The bundle that rewards import as `pebr`. */
  readonly api: string;
  /**
   * [0] is the index of the item whose code runs, `nobody` while none or several do, `notBegun` between two runs; [1] is that of the item whose promise, timer or
   * callback ran last, or `nobody`; [2] is the number of the run that is watched, [3] that of the last one that is done. Shared, so that they can be read while the
   * thread is busy, and short runs wake nobody.
   */
  readonly marker: SharedArrayBuffer;
}

export const nobody = -1;
export const notBegun = -2;

export type ToThread =
  | { readonly kind: 'warmUp' }
  | { readonly kind: 'load'; readonly path: string; readonly source?: string | undefined }
  | { readonly kind: 'similarities'; readonly id: number; readonly results: readonly SimilarityResult[] };

export type Loaded = {
  readonly kind: 'loaded';
  readonly hash: string;
  readonly components: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly files: readonly string[];
  readonly numbers: readonly RewardNumber[];
};

/** The scores of these items as JSON, passed on unread. */
export interface Scored {
  readonly indexes: readonly number[];
  readonly lines: readonly string[];
}

export type FromThread =
  | Loaded
  | { readonly kind: 'notLoaded'; readonly error: WorkerError; readonly files: readonly string[] }
  /** Of a run that is watched: some scores, or the last ones, are written to their pipe. */
  | { readonly kind: 'moved' | 'done'; readonly run: number }
  | { readonly kind: 'stray'; readonly qid: string | undefined; readonly error: ScoreError }
  | { readonly kind: 'similarities'; readonly id: number; readonly pairs: readonly SimilarityPair[] };

export interface SimilarityPair {
  readonly image: string;
  readonly text: string;
}

/** The similarity, or why there is none. */
export type SimilarityResult = { readonly similarity: number } | { readonly error: string };

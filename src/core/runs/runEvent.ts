import type { Difficulty } from '../dataset/sample';

/** A mean with its 95 % bootstrap interval over samples. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A way out of a failure: values for `resume --set`. `sameMeaning`: the optimisation stays what it was. */
export interface Offer {
  readonly label: string;
  readonly set: Readonly<Record<string, string | number | boolean | null>>;
  readonly sameMeaning: boolean;
}

export const problemCauses = ['out-of-memory', 'disk-full', 'checkpoint-damaged'] as const;
export type ProblemCause = (typeof problemCauses)[number];

/** Held-out samples of one type of answer, or of one source. */
export interface EvaluationGroup {
  readonly by: 'type' | 'source';
  readonly value: string;
  readonly n: number;
  readonly metrics: Readonly<Record<string, Estimate>>;
}

/** A checkpoint's own reward on held-out samples. */
export interface CheckpointScore extends Estimate {
  readonly dataset: string;
  readonly metric: string;
}

interface EventBase {
  /** Seconds since 1970. */
  readonly time: number;
}

export interface RunFailure {
  readonly message: string;
  readonly remedy: string;
  readonly cause?: ProblemCause;
  readonly offers?: readonly Offer[];
}

/** One line of `<run>/events.jsonl`; `trainer/pebr_trainer/run_log.py` is the writing half. */
export type RunEvent = EventBase &
  (
    | { readonly type: 'run-started'; readonly stages: readonly string[]; readonly resumed: boolean }
    | { readonly type: 'stage-started'; readonly stage: string; readonly total: number | null }
    | { readonly type: 'progress'; readonly stage: string; readonly done: number; readonly total: number }
    | { readonly type: 'step'; readonly stage: string; readonly step: number; readonly total: number; readonly metrics: Readonly<Record<string, number>> }
    | { readonly type: 'difficulty'; readonly dataset: string; readonly easy: number; readonly medium: number; readonly hard: number; readonly responses: number }
    | {
        readonly type: 'evaluation';
        readonly stage: string;
        readonly dataset: string;
        readonly mode: 'sampled' | 'greedy';
        readonly n: number;
        readonly responses: number;
        readonly metrics: Readonly<Record<string, Estimate>>;
        /** The same by type of answer and by source; empty where there is only one. */
        readonly groups?: readonly EvaluationGroup[];
      }
    | {
        /** How difficulties changed since the sampling `from`. */
        readonly type: 'transitions';
        readonly stage: string;
        readonly dataset: string;
        readonly from: string;
        readonly samples: number;
        readonly table: Readonly<Record<Difficulty, Readonly<Record<Difficulty, number>>>>;
        readonly passRateBefore: number;
        readonly passRateAfter: number;
      }
    | {
        readonly type: 'checkpoint';
        readonly stage: string;
        readonly step: number;
        readonly path: string;
        readonly score?: CheckpointScore;
        /** The best of the stage so far, by its score. */
        readonly best?: boolean;
        /** Checkpoints that were deleted after this one was written. */
        readonly removed?: readonly string[];
      }
    | {
        readonly type: 'problem';
        readonly severity: 'error' | 'warning';
        readonly message: string;
        readonly remedy: string;
        readonly stage?: string;
        readonly cause?: ProblemCause;
        readonly offers?: readonly Offer[];
      }
    | { readonly type: 'stage-finished'; readonly stage: string; readonly seconds: number; readonly reused: boolean }
    | {
        readonly type: 'run-finished';
        readonly status: 'completed' | 'stopped' | 'failed';
        readonly seconds: number;
        readonly error?: RunFailure;
      }
  );

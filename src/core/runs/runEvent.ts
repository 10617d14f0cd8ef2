/** A mean with its 95 % bootstrap interval over samples. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

interface EventBase {
  /** Seconds since 1970. */
  readonly time: number;
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
      }
    | { readonly type: 'checkpoint'; readonly stage: string; readonly step: number; readonly path: string }
    | { readonly type: 'problem'; readonly severity: 'error' | 'warning'; readonly message: string; readonly remedy: string; readonly stage?: string }
    | { readonly type: 'stage-finished'; readonly stage: string; readonly seconds: number; readonly reused: boolean }
    | {
        readonly type: 'run-finished';
        readonly status: 'completed' | 'stopped' | 'failed';
        readonly seconds: number;
        readonly error?: { readonly message: string; readonly remedy: string };
      }
  );

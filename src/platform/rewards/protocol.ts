import type { LoadedReward, Score, ScoreItem } from '../../core/rewards/score';

/** `load` of the reward worker protocol (docs/FORMATS.md). Paths are absolute. */
export interface LoadParams {
  readonly path: string;
  /** Text that takes the place of the file's content: an edit that is not saved. */
  readonly source?: string;
  /** Folder of the image-text model. */
  readonly clip?: string | null;
  /** Images outside this folder are not read. */
  readonly imageRoot?: string | null;
  /** The Python for Python rewards and its arguments. */
  readonly python?: readonly string[];
  readonly deadlineMs?: number;
  readonly memoryMb?: number;
}

export interface ScoreParams {
  readonly reward: string;
  readonly items: readonly ScoreItem[];
  readonly deadlineMs?: number;
}

export interface ScoreResult {
  readonly scores: readonly Score[];
  readonly rewardHash: string;
  readonly ms: number;
}

/** That responses may stand after the line of a `score` (docs/FORMATS.md): workers of before did not take them there. */
export interface TakesTexts {
  readonly texts: true;
}

export interface Methods {
  load: { params: LoadParams; result: LoadedReward & TakesTexts };
  score: { params: ScoreParams; result: ScoreResult };
  cancel: { params: { readonly request: number }; result: Record<string, never> };
  unload: { params: { readonly reward: string }; result: Record<string, never> };
}

/** Why a request failed; `remedy` says what to do. */
export interface WorkerError {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly stack?: string;
  readonly remedy?: string;
}

export type Request = { readonly [M in keyof Methods]: { readonly id: number; readonly method: M; readonly bytes?: number; readonly params: Methods[M]['params'] } }[keyof Methods];

export type Reply = { readonly id: number | null; readonly result: unknown } | { readonly id: number | null; readonly error: WorkerError };

/** A failure that is told to the client field by field. */
export class WorkerFailure extends Error {
  constructor(readonly details: WorkerError) {
    super(details.message);
  }
}

export const defaultDeadlineMs = 5000;
export const defaultMemoryMb = 512;

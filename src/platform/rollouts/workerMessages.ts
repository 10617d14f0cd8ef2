import { AppError, type ErrorCode, type ErrorDetails, messageOf } from '../../core/errors';
import type { Problem } from '../../core/problem';
import type { RolloutColumn } from '../../core/rollouts/rolloutColumns';
import type { RolloutProgress } from '../../core/rollouts/rolloutQuestion';
import type { RolloutStore } from './rolloutStore';

/** What is read so far. */
export interface RolloutState {
  readonly progress: RolloutProgress;
  readonly columns: readonly RolloutColumn[];
  readonly problems: readonly Problem[];
}

/** Methods of the store that are called from another process; an `AbortSignal` at their end is not passed on but cancels. */
export type StoreMethod = 'answer' | 'rows' | 'facet' | 'read' | 'named' | 'ofSample' | 'sampleMeans' | 'setDifficulty' | 'refresh';
export type StoreArgs<M extends StoreMethod> = M extends 'refresh' ? [most?: number] : Parameters<RolloutStore[M]>;
export type StoreResult<M extends StoreMethod> = M extends 'refresh' ? boolean : Awaited<ReturnType<RolloutStore[M]>>;

export type ToWorker = { readonly id: number; readonly method: StoreMethod; readonly args: readonly unknown[] } | { readonly cancel: number };
export type FromWorker =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WorkerError }
  /** A part was read. */
  | { readonly state: RolloutState };

export interface WorkerError {
  readonly message: string;
  readonly app?: { readonly code: ErrorCode; readonly details: ErrorDetails[ErrorCode] };
}

export function errorForHost(error: unknown): WorkerError {
  return error instanceof AppError ? { message: error.message, app: { code: error.code, details: error.details } } : { message: messageOf(error) };
}

export function errorOfWorker({ message, app }: WorkerError): Error {
  return app ? new AppError(app.code, app.details) : new Error(message);
}

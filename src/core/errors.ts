import type { QueryFault } from './query/queryAnswer';

/** Facts of every failure a person can act on; the words are in `host/errorWords.ts` and the CLI prints the same. */
export interface ErrorDetails {
  'project.missing': { folder: string };
  'project.invalid': { file: string; line: number; reason: string };
  'dataset.unreadable': { file: string; reason: string };
  'dataset.changedOnDisk': { file: string };
  'dataset.rowsMoved': { file: string; /** What a person typed or drew, which has no place now. */ typed?: string };
  'workspace.untrusted': { what: string };
  'reward.failed': { file: string; line?: number; reason: string; remedy?: string };
  'reward.workerLost': { reason: string };
  'model.unusable': { folder: string; reason: string };
  'detector.unusable': { folder: string; reason: string; remedy: string };
  'detector.failed': { image: string; reason: string };
  'detector.lost': { reason: string };
  'python.notFound': { tried: readonly string[] };
  'python.unusable': { python: string; reason: string };
  'trainer.exited': { exitCode: number | null; lastLines: readonly string[] };
  'run.unreadable': { folder: string; reason: string };
  'run.alreadyActive': { run: string };
  'endpoint.failed': { url: string; reason: string; remedy: string; /** Of HTTP, where there was an answer. */ status?: number };
  'policy.failed': { policy: string; reason: string; remedy: string };
  'file.unwritable': { file: string; reason: string };
  'argument.invalid': { argument: string; reason: string };
  'duckdb.unavailable': { platform: string; reason: string };
  'query.invalid': QueryFault;
}

export type ErrorCode = keyof ErrorDetails;

/** A failure whose cause and remedy can be told to a person. Anything else that is thrown is a defect of ours. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  constructor(
    readonly code: C,
    readonly details: ErrorDetails[C],
    options?: { cause?: unknown },
  ) {
    super(`${code} ${JSON.stringify(details)}`, options);
  }

  static is<C extends ErrorCode>(error: unknown, code: C): error is AppError<C> {
    return error instanceof AppError && error.code === code;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

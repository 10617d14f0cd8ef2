import type { RowContext } from '../dataset/inspectRow';
import type { Problem, Severity } from '../../core/problem';
import type { BoxFrame } from '../../core/project/project';
import type { Split } from '../../core/formats/exportSample';
import type { Container, ExportTarget, ImageMode } from '../../core/formats/exportTarget';

/** A file of rows and what it is for. */
export interface ExportInput extends Omit<RowContext, 'maxPromptTokens'> {
  readonly split: Split;
}

export interface ExportPlan {
  readonly inputs: readonly ExportInput[];
  readonly target: ExportTarget;
  /** Absolute; made where it is missing. */
  readonly folder: string;
  /** Names the files, and the data source of formats that have one. */
  readonly name: string;
  readonly container: Container;
  readonly images: ImageMode;
  readonly frame: BoxFrame;
  /** Whether the answer of a row with boxes is written from them. */
  readonly answer: 'row' | 'boxes';
  /** Whether rows that the loader would refuse are left out; else nothing is written while there are any. */
  readonly leaveOut: boolean;
  /** Whether files that are there already are replaced. */
  readonly force: boolean;
  /** Rows that are wanted; all where absent. */
  readonly isWanted?: (qid: string, row: number, input: ExportInput) => boolean;
  /** Makes the user's turn of a problem; the problem itself where absent. */
  readonly render?: (problem: string, row: Readonly<Record<string, unknown>>) => string;
}

export interface ExportReport {
  readonly isWritten: boolean;
  /** Rows that were wanted. */
  readonly rows: number;
  readonly written: number;
  /** Rows that the loader would refuse. */
  readonly refused: number;
  /** Rows that were not wanted. */
  readonly skipped: number;
  /** Answers that are boxes and were brought to the frame, or were written from boxes. */
  readonly answersChanged: number;
  /** Absolute paths of what was written. */
  readonly files: readonly string[];
  /** The first two thousand findings. */
  readonly problems: readonly Problem[];
  /** All findings, by rule. */
  readonly counts: Readonly<Record<string, { readonly severity: Severity; readonly count: number }>>;
  /** What to put into the trainer's configuration. */
  readonly hints: readonly string[];
}

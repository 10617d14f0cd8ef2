import { parseRow } from '../../core/dataset/parseRow';
import { AppError } from '../../core/errors';
import type { Columns } from '../../core/project/project';
import type { DatasetFile, RowText } from './datasetFile';

/** A row as a person saw it when the change was made. */
export interface SeenRow {
  readonly qid: string;
  /** The session's then. */
  readonly numbering: number;
}

/** What a seen row is looked for in. */
export interface SeenIn {
  readonly file: DatasetFile;
  readonly columns: Columns;
  readonly numbering: number;
  /** The row that stands where the person saw it, edits included. */
  readonly there: RowText | undefined;
}

/**
 * Where the sample that a person saw in row `shown` is now. `isFindable`: the change means the same wherever it stands. `typed` is told where it has no place.
 * Throws `dataset.rowsMoved`, and `argument.invalid` for a sample that is gone.
 */
export async function placeOfSeen(shown: number, { qid, numbering }: SeenRow, now: SeenIn, isFindable: boolean, typed: string): Promise<number> {
  const { there, file, columns } = now;
  const isSame = there !== undefined && (parseRow(there.text, columns).row?.qid ?? '') === qid;
  if (isSame && numbering === now.numbering) return shown;
  if (qid === '' || !isFindable) throw new AppError('dataset.rowsMoved', { file: file.file, typed });
  const found = isSame ? there : await file.findQid(qid, columns);
  if (found) return found.row;
  throw new AppError('argument.invalid', { argument: `sample ${qid}`, reason: `the file does not have it any more.${typedInWords(typed)}` });
}

/** What was typed, at the end of a message that says why it has no place: so it can be copied from there. */
export function typedInWords(typed: string): string {
  return typed === '' ? '' : ` What you made: ${typed}`;
}

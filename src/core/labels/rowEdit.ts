import { textHash } from '../dataset/textHash';
import { applySplice, type Splice, spliceBetween } from './splices';

/** The text of a row's line; null where there is no such row, because it was deleted. */
export type LineText = string | null;

/** A row that was changed here and on disk: the line from which the edit here started, and the one on disk now. Null where there is none. */
export interface Conflict {
  readonly base: LineText;
  readonly theirs: LineText;
}

/**
 * One step on the undo stack: the line of a touched row before and after. Only what differs is kept, so that ten thousand steps on a long line stay small;
 * the hashes tell whether a line is the one that the step starts from, so that taking it back restores the very bytes.
 */
export interface RowEdit {
  readonly key: number;
  /** Hash of the whole line before; null where there was none. */
  readonly from: number | null;
  readonly to: number | null;
  /** Where a row comes or goes, the whole line. */
  readonly splice: Splice;
  /** It decides this conflict. */
  readonly settles?: Conflict;
  /** It brings this conflict back, as long as the file is as it was then. */
  readonly reopens?: Conflict;
}

export function rowEdit(key: number, before: LineText, after: LineText, settles?: Conflict): RowEdit {
  const splice = before === null || after === null ? { at: 0, before: before ?? '', after: after ?? '' } : spliceBetween(before, after);
  return { key, from: hashOf(before), to: hashOf(after), splice, ...(settles && { settles }) };
}

export function invertEdit({ key, from, to, splice, settles, reopens }: RowEdit): RowEdit {
  return { key, from: to, to: from, splice: { at: splice.at, before: splice.after, after: splice.before }, ...(settles && { reopens: settles }), ...(reopens && { settles: reopens }) };
}

/** The line afterwards; `undefined` when `text` is not the line that the step starts from. */
export function afterEdit(text: LineText, { from, to, splice }: RowEdit): LineText | undefined {
  if (hashOf(text) !== from) return undefined;
  if (to === null) return null;
  return applySplice(text ?? '', splice);
}

function hashOf(text: LineText): number | null {
  return text === null ? null : textHash(text);
}

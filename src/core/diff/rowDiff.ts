import { parseRow } from '../dataset/parseRow';
import type { ParsedRow } from '../dataset/row';
import type { BoxFrame, Columns } from '../project/project';
import { type BoxChange, boxChanges } from './boxChanges';

/** How a row differs between two revisions. */
export interface RowDiff {
  /** The row's own names of the fields whose values differ, in the order of the row; none where only the writing does. */
  readonly fields: readonly string[];
  readonly boxes: readonly BoxChange[];
}

/** The field of each row text that differs, as JSON values; a line that is no row differs in its text. */
export function rowDiff(old: string, now: string, columns: Columns, frame: BoxFrame): RowDiff {
  return diffParsed(parseRow(old, columns), parseRow(now, columns), columns, frame);
}

export function diffParsed(old: ParsedRow, now: ParsedRow, columns: Columns, frame: BoxFrame): RowDiff {
  if (!old.row || !now.row) return { fields: ['(text)'], boxes: [] };
  const names = [...new Set([...Object.keys(now.fields ?? {}), ...Object.keys(old.fields ?? {})])];
  const fields = names.filter(name => !isEqual(valueOf(old, name), valueOf(now, name)));
  return { fields, boxes: fields.includes(columns.boxes) ? boxChanges(old.row.boxes, now.row.boxes, frame) : [] };
}

/** The value of a row's own field; undefined where it has none. */
export function valueOf({ fields }: ParsedRow, name: string): unknown {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Whether two JSON values are the same; the order of keys is writing. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

import type { Columns } from '../project/project';
import { applyBulk, type RowBulkEdit } from './bulkEdit';
import type { LineText } from './editedRows';
import type { RowSet } from './rowSet';

/** A bulk edit of more rows than texts are kept for: the edit and its rows, a bit each. Their lines are worked out when they are read or saved. */
export interface RowLayer {
  readonly id: number;
  readonly edit: RowBulkEdit;
  readonly rows: RowSet;
  readonly columns: Columns;
}

/** The line of a row after the layers in their order; a row that an edit cannot change stays as it is. */
export function throughLayers(layers: readonly RowLayer[], row: number, base: string): LineText {
  let text: LineText = base;
  for (const { edit, rows, columns } of layers) {
    if (text === null) return null;
    if (!rows.has(row)) continue;
    const result = applyBulk(text, edit, columns);
    if (result.refused === undefined) text = result.text;
  }
  return text;
}

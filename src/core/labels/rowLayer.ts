import type { Columns } from '../project/project';
import { applyBulk, type RowBulkEdit } from './bulkEdit';
import type { LineText } from './rowEdit';
import type { RowSet } from './rowSet';
import { applySplice, type Splice, type Splices } from './splices';

/** A bulk edit again, or taken back, after it was saved. */
export interface SpliceEdit {
  readonly type: 'splices';
  readonly splices: Splices;
}

/** A bulk edit of more rows than texts are kept for: the edit and its rows, a bit each. Their lines are worked out when they are read or saved. */
export interface RowLayer {
  readonly id: number;
  readonly edit: RowBulkEdit | SpliceEdit;
  readonly rows: RowSet;
  readonly columns: Columns;
}

/** The line of a row after the layers in their order; a row that an edit cannot change stays as it is. */
export function throughLayers(layers: readonly RowLayer[], row: number, base: string): LineText {
  let text: LineText = base;
  for (const { edit, rows, columns } of layers) {
    if (text === null) return null;
    if (!rows.has(row)) continue;
    if (edit.type === 'splices') text = splicedText(text, edit.splices.at(row)) ?? text;
    else text = bulkText(text, edit, columns);
  }
  return text;
}

function bulkText(text: string, edit: RowBulkEdit, columns: Columns): LineText {
  const result = applyBulk(text, edit, columns);
  return result.refused === undefined ? result.text : text;
}

function splicedText(text: string, splice: Splice | undefined): string | undefined {
  return splice && applySplice(text, splice);
}

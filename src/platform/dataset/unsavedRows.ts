import type { DatasetEdits } from '../../core/labels/datasetEdits';
import { byPlace, type EditedRow } from '../../core/labels/editedRows';
import { throughLayers } from '../../core/labels/rowLayer';
import type { DatasetFile } from './datasetFile';
import type { ChangedRow } from './saveRows';
import { sparseRows } from './sparseRows';

/** What saving writes, in the order of the file and in batches; rows under bulk edits are worked out as they come. */
export async function* unsavedRows(file: DatasetFile, edits: DatasetEdits): AsyncGenerator<readonly ChangedRow[]> {
  const own = [...edits.rows.unsaved()].sort(byPlace).map(inFile);
  let next = 0;
  for await (const batch of sparseRows(file, Uint32Array.from(edits.rowsUnderLayers()))) {
    const changed: ChangedRow[] = [];
    for (const { row, text: base } of batch) {
      for (let before = own[next]; before && before.row <= row; before = own[++next]) changed.push(before);
      const text = throughLayers(edits.layers, row, base);
      if (text !== base) changed.push({ row, base, text });
    }
    yield changed;
  }
  yield own.slice(next);
}

/** A row that changed here and on disk takes the place of the one on disk. */
function inFile({ row, base, text, theirs }: EditedRow): ChangedRow {
  return { row, base: theirs === undefined ? base : theirs, text };
}

/** How many rows before one bulk edits delete; rows that are deleted one by one count themselves. */
export function goneBefore(edits: DatasetEdits): (row: number) => number {
  const deleting = edits.layers.filter(({ edit }) => edit.type === 'deleteRows');
  if (deleting.length === 0) return () => 0;
  const gone = Uint32Array.from(edits.rowsUnderLayers()).filter(row => deleting.some(({ rows }) => rows.has(row)));
  return row => countBelow(gone, row);
}

/** Where the rows of the file will be once everything is saved; `undefined` for those that go. `undefined` altogether where all stay at their place. */
export function placesAfterSave(edits: DatasetEdits): ((row: number) => number | undefined) | undefined {
  const unsaved = edits.rows.unsaved();
  const deleted = Uint32Array.from(unsaved.flatMap(({ row, text }) => (text === null ? [row] : []))).sort();
  const added = Uint32Array.from(unsaved.flatMap(({ row, base }) => (base === null ? [row] : []))).sort();
  const deleting = edits.layers.filter(({ edit }) => edit.type === 'deleteRows');
  if (deleted.length + added.length + deleting.length === 0) return undefined;
  const gone = goneBefore(edits);
  return row => {
    const entry = edits.rows.at(row);
    if (entry ? entry.text === null : deleting.some(({ rows }) => rows.has(row))) return undefined;
    return row - gone(row) - countBelow(deleted, row) + countBelow(added, row + 1);
  };
}

function countBelow(sorted: Uint32Array, row: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

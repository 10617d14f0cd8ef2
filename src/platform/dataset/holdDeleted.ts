import type { DatasetEdits } from '../../core/labels/datasetEdits';
import type { LargeEdit } from '../../core/labels/largeEdit';
import { type RowLayer, throughLayers } from '../../core/labels/rowLayer';
import type { DatasetFile } from './datasetFile';
import type { PlannedRow } from './keptChanges';
import { sparseRows } from './sparseRows';

/** Characters of deleted rows that are held in memory for undo after saving: about 300,000 rows of a usual dataset. */
export const mostDeletedHeld = 128 << 20;

/** Bulk deletions that are about to be saved take their rows' lines, as long as these are not too much, so that undo can put them back while this session lasts. */
export async function holdDeleted(file: DatasetFile, edits: DatasetEdits, large: readonly LargeEdit[]): Promise<void> {
  let room = mostDeletedHeld;
  for (const each of large) {
    const layer = edits.layers.find(({ id }) => id === each.layer.id);
    if (layer?.edit.type !== 'deleteRows') continue;
    const rows = await linesUnder(file, edits, layer, room);
    if (!rows) continue;
    edits.setLayers(edits.layers.filter(other => other !== layer));
    const deleted = rows.flatMap(({ row, base, now, after }) => edits.rows.planned(row, base, now, after) ?? []);
    for (const edit of deleted) edits.rows.apply(edit);
    each.hold(deleted);
    room -= charactersOf(rows);
  }
}

/** Rows that a deletion takes away and that are not edited by themselves, as they were before it; `undefined` where that is more than there is room for. */
async function linesUnder(file: DatasetFile, edits: DatasetEdits, layer: RowLayer, room: number): Promise<readonly PlannedRow[] | undefined> {
  const below = edits.layers.slice(0, edits.layers.indexOf(layer));
  const lines: PlannedRow[] = [];
  let held = 0;
  for await (const batch of sparseRows(file, layer.rows.toArray().filter(row => !edits.rows.at(row)))) {
    for (const { row, text: base } of batch) {
      const now = throughLayers(below, row, base);
      if (now === null) continue;
      held += now.length;
      lines.push({ row, base, now, after: null });
    }
    if (held > room) return undefined;
  }
  return lines;
}

function charactersOf(rows: readonly PlannedRow[]): number {
  return rows.reduce((sum, { base }) => sum + base.length, 0);
}

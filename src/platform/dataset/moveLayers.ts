import { createHash } from 'node:crypto';
import type { RowLayer } from '../../core/labels/rowLayer';
import { RowSet } from '../../core/labels/rowSet';
import type { DatasetFile } from './datasetFile';
import { sparseRows } from './sparseRows';

/**
 * Bulk edits over a file that changed: they keep the rows whose line is the same, wherever it stands now. Rows that are others now, or gone, leave them:
 * what somebody else wrote is not changed unseen. One pass over both files.
 */
export async function moveLayers(before: DatasetFile, now: DatasetFile, layers: readonly RowLayer[]): Promise<{ readonly layers: readonly RowLayer[]; readonly left: number }> {
  const rows = new RowSet();
  for (const layer of layers) for (const row of layer.rows) rows.add(row);
  const moved = new Map<number, number>();
  const wanted = new Map<string, number[]>();
  for await (const batch of sparseRows(before, rows.toArray())) {
    const [from = 0, to = 0] = [batch[0]?.row, (batch.at(-1)?.row ?? 0) + 1];
    const there = await now.readRows(from, to);
    for (const { row, text } of batch) {
      if (there[row - from]?.text === text) moved.set(row, row);
      else wanted.set(keyOf(text), [...(wanted.get(keyOf(text)) ?? []), row]);
    }
  }
  if (wanted.size > 0) {
    const taken = new Set(moved.values());
    for await (const batch of now.batches()) {
      for (const { row, text } of batch) {
        const old = taken.has(row) ? undefined : wanted.get(keyOf(text))?.shift();
        if (old !== undefined) moved.set(old, row);
      }
    }
  }
  return {
    layers: layers.map(layer => ({
      ...layer,
      rows: RowSet.of([...layer.rows].flatMap(row => moved.get(row) ?? [])),
      edit: layer.edit.type === 'splices' ? { ...layer.edit, splices: layer.edit.splices.moved(row => moved.get(row)) } : layer.edit,
    })),
    left: rows.size - moved.size,
  };
}

function keyOf(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

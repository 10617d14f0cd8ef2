import type { RowText } from '../../platform/dataset/datasetFile';
import type { DatasetDocument } from './document';

/** Rows by their numbers, in the order given; runs of neighbours are read at once. Rows that the file does not have are left out. */
export async function readEach(document: DatasetDocument, rows: readonly number[]): Promise<readonly RowText[]> {
  const runs: { from: number; to: number }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last?.to === row) last.to++;
    else runs.push({ from: row, to: row + 1 });
  }
  return (await Promise.all(runs.map(({ from, to }) => document.readRows(from, to)))).flat();
}

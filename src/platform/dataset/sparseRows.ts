import type { DatasetFile, RowText } from './datasetFile';

const batchBytes = 1 << 20;
/** Rows that are read for nothing between two wanted ones, rather than reading twice. */
const widestGap = 32;

/** The rows of a rising list in batches of about a megabyte, read in runs; between batches the event loop runs. Rows that the file does not have are left out. */
export async function* sparseRows(file: DatasetFile, rows: ArrayLike<number>, signal?: AbortSignal): AsyncGenerator<readonly RowText[]> {
  const count = await file.count();
  for (let at = 0; at < rows.length; ) {
    signal?.throwIfAborted();
    const first = rows[at] as number;
    if (first >= count) return;
    let next = at + 1;
    while (next < rows.length && (rows[next] as number) - (rows[next - 1] as number) <= widestGap && file.startOf((rows[next] as number) + 1) - file.startOf(first) < batchBytes) next++;
    const read = await file.readRows(first, (rows[next - 1] as number) + 1);
    const batch: RowText[] = [];
    for (; at < next; at++) {
      const found = read[(rows[at] as number) - first];
      if (found) batch.push(found);
    }
    yield batch;
  }
}

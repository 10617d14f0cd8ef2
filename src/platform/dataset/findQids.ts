import type { Columns } from '../../core/project/project';
import type { DatasetFile } from './datasetFile';
import { qidOf } from './planBulk';

/** Where samples stand in a file now: looked for where they were, and then in one pass over the file; null for those that it does not have. */
export async function findQids(file: DatasetFile, columns: Columns, places: readonly { readonly qid: string; readonly row: number }[]): Promise<readonly (number | null)[]> {
  const found = new Map<string, number>();
  const wanted = new Set<string>();
  for (const { qid, row } of places) {
    const [there] = await file.readRows(row, row + 1);
    if (there && qidOf(there.text, columns) === qid) found.set(qid, row);
    else if (qid !== '') wanted.add(qid);
  }
  for (const qid of found.keys()) wanted.delete(qid);
  if (wanted.size === 0) return places.map(({ qid }) => found.get(qid) ?? null);
  for await (const batch of file.batches()) {
    for (const { row, text } of batch) {
      const qid = qidOf(text, columns);
      if (wanted.delete(qid)) found.set(qid, row);
    }
    if (wanted.size === 0) break;
  }
  return places.map(({ qid }) => found.get(qid) ?? null);
}

import { parseRow } from '../../core/dataset/parseRow';
import type { EditedRow, FoundRow } from '../../core/labels/editedRows';
import type { LineText } from '../../core/labels/rowEdit';
import type { Columns } from '../../core/project/project';
import type { DatasetFile } from './datasetFile';
import { sparseRows } from './sparseRows';

/**
 * Finds touched rows in a file that changed: where it stands with the line or the qid it had, else by these elsewhere; no two of them find the same row.
 * One pass over the file at most, and none when every row is still in its place.
 */
export async function locateRows(file: DatasetFile, rows: readonly EditedRow[], columns: Columns): Promise<(row: EditedRow) => FoundRow | undefined> {
  const found = new Map<number, FoundRow>();
  const wanted = new Map<string, EditedRow[]>();
  const want = (name: string, edited: EditedRow): void => {
    const same = wanted.get(name);
    if (same) same.push(edited);
    else wanted.set(name, [edited]);
  };
  const qidOf = (text: LineText): string | undefined => (text === null ? undefined : parseRow(text, columns).row?.qid);
  const there = await rowsAt(file, rows.flatMap(({ base, row }) => (base === null ? [] : [row])));
  const taken = new Set<number>();
  for (const edited of rows) {
    const at = edited.base === null ? undefined : there.get(edited.row);
    const qid = qidOf(edited.base) || qidOf(edited.text);
    if (at !== undefined && !taken.has(edited.row) && (at === edited.base || (qid !== undefined && qidOf(at) === qid))) {
      found.set(edited.key, { row: edited.row, text: at });
      taken.add(edited.row);
    } else {
      if (edited.base !== null) want(`line ${edited.base}`, edited);
      if (qid) want(`qid ${qid}`, edited);
    }
  }
  if (wanted.size === 0) return edited => found.get(edited.key);
  for await (const batch of file.batches()) {
    for (const { row, text } of batch) {
      if (taken.has(row)) continue;
      const candidates = [...(wanted.get(`line ${text}`) ?? []), ...(wanted.get(`qid ${qidOf(text)}`) ?? [])];
      const edited = candidates.find(({ key }) => !found.has(key));
      if (edited) found.set(edited.key, { row, text });
    }
  }
  return edited => found.get(edited.key);
}

async function rowsAt(file: DatasetFile, rows: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const texts = new Map<number, string>();
  for await (const batch of sparseRows(file, Uint32Array.from(new Set(rows)).sort())) for (const { row, text } of batch) texts.set(row, text);
  return texts;
}

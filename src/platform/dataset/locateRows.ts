import { parseRow } from '../../core/dataset/parseRow';
import type { EditedRow, FoundRow, LineText } from '../../core/labels/editedRows';
import type { Columns } from '../../core/project/project';
import type { DatasetFile } from './datasetFile';

/**
 * Finds touched rows in a file that changed: where it stands with the line it had, else by its qid. One pass over the file at most,
 * and none when every row is still in its place.
 */
export async function locateRows(file: DatasetFile, rows: readonly EditedRow[], columns: Columns): Promise<(row: EditedRow) => FoundRow | undefined> {
  const found = new Map<number, FoundRow>();
  const wanted = new Map<string, EditedRow[]>();
  const qidOf = (text: LineText): string | undefined => (text === null ? undefined : parseRow(text, columns).row?.qid);
  for (const edited of rows) {
    const [there] = edited.base === null ? [] : await file.readRows(edited.row, edited.row + 1);
    const qid = qidOf(edited.base) || qidOf(edited.text);
    const isSame = there !== undefined && (there.text === edited.base || (qid !== undefined && parseRow(there.text, columns).row?.qid === qid));
    if (isSame) found.set(edited.key, { row: there.row, text: there.text });
    else if (qid) wanted.set(qid, [...(wanted.get(qid) ?? []), edited]);
  }
  if (wanted.size === 0) return edited => found.get(edited.key);
  for await (const batch of file.batches()) {
    for (const { row, text } of batch) {
      const qid = parseRow(text, columns).row?.qid;
      for (const edited of (qid !== undefined && wanted.get(qid)) || []) if (!found.has(edited.key)) found.set(edited.key, { row, text });
    }
  }
  return edited => found.get(edited.key);
}

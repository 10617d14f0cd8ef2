import type { EditedRow } from '../../core/labels/editedRows';

/** What hot exit keeps of a dataset: the rows with unsaved edits, before and after. */
export type BackedUpRow = Omit<EditedRow, 'key'>;

export function writeBackup(rows: readonly EditedRow[]): string {
  return JSON.stringify({ v: 1, rows: rows.map(({ key: _, ...row }) => row) });
}

/** Throws when the text is no backup of ours: VS Code then says that the editor cannot be opened, and keeps the backup. */
export function readBackup(text: string): readonly BackedUpRow[] {
  const { v, rows } = JSON.parse(text) as { v: unknown; rows: readonly BackedUpRow[] };
  if (v !== 1) throw new Error(`The backup has version ${String(v)}; this release reads 1.`);
  return rows;
}

import { type Disposable, DisposableStore } from '../../core/lifecycle';
import type { LintService } from '../../host/lintService';
import type { DatasetDocument } from './document';

/** Rows of a bulk edit that are checked at once; past that the saved file tells. */
const mostRows = 500;

/** Checks each row that is edited at once, so that Problems, trees and queries tell it as it is here and not as it was saved. */
export function followLint(document: DatasetDocument, lint: LintService): Disposable {
  const { fsPath: file } = document.uri;
  const lifetime = new DisposableStore();
  lifetime.add(
    document.onDidChangeRow(async row => {
      const [at] = await document.readRows(row, row + 1);
      if (at) await lint.recheck(file, row, at.line, at.text);
    }),
  );
  lifetime.add(
    document.onDidReload(async () => {
      const rows = document.unsavedCount === 0 ? [] : await firstEdited(document);
      if (rows.length > 0) await lint.recheckAll(file, rows);
      else lint.forget(file); // saved or reverted: the file is checked as a whole
    }),
  );
  lifetime.add({ dispose: () => lint.forget(file) });
  return lifetime;
}

interface EditedRow {
  readonly row: number;
  readonly line: number;
  /** Null for a row that goes with the next save. */
  readonly text: string | null;
}

async function firstEdited(document: DatasetDocument): Promise<readonly EditedRow[]> {
  const rows: EditedRow[] = [];
  for await (const batch of document.editedRows) {
    for (const { row, base, text } of batch) {
      if (base === null) continue; // the file does not have it yet
      const [at] = await document.readRows(row, row + 1);
      if (at && rows.push({ row, line: at.line, text }) >= mostRows) return rows;
    }
  }
  return rows;
}

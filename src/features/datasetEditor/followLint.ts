import { type Disposable, DisposableStore } from '../../core/lifecycle';
import type { LintService } from '../../host/lintService';
import type { DatasetDocument } from './document';

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
  lifetime.add(document.onDidReload(() => document.unsavedCount === 0 && lint.forget(file))); // saved or reverted: the file is checked as a whole
  lifetime.add({ dispose: () => lint.forget(file) });
  return lifetime;
}

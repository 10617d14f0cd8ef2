import type { DatasetEdits } from '../../core/labels/datasetEdits';
import type { Curation } from '../../core/curation/curation';
import { describeBulk } from '../../core/labels/bulkEdit';
import { EditHistory } from '../../core/labels/editHistory';
import { printHeader, printStep, replayJournal, type UnsavedEdits } from '../../core/labels/journalLine';
import type { Columns } from '../../core/project/project';
import type { DatasetFile } from './datasetFile';
import { readLeftJournal } from './leftJournals';
import { locateRows } from './locateRows';

/** What came back of an earlier session. */
export interface Restored {
  /** Rows and samples that are unsaved again. */
  readonly count: number;
  /** Whether the process ended without a word, or VS Code knew less than that. */
  readonly isFromCrash: boolean;
  /** Bulk edits of more rows than are kept with their texts, which would have to be done again because the file changed since; in words. */
  readonly lost: readonly string[];
  /** Rows that the file changed too, and samples whose curation did. */
  readonly conflicts: number;
}

/** The text of a backup: a journal that has everything in one step. */
export function printBackup(file: string, { signature, rows, samples, layers }: UnsavedEdits): string {
  return [printHeader(file, signature), printStep({ rows, samples }), ...layers.map(laid => printStep({ laid })), ''].join('\n');
}

/**
 * Takes up what an earlier session left: from its journal, which has every step, else from `backup`. Rows are found by the line they replace or by their qid.
 * The history keeps the steps that can still be taken back. `curation` is what the curation file says. `left` are journals whose content is here now.
 */
export async function restoreEdits(
  file: DatasetFile,
  edits: DatasetEdits,
  columns: Columns,
  journalFolder: string | undefined,
  backup: string | undefined,
  curation: Promise<ReadonlyMap<string, Curation>>,
): Promise<Restored & { readonly left: readonly string[]; readonly history: EditHistory }> {
  const journal = journalFolder === undefined ? undefined : await readLeftJournal(journalFolder, file.file, file.signature);
  const backedUp = backup === undefined ? undefined : replayJournal(backup.split('\n'), file.signature);
  const unsaved = journal?.edits ?? backedUp;
  if (!unsaved && backup !== undefined) throw new Error('The backup is none that this release reads.');
  if (!unsaved) return { count: 0, isFromCrash: false, lost: [], conflicts: 0, left: [], history: new EditHistory() };
  const isSameFile = unsaved.signature === file.signature;
  edits.rows.restore([...unsaved.touched, ...unsaved.rows]);
  if (!isSameFile) edits.rows.rebase(await locateRows(file, edits.rows.all(), columns));
  if (isSameFile) edits.setLayers(unsaved.layers);
  if (unsaved.samples.length > 0) edits.curation.rebase(await curation);
  const decisions = edits.curation.restore(unsaved.samples);
  const { history } = unsaved;
  if (!isSameFile) for (const { large } of history.steps) large?.forget();
  history.keepPossible(key => edits.rows.get(key)?.text, edits.unsavedCount > 0);
  return {
    count: edits.unsavedCount,
    isFromCrash: journal?.edits.isEnded === false || backedUp === undefined || printBackup('', backedUp) !== printBackup('', unsaved),
    lost: isSameFile ? [] : unsaved.layers.map(({ edit, rows }) => `${edit.type === 'splices' ? 'a bulk edit taken back' : describeBulk(edit)} (${rows.size.toLocaleString('en')} rows)`),
    conflicts: edits.rows.conflicts().length + decisions.length,
    left: journal?.journals ?? [],
    history,
  };
}

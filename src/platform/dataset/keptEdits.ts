import type { DatasetEdits } from '../../core/labels/datasetEdits';
import type { EditHistory } from '../../core/labels/editHistory';
import type { KeptEdits } from '../../core/labels/journalLine';

/** All that outlives a session: what is not saved of the file's version `signature`, and the steps that led there. */
export function keptEdits(signature: string, edits: DatasetEdits, history: EditHistory): KeptEdits {
  const { layers, curation } = edits;
  const rows = edits.ownRows();
  const own = new Set(rows);
  const inHistory = new Set(history.steps.flatMap(step => step.rows.map(({ key }) => key)));
  return {
    signature,
    rows,
    touched: edits.rows.all().filter(row => !own.has(row) && inHistory.has(row.key)),
    layers,
    samples: [...curation.unsaved].map(([qid, now]) => ({ qid, base: curation.savedOf(qid), now })),
    history,
  };
}

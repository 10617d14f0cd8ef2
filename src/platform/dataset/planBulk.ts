import { applyCurationChange, type CurationChange, untouched } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import { applyBulk, type BulkEdit, isCurationEdit, type RowBulkEdit } from '../../core/labels/bulkEdit';
import { bulkExample } from '../../core/labels/bulkExample';
import type { BulkPreview } from '../../core/labels/bulkPreview';
import type { DatasetEdits } from '../../core/labels/datasetEdits';
import { RowSet } from '../../core/labels/rowSet';
import type { Columns } from '../../core/project/project';
import type { DatasetFile } from './datasetFile';
import { mostDeletedHeld } from './holdDeleted';
import { KeptChanges } from './keptChanges';
import { sparseRows } from './sparseRows';

/** How a long pass over rows is watched and stopped. */
export interface BulkOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
  /** Characters of rows that the step keeps before and after; beyond, it is kept as the edit and its rows. */
  readonly mostTextKept?: number;
  /** `numbering` of the session when the rows were selected; where it is another by now the edit is refused, since it would meet other rows. */
  readonly numbering?: number;
}

export interface BulkPlan extends BulkPreview {
  readonly rows: RowSet;
  readonly kept: KeptChanges;
  /** Samples of the changed rows, for an edit of the curation. */
  readonly qids: readonly string[];
}

/** About 40,000 rows of a usual dataset. */
const usuallyKept = 32 << 20;
const mostRefused = 20;
const mostExamples = 5;

/** Works a bulk edit out over its rows (a rising list) without changing anything. Throws when it is stopped. */
export async function planBulk(file: DatasetFile, edits: DatasetEdits, columns: Columns, rows: Uint32Array, edit: BulkEdit, options: BulkOptions = {}): Promise<BulkPlan> {
  const { signal, progress, mostTextKept = usuallyKept } = options;
  const plan = new BulkPlanner(edits, columns, new KeptChanges(mostTextKept));
  let done = 0;
  for await (const batch of sparseRows(file, rows, signal)) {
    for (const { row, text } of batch) plan.add(edit, row, text);
    done += batch.length;
    progress?.(done, rows.length);
  }
  return plan;
}

class BulkPlanner implements BulkPlan {
  readonly rows = new RowSet();
  readonly qids: string[] = [];
  readonly refused: { row: number; reason: string }[] = [];
  readonly examples: { row: number; qid: string; before: string; after: string }[] = [];
  refusedCount = 0;
  unchanged = 0;
  private deleted = 0;

  constructor(
    private readonly edits: DatasetEdits,
    private readonly columns: Columns,
    readonly kept: KeptChanges,
  ) {}

  get changed(): number {
    return this.rows.size;
  }

  get isFinalOnceSaved(): boolean {
    return this.deleted > mostDeletedHeld;
  }

  add(edit: BulkEdit, row: number, base: string): void {
    const now = this.edits.textOf(row, base);
    if (now === null) this.unchanged++; // it goes anyway
    else if (isCurationEdit(edit)) this.addSample(edit, row, now);
    else this.addRow(edit, row, base, now);
  }

  private addSample(edit: CurationChange, row: number, now: string): void {
    const qid = qidOf(now, this.columns);
    if (qid === '') return this.refuse(row, 'It has no id of its own by which it could be found again.');
    const before = this.edits.curation.of(qid);
    const after = applyCurationChange(before, edit);
    if (after === before) {
      this.unchanged++;
      return;
    }
    this.rows.add(row);
    this.qids.push(qid);
    if (this.examples.length < mostExamples) this.addExample(row, qid, bulkExample(edit, now, before, this.columns), bulkExample(edit, now, after, this.columns));
  }

  private addRow(edit: RowBulkEdit, row: number, base: string, now: string): void {
    const entry = this.edits.rows.at(row);
    if (entry?.theirs !== undefined) return this.refuse(row, 'It was changed here and on disk; choose there first.');
    const { text: after, refused } = applyBulk(now, edit, this.columns);
    if (refused !== undefined) return this.refuse(row, refused);
    if (after === now) {
      this.unchanged++;
      return;
    }
    this.rows.add(row);
    if (after === null) this.deleted += now.length;
    this.kept.add({ row, base, now, after }, entry !== undefined);
    if (this.examples.length >= mostExamples) return;
    this.addExample(row, qidOf(now, this.columns), bulkExample(edit, now, untouched, this.columns), bulkExample(edit, after, untouched, this.columns));
  }

  private addExample(row: number, qid: string, before: string, after: string): void {
    this.examples.push({ row, qid, before, after });
  }

  private refuse(row: number, reason: string): void {
    this.refusedCount++;
    if (this.refused.length < mostRefused) this.refused.push({ row, reason });
  }
}

const usualStart = /^\s*\{\s*"((?:[^"\\])*)"\s*:\s*"([^"\\]*)"/;

/** The qid of a line. Where it is the first key, as in most files, and stands there once, the rest need not be parsed. */
export function qidOf(text: string, columns: Columns): string {
  const [start, key, value] = usualStart.exec(text) ?? [];
  if (start !== undefined && value !== undefined && key === columns.qid && !text.includes('\\u') && !text.includes(`"${columns.qid}"`, start.length)) return value;
  return parseRow(text, columns).row?.qid ?? '';
}

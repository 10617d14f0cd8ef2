import { applyCurationChange } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import { applyBulk, type BulkEdit, isCurationEdit } from '../../core/labels/bulkEdit';
import { bulkExample } from '../../core/labels/bulkExample';
import type { DatasetEdits } from '../../core/labels/datasetEdits';
import type { LineText } from '../../core/labels/editedRows';
import { RowSet } from '../../core/labels/rowSet';
import type { Columns } from '../../core/project/project';
import type { DatasetFile } from './datasetFile';
import { sparseRows } from './sparseRows';

/** How a long pass over rows is watched and stopped. */
export interface BulkOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
  /** Characters of rows that the step keeps before and after; beyond, it is kept as the edit and its rows. */
  readonly mostTextKept?: number;
}

/** What a bulk edit would do. */
export interface BulkPreview {
  readonly changed: number;
  /** Rows that are so already. */
  readonly unchanged: number;
  readonly refusedCount: number;
  /** The first ones. */
  readonly refused: readonly { readonly row: number; readonly reason: string }[];
  readonly examples: readonly { readonly row: number; readonly qid: string; readonly before: string; readonly after: string }[];
}

export interface PlannedRow {
  readonly row: number;
  readonly base: string;
  readonly now: string;
  readonly after: LineText;
}

export interface BulkPlan extends BulkPreview {
  readonly rows: RowSet;
  /** The changed rows with their texts; only those that were edited before, where all would be more than `mostTextKept`. */
  readonly texts: readonly PlannedRow[];
  readonly hasAllTexts: boolean;
  /** Samples of the changed rows, for an edit of the curation. */
  readonly qids: readonly string[];
}

/** About 40,000 rows of a usual dataset. */
const usuallyKept = 32 << 20;
const mostRefused = 20;
const mostExamples = 5;

/** Works a bulk edit out over its rows (a rising list) without changing anything. Throws when it is stopped. */
export async function planBulk(file: DatasetFile, edits: DatasetEdits, columns: Columns, rows: Uint32Array, edit: BulkEdit, { signal, progress, mostTextKept = usuallyKept }: BulkOptions = {}): Promise<BulkPlan> {
  const changed = new RowSet();
  const qids: string[] = [];
  const refused: { row: number; reason: string }[] = [];
  const examples: { row: number; qid: string; before: string; after: string }[] = [];
  let [refusedCount, unchanged, done, kept] = [0, 0, 0, 0];
  let texts: PlannedRow[] = [];
  const refuse = (row: number, reason: string): void => {
    refusedCount++;
    if (refused.length < mostRefused) refused.push({ row, reason });
  };
  const example = (row: number, before: string, after: LineText, qid: string): void => {
    if (examples.length >= mostExamples) return;
    const curation = edits.curation.of(qid);
    const then = isCurationEdit(edit) ? applyCurationChange(curation, edit) : curation;
    examples.push({ row, qid, before: bulkExample(edit, before, curation, columns), after: bulkExample(edit, after, then, columns) });
  };
  const takeCuration = (row: number, now: string): void => {
    if (!isCurationEdit(edit)) return;
    const qid = qidOf(now, columns);
    if (qid === '') return refuse(row, 'It has no id of its own by which it could be found again.');
    if (applyCurationChange(edits.curation.of(qid), edit) === edits.curation.of(qid)) {
      unchanged++;
      return;
    }
    changed.add(row);
    qids.push(qid);
    example(row, now, now, qid);
  };
  const takeRow = (row: number, base: string, now: string): void => {
    if (isCurationEdit(edit)) return;
    if (edits.rows.at(row)?.theirs !== undefined) return refuse(row, 'It was changed here and on disk; choose there first.');
    const result = applyBulk(now, edit, columns);
    if (result.refused !== undefined) return refuse(row, result.refused);
    if (result.text === now) {
      unchanged++;
      return;
    }
    changed.add(row);
    if (examples.length < mostExamples) example(row, now, result.text, qidOf(now, columns));
    const isOwn = edits.rows.at(row) !== undefined;
    if (kept > mostTextKept && !isOwn) return;
    texts.push({ row, base, now, after: result.text });
    kept += now.length + (result.text?.length ?? 0);
    if (kept > mostTextKept) texts = texts.filter(each => edits.rows.at(each.row));
  };
  for await (const batch of sparseRows(file, rows, signal)) {
    for (const { row, text } of batch) {
      const now = edits.textOf(row, text);
      if (now === null) unchanged++; // it goes anyway
      else if (isCurationEdit(edit)) takeCuration(row, now);
      else takeRow(row, text, now);
    }
    done += batch.length;
    progress?.(done, rows.length);
  }
  return { changed: changed.size, unchanged, refusedCount, refused, examples, rows: changed, texts, hasAllTexts: kept <= mostTextKept, qids };
}

const usualStart = /^\s*\{\s*"((?:[^"\\])*)"\s*:\s*"([^"\\]*)"/;

/** The qid of a line. Where it is the first key, as in most files, and stands there once, the rest need not be parsed. */
export function qidOf(text: string, columns: Columns): string {
  const [start, key, value] = usualStart.exec(text) ?? [];
  if (start !== undefined && value !== undefined && key === columns.qid && !text.includes('\\u') && !text.includes(`"${columns.qid}"`, start.length)) return value;
  return parseRow(text, columns).row?.qid ?? '';
}

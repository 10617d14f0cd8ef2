import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type ChangeKind, type LooseRow, pairRows, type RowChange } from '../../core/diff/datasetDiff';
import { textHash } from '../../core/dataset/textHash';
import { HashList } from '../../core/diff/hashList';
import { rowDiff } from '../../core/diff/rowDiff';
import { unmatchedRows } from '../../core/diff/unmatchedRows';
import { parseRow } from '../../core/dataset/parseRow';
import type { BoxFrame, Columns } from '../../core/project/project';
import type { DatasetFile } from '../dataset/datasetFile';

export interface DiffOptions {
  readonly columns: Columns;
  readonly boxFrame: BoxFrame;
  readonly onProgress?: (done: number, what: string) => void;
  readonly signal?: AbortSignal;
}

export interface DatasetDiff {
  /** By where the rows are now; removed ones by where they were. */
  readonly changes: readonly RowChange[];
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly oldRows: number;
  readonly nowRows: number;
}

/** Rows that are read together. */
const together = 1000;

/**
 * How two revisions of a dataset differ. Lines are compared by their hashes, so that only rows that differ are parsed and millions are compared in
 * seconds; line ends, blank lines and the order of rows are no differences.
 */
export async function diffDatasets(old: DatasetFile, now: DatasetFile, options: DiffOptions): Promise<DatasetDiff> {
  const oldHashes = await hashesOf(old, options, 'Reading the old revision');
  const nowHashes = await hashesOf(now, options, 'Reading the new one');
  const loose = unmatchedRows(oldHashes, nowHashes);
  const pairs = pairRows(await looseRows(old, loose.old, options), await looseRows(now, loose.now, options));
  const changes: RowChange[] = [];
  for (let from = 0; from < pairs.length; from += together) {
    options.signal?.throwIfAborted();
    const part = pairs.slice(from, from + together);
    const [oldTexts, nowTexts] = await Promise.all([textsOf(old, part.flatMap(pair => (pair.kind === 'changed' ? [pair.old.row] : []))), textsOf(now, part.flatMap(pair => (pair.kind === 'changed' ? [pair.now.row] : [])))]);
    for (const pair of part) {
      if (pair.kind === 'added') changes.push({ kind: 'added', qid: pair.now.qid, old: null, now: pair.now.row, diff: null });
      else if (pair.kind === 'removed') changes.push({ kind: 'removed', qid: pair.old.qid, old: pair.old.row, now: null, diff: null });
      else {
        const diff = rowDiff(oldTexts.get(pair.old.row) ?? '', nowTexts.get(pair.now.row) ?? '', options.columns, options.boxFrame);
        changes.push({ kind: diff.fields.length > 0 ? 'changed' : 'rewritten', qid: pair.now.qid, old: pair.old.row, now: pair.now.row, diff });
      }
    }
    options.onProgress?.(changes.length, 'Comparing rows');
    await letOthersRun();
  }
  const count = (kind: ChangeKind): number => changes.reduce((sum, change) => sum + (change.kind === kind ? 1 : 0), 0);
  return { changes, counts: { added: count('added'), removed: count('removed'), changed: count('changed'), rewritten: count('rewritten') }, oldRows: oldHashes.length, nowRows: nowHashes.length };
}

async function hashesOf(dataset: DatasetFile, { onProgress, signal }: DiffOptions, what: string): Promise<Float64Array> {
  const hashes = new HashList();
  for await (const rows of dataset.batches(signal)) {
    for (const { text } of rows) hashes.add(textHash(text));
    onProgress?.(hashes.values.length, what);
    await letOthersRun();
  }
  return hashes.values;
}

async function looseRows(dataset: DatasetFile, rows: readonly number[], { columns, signal }: DiffOptions): Promise<readonly LooseRow[]> {
  const loose: LooseRow[] = [];
  for (let from = 0; from < rows.length; from += together) {
    signal?.throwIfAborted();
    for (const [row, text] of await textsOf(dataset, rows.slice(from, from + together))) loose.push({ row, qid: parseRow(text, columns).row?.qid ?? '' });
    await letOthersRun();
  }
  return loose;
}

/** Texts of rows by their number; neighbours are read at once. */
async function textsOf(dataset: DatasetFile, rows: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const texts = new Map<number, string>();
  const sorted = [...rows].sort((a, b) => a - b);
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] ?? 0;
    let last = first;
    let next = at + 1;
    while (next < sorted.length && (sorted[next] ?? 0) - last <= 8 && (sorted[next] ?? 0) - first < 256) last = sorted[next++] ?? last;
    const wanted = new Set(sorted.slice(at, next));
    for (const { row, text } of await dataset.readRows(first, last + 1)) if (wanted.has(row)) texts.set(row, text);
    at = next;
  }
  return texts;
}

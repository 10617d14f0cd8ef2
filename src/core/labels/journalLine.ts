import type { Curation } from '../curation/curation';
import { isSameCuration } from '../curation/curation';
import { parseJsonObject } from '../parsedLine';
import type { Columns } from '../project/project';
import type { RowBulkEdit } from './bulkEdit';
import type { EditedRow } from './editedRows';
import type { RowLayer } from './rowLayer';
import { RowSet } from './rowSet';
import { Splices, type SpliceTable } from './splices';

/** What a sample's curation file said of it, and what is decided here. */
export interface DecidedSample {
  readonly qid: string;
  readonly base: Curation;
  readonly now: Curation;
}

/** What is unsaved of a dataset. */
export interface UnsavedEdits {
  /** The version of the file that the rows are rows of. */
  readonly signature: string;
  readonly rows: readonly EditedRow[];
  readonly samples: readonly DecidedSample[];
  readonly layers: readonly RowLayer[];
}

export interface ReplayedJournal extends UnsavedEdits {
  /** Whether the process that wrote it said goodbye; else it crashed or was killed. */
  readonly isEnded: boolean;
}

/** One step in the journal: how the touched rows and samples are after it. */
export interface JournalStep {
  readonly rows?: readonly EditedRow[];
  readonly samples?: readonly DecidedSample[] | undefined;
  readonly laid?: RowLayer | undefined;
  /** Id of a layer. */
  readonly lifted?: number | undefined;
}

/** Equal decisions are written once, so that a tag on a million samples is little more than their ids. */
interface SampleTable {
  readonly values: readonly Curation[];
  readonly qids: readonly string[];
  readonly base: readonly number[];
  readonly now: readonly number[];
}

interface Line {
  readonly signature?: string;
  readonly saving?: string;
  readonly rows?: readonly EditedRow[];
  readonly samples?: SampleTable;
  readonly laid?: { readonly id: number; readonly edit: RowBulkEdit | ({ readonly type: 'splices' } & SpliceTable); readonly columns: Columns; readonly rows: readonly number[] };
  readonly lifted?: number;
  readonly ended?: boolean;
}

/** The first line: which file the steps are about, in which version, who writes it, and which older journals it has everything of. */
export function printHeader(file: string, signature: string, process?: object, has?: readonly string[]): string {
  return JSON.stringify({ v: 1, file, signature, process, has });
}

export function printStep({ rows, samples, laid, lifted }: JournalStep): string {
  const line: Line = {
    rows: rows?.length ? rows : undefined,
    samples: samples?.length ? tableOf(samples) : undefined,
    laid: laid && { id: laid.id, edit: laid.edit.type === 'splices' ? { type: 'splices', ...laid.edit.splices.toTable() } : laid.edit, columns: laid.columns, rows: laid.rows.runs() },
    lifted,
  };
  return JSON.stringify(line);
}

/** Says that the file is about to become the version `signature`, which has every step before this line. */
export function printSaving(signature: string): string {
  return JSON.stringify({ saving: signature });
}

/** Says that the process ends in order, with this unsaved. */
export function printEnd(): string {
  return JSON.stringify({ ended: true });
}

/**
 * What the steps of a journal come to. `current` is the file's version now: if it is the one that was being saved, its rows are saved.
 * A line that cannot be read ends it: the process was killed while it wrote it. `undefined` when this is no journal of ours.
 */
export function replayJournal(lines: Iterable<string>, current: string): ReplayedJournal | undefined {
  const rows = new Map<number, EditedRow>();
  const samples = new Map<string, DecidedSample>();
  const layers = new Map<number, RowLayer>();
  let signature: string | undefined;
  let isEnded = false;
  for (const text of lines) {
    const parsed = parseJsonObject(text).value;
    if (!parsed) break;
    if (signature === undefined) {
      if (parsed.v !== 1 || typeof parsed.signature !== 'string') return undefined;
      signature = parsed.signature;
      continue;
    }
    const line = parsed as Line;
    isEnded = line.ended === true;
    if (line.saving === current) {
      rows.clear();
      layers.clear();
      signature = current;
    }
    for (const row of line.rows ?? []) rows.set(row.key, row);
    for (const sample of line.samples ? samplesOf(line.samples) : []) samples.set(sample.qid, sample);
    if (line.laid) layers.set(line.laid.id, layerOf(line.laid));
    if (line.lifted !== undefined) layers.delete(line.lifted);
  }
  if (signature === undefined) return undefined;
  return {
    signature,
    // A row that is back to the file's line, but over a layer, says that the layer does not hold for it.
    rows: [...rows.values()].filter(({ base, text, row }) => base !== text || [...layers.values()].some(layer => layer.rows.has(row))),
    samples: [...samples.values()].filter(({ base, now }) => !isSameCuration(base, now)),
    layers: [...layers.values()],
    isEnded,
  };
}

function layerOf({ id, edit, columns, rows: runs }: NonNullable<Line['laid']>): RowLayer {
  const rows = RowSet.fromRuns(runs);
  return { id, columns, rows, edit: edit.type === 'splices' ? { type: 'splices', splices: Splices.fromTable(rows, edit) } : edit };
}

function tableOf(samples: readonly DecidedSample[]): SampleTable {
  const places = new Map<Curation, number>();
  const placeOf = (value: Curation): number => {
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  };
  const base = samples.map(sample => placeOf(sample.base));
  const now = samples.map(sample => placeOf(sample.now));
  return { values: [...places.keys()], qids: samples.map(({ qid }) => qid), base, now };
}

function samplesOf({ values, qids, base, now }: SampleTable): readonly DecidedSample[] {
  return qids.flatMap((qid, index) => {
    const [from, to] = [values[base[index] ?? -1], values[now[index] ?? -1]];
    return from && to ? [{ qid, base: from, now: to }] : [];
  });
}

import type { CurationEdit } from '../curation/curatedSamples';
import type { Curation } from '../curation/curation';
import type { Columns } from '../project/project';
import type { RowBulkEdit } from './bulkEdit';
import type { EditStep } from './editHistory';
import { LargeEdit } from './largeEdit';
import type { RowEdit } from './rowEdit';
import type { RowLayer } from './rowLayer';
import { RowSet } from './rowSet';
import { type Splice, Splices, type SpliceTable } from './splices';

/** What a sample's curation file said of it, and what is decided here. */
export interface DecidedSample {
  readonly qid: string;
  readonly base: Curation;
  readonly now: Curation;
}

/** Equal decisions are written once, so that a tag on a million samples is little more than their ids. */
export interface SampleTable {
  readonly values: readonly Curation[];
  readonly qids: readonly string[];
  readonly base: readonly number[];
  readonly now: readonly number[];
}

/** A layer in a journal: its rows as runs. */
export interface PrintedLayer {
  readonly id: number;
  readonly edit: RowBulkEdit | ({ readonly type: 'splices' } & SpliceTable);
  readonly columns: Columns;
  readonly rows: readonly number[];
}

interface PrintedLarge {
  readonly first?: PrintedLayer | undefined;
  readonly splices?: { readonly rows: readonly number[]; readonly table: SpliceTable } | undefined;
  readonly gone: readonly (readonly [key: number, splice: Splice])[];
  readonly laid: PrintedLayer;
  readonly isForward: boolean;
}

/** A step of the undo history in a journal. */
export interface PrintedStep {
  readonly label: string;
  readonly rows: readonly RowEdit[];
  readonly curation?: SampleTable | undefined;
  readonly large?: PrintedLarge | undefined;
}

export function printedStep({ label, rows, curation, large }: EditStep): PrintedStep {
  return { label, rows, curation: curation && curationTable(curation), large: large && printedLarge(large) };
}

export function stepOfPrinted({ label, rows, curation, large }: PrintedStep): EditStep {
  return { label, rows, ...(curation && { curation: curationEditOf(curation) }), ...(large && { large: largeOf(large) }) };
}

export function printedLayer({ id, edit, columns, rows }: RowLayer): PrintedLayer {
  return { id, edit: edit.type === 'splices' ? { type: 'splices', ...edit.splices.toTable() } : edit, columns, rows: rows.runs() };
}

export function layerOf({ id, edit, columns, rows: runs }: PrintedLayer): RowLayer {
  const rows = RowSet.fromRuns(runs);
  return { id, columns, rows, edit: edit.type === 'splices' ? { type: 'splices', splices: Splices.fromTable(rows, edit) } : edit };
}

export function sampleTable(samples: readonly DecidedSample[]): SampleTable {
  return tableOf(samples.map(({ qid }) => qid), samples.map(({ base }) => base), samples.map(({ now }) => now));
}

export function samplesOf({ values, qids, base, now }: SampleTable): readonly DecidedSample[] {
  return qids.flatMap((qid, index) => {
    const [from, to] = [values[base[index] ?? -1], values[now[index] ?? -1]];
    return from && to ? [{ qid, base: from, now: to }] : [];
  });
}

function curationTable({ qids, before, after }: CurationEdit): SampleTable {
  return tableOf(qids, before, after);
}

function curationEditOf(table: SampleTable): CurationEdit {
  const samples = samplesOf(table);
  return { qids: samples.map(({ qid }) => qid), before: samples.map(({ base }) => base), after: samples.map(({ now }) => now) };
}

function tableOf(qids: readonly string[], from: readonly Curation[], to: readonly Curation[]): SampleTable {
  const places = new Map<Curation, number>();
  const placeOf = (value: Curation): number => {
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  };
  const base = from.map(placeOf);
  const now = to.map(placeOf);
  return { values: [...places.keys()], qids, base, now };
}

function printedLarge({ state: { first, splices, gone, laid } }: LargeEdit): PrintedLarge {
  return {
    first: first && printedLayer(first),
    splices: splices && { rows: splices.rowSet().runs(), table: splices.toTable() },
    gone,
    laid: printedLayer(laid.layer),
    isForward: laid.isForward,
  };
}

function largeOf({ first, splices, gone, laid, isForward }: PrintedLarge): LargeEdit {
  const layer = layerOf(laid);
  return LargeEdit.of({
    first: first && (first.id === laid.id ? layer : layerOf(first)),
    splices: splices && Splices.fromTable(RowSet.fromRuns(splices.rows), splices.table),
    gone,
    laid: { layer, isForward },
  });
}

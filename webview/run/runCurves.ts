import type { Curve } from '../../src/core/runs/decimate';
import { Extremes } from '../../src/core/runs/extremes';
import type { MetricSeries } from '../../src/core/runs/metricSeries';
import { NumberColumn } from '../../src/core/runs/numberColumn';
import { belongs, type ChartSpec } from './chartSpecs';

/** Where a stage lies on the common axis of steps: its step s is at `from + s`. */
export interface StageSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What lies on the common axis: steps of all stages counted on, or seconds since the run's first step. */
export type AxisKind = 'step' | 'time';

/** Rows of one stage that follow each other, their positions rising. */
interface StagePiece {
  readonly stage: number;
  readonly from: number;
  to: number;
}

interface Derived {
  readonly column: NumberColumn;
  extremes: Extremes;
  rows: number;
}

/**
 * The curves of one run as charts draw them. What was worked out for the rows there are stays; a further step costs the same however long the run is.
 * Everything is worked out anew when rows were taken back (a resumed run) or lie elsewhere.
 */
export class RunCurves {
  private positions = new NumberColumn();
  private placed = 0;
  private pieces: StagePiece[] = [];
  private starts: Float64Array = new Float64Array();
  private kind: AxisKind = 'step';
  private generation = -1;
  /** By metric, or by metric and smoothing. */
  private readonly derived = new Map<string, Derived>();

  constructor(readonly series: MetricSeries) {}

  /** Takes the rows that came since. */
  sync(kind: AxisKind, spans: readonly StageSpan[]): void {
    const { series } = this;
    const starts = Float64Array.from(series.stages, stage => spans.find(span => span.name === stage)?.from ?? Number.NaN);
    if (series.generation !== this.generation) this.derived.clear();
    if (series.generation !== this.generation || kind !== this.kind || this.starts.some((start, stage) => start !== starts[stage])) {
      this.positions.cut(0);
      this.placed = 0;
      this.pieces = [];
    }
    [this.generation, this.kind, this.starts] = [series.generation, kind, starts];
    this.place(series.stageIndex, kind === 'step' ? series.steps : series.times);
  }

  /** Of a metric. `smooth`: from 0 (as measured) to below 1 (exponential mean that starts anew in each stage). */
  curve(spec: ChartSpec, metric: string, smooth: number): Curve {
    const { series } = this;
    const column = series.column(metric);
    const pieces = column ? this.pieces.filter(({ stage }) => series.has(series.stages[stage] ?? '', metric) && belongs(series, series.stages[stage] ?? '', spec)) : [];
    const { values, extremes } = column ? this.derive(metric, column, smooth) : { values: new Float64Array(), extremes: new Extremes() };
    return { positions: this.positions.view(this.placed), values, pieces, extremes };
  }

  /** Where a step of a stage lies; undefined where the run has it not. */
  placeOf(stage: string, step: number): number | undefined {
    const index = this.series.stages.indexOf(stage);
    const { steps } = this.series;
    for (const piece of this.pieces) {
      if (piece.stage !== index || (steps[piece.to - 1] as number) < step) continue;
      let [low, high] = [piece.from, piece.to - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((steps[middle] as number) < step) low = middle + 1;
        else high = middle;
      }
      return this.positions.at(low);
    }
    return undefined;
  }

  /** Stage and step at a place or before it. */
  stepAt(position: number): { readonly stage: string; readonly step: number } | undefined {
    const { series } = this;
    for (const piece of [...this.pieces].reverse()) {
      let [low, high] = [piece.from, piece.to];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.positions.at(middle) <= position) low = middle + 1;
        else high = middle;
      }
      if (low > piece.from) return { stage: series.stages[piece.stage] ?? '', step: series.steps[low - 1] as number };
    }
    return undefined;
  }

  /** Where its first and last rows lie; nothing without rows. */
  ends(): readonly number[] {
    return this.pieces.flatMap(({ from, to }) => [this.positions.at(from), this.positions.at(to - 1)]);
  }

  /** From the first to the last row of each stage. */
  spans(): readonly StageSpan[] {
    return this.pieces.map(({ stage, from, to }) => ({ name: this.series.stages[stage] ?? '', from: this.positions.at(from), to: this.positions.at(to - 1) }));
  }

  private place(stages: Float64Array, along: Float64Array): void {
    const { positions, pieces, kind, starts } = this;
    const origin = kind === 'time' ? -(along[0] ?? 0) : 0;
    for (let row = this.placed; row < along.length; row++) {
      const stage = stages[row] as number;
      const position = (along[row] as number) + (kind === 'time' ? origin : (starts[stage] as number));
      const last = pieces.at(-1);
      if (last?.stage === stage && position >= positions.at(row - 1)) last.to = row + 1;
      else pieces.push({ stage, from: row, to: row + 1 });
      positions.set(row, position);
    }
    this.placed = along.length;
  }

  private derive(metric: string, column: Float64Array, smooth: number): { readonly values: Float64Array; readonly extremes: Extremes } {
    const key = smooth === 0 ? metric : `${smooth} ${metric}`;
    let own = this.derived.get(key);
    if (!own) {
      for (const other of this.derived.keys()) if (other !== metric && other.endsWith(` ${metric}`)) this.derived.delete(other); // of another smoothing
      this.derived.set(key, (own = { column: new NumberColumn(), extremes: new Extremes(), rows: 0 }));
    }
    if (own.rows > column.length) this.derived.set(key, (own = { column: new NumberColumn(), extremes: new Extremes(), rows: 0 }));
    if (smooth > 0) smoothOn(own, column, this.series.stageIndex, smooth);
    const values = smooth === 0 ? column : own.column.view(column.length);
    own.rows = column.length;
    own.extremes.grow(values);
    return { values, extremes: own.extremes };
  }
}

/** The smoothed values of the rows that are new. */
function smoothOn({ column, rows }: Derived, raw: Float64Array, stages: Float64Array, smooth: number): void {
  let mean = Number.NaN;
  let stage = -1;
  for (let row = rows - 1; row >= 0 && Number.isNaN(mean); row--) [mean, stage] = [column.at(row), stages[row] as number];
  for (let row = rows; row < raw.length; row++) {
    const value = raw[row] as number;
    if (Number.isNaN(value)) {
      column.set(row, value);
      continue;
    }
    const own = stages[row] as number;
    mean = Number.isNaN(mean) || own !== stage ? value : smooth * mean + (1 - smooth) * value;
    stage = own;
    column.set(row, mean);
  }
}

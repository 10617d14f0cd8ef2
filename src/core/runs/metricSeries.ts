import { NumberColumn } from './numberColumn';
import type { RunEvent } from './runEvent';

/** The curves in columns, as they are sent to a panel: one row a step, NaN where a step has not the metric. */
export interface SeriesColumns {
  readonly stages: readonly string[];
  /** Index into `stages`. */
  readonly stage: Float32Array;
  readonly step: Float64Array;
  /** Seconds since 1970. */
  readonly time: Float64Array;
  /** `stages`: indices of those in which the metric was measured. */
  readonly metrics: readonly { readonly name: string; readonly stages: readonly number[]; readonly values: Float32Array }[];
}

/** More names than any trainer has: a file that invents one a line must not fill the memory. */
const mostMetrics = 500;

/**
 * The metric curves of a run in columns. Adding a step costs the same whatever is there: a run has too many steps to copy or search at each one.
 */
export class MetricSeries {
  private rows = 0;
  private cuts = 0;
  private readonly stageNames: string[] = [];
  private readonly stageOf = new Map<string, number>();
  private readonly stage = new NumberColumn();
  private readonly step = new NumberColumn();
  private readonly time = new NumberColumn();
  /** The row before it of the same stage, −1 for the first. */
  private readonly before = new NumberColumn();
  /** By stage: its last row, −1 where all were cut. */
  private readonly lastRow: number[] = [];
  private readonly metricsOfStage: Set<string>[] = [];
  private readonly columns = new Map<string, NumberColumn>();
  /** Columns in the order of the step before, which mostly is the order of the next one. */
  private layout: { readonly name: string; readonly stage: number; readonly column: NumberColumn | undefined }[] = [];

  /** Steps, in the order of training. */
  get length(): number {
    return this.rows;
  }

  /** Rises when rows were taken back: what was derived from them is void. */
  get generation(): number {
    return this.cuts;
  }

  /** In the order in which they first appear. */
  get stages(): readonly string[] {
    return this.stageNames;
  }

  /** By row: index into `stages`. */
  get stageIndex(): Float64Array {
    return this.stage.view(this.rows);
  }

  get steps(): Float64Array {
    return this.step.view(this.rows);
  }

  get times(): Float64Array {
    return this.time.view(this.rows);
  }

  /** Takes step events; others change nothing. A resumed run repeats the steps after its checkpoint: the repeated ones replace the old, and what came after them. */
  add(event: RunEvent): void {
    if (event.type !== 'step') return;
    const stage = this.indexOf(event.stage);
    this.cutFrom(stage, event.step);
    const row = this.rows++;
    this.stage.set(row, stage);
    this.step.set(row, event.step);
    this.time.set(row, event.time);
    this.before.set(row, this.lastRow[stage] ?? -1);
    this.lastRow[stage] = row;
    let place = 0;
    for (const name in event.metrics) this.columnAt(place++, name, stage)?.set(row, event.metrics[name] as number);
  }

  clear(): void {
    this.rows = 0;
    this.cuts++;
    this.stageNames.length = this.lastRow.length = this.metricsOfStage.length = 0;
    this.stageOf.clear();
    this.columns.clear();
    this.layout = [];
    for (const column of [this.stage, this.step, this.time, this.before]) column.cut(0);
  }

  /** Names of all metrics, in the order in which they first appear. */
  names(): readonly string[] {
    return [...this.columns.keys()];
  }

  /** Whether any step of the stage has the metric. */
  has(stage: string, metric: string): boolean {
    return this.metricsOfStage[this.stageOf.get(stage) ?? -1]?.has(metric) ?? false;
  }

  /** One number a row, NaN where there is none; undefined for an unknown metric. A view: it is void after the next `add`. */
  column(metric: string): Float64Array | undefined {
    return this.rows === 0 ? undefined : this.columns.get(metric)?.view(this.rows);
  }

  /** The last values of one metric for one stage, at most `count`, in order of steps. */
  values(stage: string, metric: string, count = Number.POSITIVE_INFINITY): number[] {
    const column = this.columns.get(metric);
    const values: number[] = [];
    if (!column || !this.has(stage, metric)) return values;
    for (let row = this.lastRowOf(stage); row >= 0 && values.length < count; row = this.before.at(row)) {
      const value = column.at(row);
      if (!Number.isNaN(value)) values.push(value);
    }
    return values.reverse();
  }

  /** The last steps of a stage, at most `count`, in order. */
  lastOf(stage: string, count: number): readonly { readonly step: number; readonly time: number }[] {
    return this.rowsOf(stage, count).map(row => ({ step: this.step.at(row), time: this.time.at(row) }));
  }

  /** The last step of a stage; 0 where it has none. */
  lastStep(stage: string): number {
    return this.lastOf(stage, 1)[0]?.step ?? 0;
  }

  toColumns(): SeriesColumns {
    const { rows } = this;
    const stagesOf = (name: string): number[] => this.metricsOfStage.flatMap((metrics, stage) => (metrics.has(name) ? [stage] : []));
    const metrics = rows === 0 ? [] : [...this.columns].map(([name, column]) => ({ name, stages: stagesOf(name), values: new Float32Array(column.view(rows)) }));
    return { stages: [...this.stageNames], stage: new Float32Array(this.stageIndex), step: this.steps.slice(), time: this.times.slice(), metrics };
  }

  static fromColumns({ stages, stage, step, time, metrics }: SeriesColumns): MetricSeries {
    const series = new MetricSeries();
    for (const name of stages) series.indexOf(name);
    series.rows = step.length;
    for (const [column, values] of [[series.stage, stage], [series.step, step], [series.time, time]] as const) column.fill(values);
    for (let row = 0; row < step.length; row++) {
      const index = stage[row] ?? 0;
      series.before.set(row, series.lastRow[index] ?? -1);
      series.lastRow[index] = row;
    }
    for (const { name, stages: measured, values } of metrics) for (const index of measured) series.columnOf(name, index)?.fill(values);
    return series;
  }

  private rowsOf(stage: string, count: number): number[] {
    const rows: number[] = [];
    for (let row = this.lastRowOf(stage); row >= 0 && rows.length < count; row = this.before.at(row)) rows.push(row);
    return rows.reverse();
  }

  private lastRowOf(stage: string): number {
    return this.lastRow[this.stageOf.get(stage) ?? -1] ?? -1;
  }

  private cutFrom(stage: number, step: number): void {
    let first = this.rows;
    for (let row = this.lastRow[stage] ?? -1; row >= 0 && this.step.at(row) >= step; row = this.before.at(row)) first = row;
    for (let row = this.rows - 1; row >= first; row--) this.lastRow[this.stage.at(row)] = this.before.at(row);
    if (first === this.rows) return;
    this.rows = first;
    this.cuts++;
    for (const column of this.columns.values()) column.cut(first);
  }

  private indexOf(name: string): number {
    const known = this.stageOf.get(name);
    if (known !== undefined) return known;
    this.stageOf.set(name, this.stageNames.length);
    this.lastRow.push(-1);
    this.metricsOfStage.push(new Set());
    return this.stageNames.push(name) - 1;
  }

  private columnAt(place: number, name: string, stage: number): NumberColumn | undefined {
    const known = this.layout[place];
    if (known?.name === name && known.stage === stage) return known.column;
    const column = this.columnOf(name, stage);
    if (place < mostMetrics) this.layout[place] = { name, stage, column };
    return column;
  }

  private columnOf(name: string, stage: number): NumberColumn | undefined {
    let column = this.columns.get(name);
    if (!column) {
      if (this.columns.size >= mostMetrics) return undefined;
      this.columns.set(name, (column = new NumberColumn()));
    }
    this.metricsOfStage[stage]?.add(name);
    return column;
  }
}

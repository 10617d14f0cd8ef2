import type { Curve } from '../../src/core/runs/decimate';
import type { MetricSeries } from '../../src/core/runs/metricSeries';
import type { StageState } from '../../src/core/runs/runState';
import { belongs, type ChartSpec } from './chartSpecs';

/** Where a stage lies on the common axis: its step s is at `from + s`. */
export interface StageSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The stages that have steps in any of the runs, one after the other on an axis of steps: the same step of a stage lies at one place for all runs. */
export function stageSpans(stages: readonly StageState[], runs: readonly MetricSeries[]): readonly StageSpan[] {
  const names = new Set([...stages.map(stage => stage.name), ...runs.flatMap(run => run.stages)]);
  let from = 0;
  return [...names].flatMap(name => {
    const last = Math.max(...runs.map(run => run.lastStep(name)));
    if (last <= 0) return [];
    const span = { name, from, to: from + Math.max(last, stages.find(stage => stage.name === name)?.total ?? 0) };
    from = span.to;
    return [span];
  });
}

/** By row of a run: where its step lies on the common axis. */
export function positionsOf(run: MetricSeries, spans: readonly StageSpan[]): Float64Array {
  const starts = Float64Array.from(run.stages, stage => spans.find(span => span.name === stage)?.from ?? Number.NaN);
  const { stageIndex, steps } = run;
  const positions = new Float64Array(steps.length);
  for (let row = 0; row < steps.length; row++) positions[row] = (starts[stageIndex[row] as number] as number) + (steps[row] as number);
  return positions;
}

/** A metric's curve as a chart draws it. `smooth`: from 0 (as measured) to below 1 (exponential mean that starts anew in each stage). */
export function curveOf(run: MetricSeries, positions: Float64Array, spec: ChartSpec, metric: string, smooth: number): Curve {
  const column = run.column(metric);
  if (!column) return { positions: new Float64Array(), values: new Float64Array() };
  if (spec.kind === 'any' && smooth === 0) return { positions, values: column };
  const isInside = run.stages.map(stage => belongs(run, stage, spec));
  const { stageIndex } = run;
  const values = new Float64Array(column.length);
  let mean = Number.NaN;
  let stage = -1;
  for (let row = 0; row < column.length; row++) {
    const own = stageIndex[row] as number;
    const value = isInside[own] ? (column[row] as number) : Number.NaN;
    values[row] = value;
    if (Number.isNaN(value)) continue;
    mean = Number.isNaN(mean) || own !== stage ? value : smooth * mean + (1 - smooth) * value;
    stage = own;
    values[row] = mean;
  }
  return { positions, values };
}

/** First and last place at which any of the curves has a value: a metric of later stages needs no room for the earlier ones. */
export function extentOf(curves: readonly Curve[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { positions, values } of curves) {
    for (let row = 0; row < positions.length; row++) {
      if (Number.isNaN(values[row])) continue;
      const at = positions[row] as number;
      if (at < low) low = at;
      if (at > high) high = at;
    }
  }
  return low > high ? [0, 1] : low === high ? [low - 1, high + 1] : [low, high];
}

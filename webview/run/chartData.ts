import type { MetricPoint } from '../../src/core/runs/metricSeries';
import type { StageState } from '../../src/core/runs/runState';
import { belongs, type ChartSpec } from './chartSpecs';

/** Columns as uPlot takes them: the x values, then one column a series. */
export type Columns = [x: number[], ...series: (number | null)[][]];

/** Where a stage lies on the common axis: its step s is at `from + s`. */
export interface StageSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The stages that have steps, one after the other on an axis of steps. */
export function stageSpans(stages: readonly StageState[], points: readonly MetricPoint[]): readonly StageSpan[] {
  const names = [...new Set([...stages.map(stage => stage.name), ...points.map(point => point.stage)])];
  let from = 0;
  return names.flatMap(name => {
    const last = points.findLast(point => point.stage === name);
    if (!last) return [];
    const stage = stages.find(other => other.name === name);
    const span = { name, from, to: from + Math.max(last.step, stage?.total ?? 0) };
    from = span.to;
    return [span];
  });
}

/** One row a step, `smooth` from 0 (as measured) to below 1 (exponential mean that starts anew in each stage). */
export function columnsOf(points: readonly MetricPoint[], spans: readonly StageSpan[], spec: ChartSpec, smooth: number): Columns {
  const starts = new Map(spans.map(span => [span.name, span.from]));
  const xs = points.map(point => (starts.get(point.stage) ?? 0) + point.step);
  const series = spec.metrics.map(metric => {
    let mean: number | null = null;
    let stage = '';
    return points.map(point => {
      const value = belongs(point, spec) ? point.metrics[metric] : undefined;
      if (value === undefined) return null;
      mean = mean === null || point.stage !== stage ? value : smooth * mean + (1 - smooth) * value;
      stage = point.stage;
      return mean;
    });
  });
  return [xs, ...series];
}

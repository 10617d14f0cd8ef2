import type { Curve } from '../../src/core/runs/decimate';
import type { MetricSeries } from '../../src/core/runs/metricSeries';
import type { StageState } from '../../src/core/runs/runState';
import type { StageSpan } from './runCurves';

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

/** First and last place at which any of the curves has a value: a metric of later stages needs no room for the earlier ones. */
export function extentOf(curves: readonly Curve[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { positions, values, pieces } of curves) {
    for (const { from, to } of pieces) {
      const first = nextValue(values, from, to, 1);
      const last = nextValue(values, to - 1, from - 1, -1);
      if (first === null || last === null) continue;
      low = Math.min(low, positions[first] as number);
      high = Math.max(high, positions[last] as number);
    }
  }
  return low > high ? [0, 1] : low === high ? [low - 1, high + 1] : [low, high];
}

/** The first row with a value on the way from `start` to before `end`. */
function nextValue(values: Float64Array, start: number, end: number, by: 1 | -1): number | null {
  for (let row = start; row !== end; row += by) if (!Number.isNaN(values[row])) return row;
  return null;
}

/** The last value of a curve; null where it has none. */
export function lastValue({ values, pieces }: Curve): number | null {
  for (const { from, to } of [...pieces].reverse()) {
    const row = nextValue(values, to - 1, from - 1, -1);
    if (row !== null) return values[row] as number;
  }
  return null;
}

/** A part of the axis, brought nearer by `factor` (below 1) or moved away, about a place; null: all of it. */
export function zoomed([from, to]: readonly [number, number], factor: number, about: number, all: readonly [number, number]): readonly [number, number] | null {
  const next = [about - (about - from) * factor, about + (to - about) * factor] as const;
  const least = Math.max((all[1] - all[0]) / 1e6, 1e-3);
  if (next[1] - next[0] < least) return [from, to];
  return next[0] <= all[0] && next[1] >= all[1] ? null : [Math.max(all[0], next[0]), Math.min(all[1], next[1])];
}

/** The same width, moved by a part of it, as far as there is something. */
export function panned([from, to]: readonly [number, number], share: number, all: readonly [number, number]): readonly [number, number] {
  const by = Math.min(all[1] - to, Math.max(all[0] - from, (to - from) * share));
  return [from + by, to + by];
}

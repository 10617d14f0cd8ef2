import type { MetricPoint } from './metricSeries';
import type { StageState } from './runState';

/** Steps that tell the pace: enough for calm, few enough to follow a change. */
const window = 12;

/**
 * Seconds until the running stage ends, from the pace of its last steps (or of all it did, where it reports no steps). Null while
 * there is nothing to tell it from. `now`: seconds since 1970.
 */
export function secondsLeft(stage: StageState, points: readonly MetricPoint[], now: number): number | null {
  if (stage.status !== 'running' || stage.total === null || stage.started === null) return null;
  const left = stage.total - stage.done;
  const own = points.filter(point => point.stage === stage.name).slice(-window);
  const [first, last] = [own[0], own.at(-1)];
  if (first && last && last.step > first.step) {
    const pace = (last.time - first.time) / (last.step - first.step);
    return Math.max(0, left * pace - (now - last.time));
  }
  return own.length === 0 && stage.done > 0 ? Math.max(0, ((now - stage.started) / stage.done) * left) : null;
}

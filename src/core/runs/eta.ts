import type { MetricSeries } from './metricSeries';
import type { RunState, StageState } from './runState';
import type { StagePlan } from './stagePlan';

/** Steps that tell the pace: enough for calm, few enough to follow a change. */
const window = 12;

/**
 * Seconds until the running stage ends, from the pace of its last steps (or of all it did, where it reports no steps). Null while
 * there is nothing to tell it from. `now`: seconds since 1970.
 */
export function secondsLeft(stage: StageState, series: Pick<MetricSeries, 'lastOf'>, now: number): number | null {
  if (stage.status !== 'running' || stage.total === null || stage.started === null) return null;
  const left = stage.total - stage.done;
  const own = series.lastOf(stage.name, window);
  const [first, last] = [own[0], own.at(-1)];
  if (first && last && last.step > first.step) {
    const pace = (last.time - first.time) / (last.step - first.step);
    return Math.max(0, left * pace - (now - last.time));
  }
  return own.length === 0 && stage.done > 0 ? Math.max(0, ((now - stage.started) / stage.done) * left) : null;
}

/**
 * Seconds until the whole run ends: what is left of the running stage, the waiting ones at the pace of those of their kind that were seen (a response
 * costs the same), and the evaluations between them as long as those before. Null while a waiting stage has no pace to tell it from.
 */
export function secondsLeftOfRun(state: RunState, plan: readonly StagePlan[], series: MetricSeries, now: number): number | null {
  const running = state.stages.find(stage => stage.status === 'running');
  const ofRunning = running && running.name !== 'evaluation' ? secondsLeft(running, series, now) : 0;
  if (ofRunning === null) return null;
  let left = ofRunning;
  for (const stage of state.stages) {
    if (stage.status !== 'waiting' || stage.name === 'evaluation') continue;
    const planned = plan.find(({ name }) => name === stage.name);
    const pace = planned && paceOf(planned, state, plan, series);
    if (planned === undefined || pace === undefined) return null;
    left += planned.steps * pace;
  }
  return left + secondsOfEvaluations(state, running, now);
}

/** Seconds a step of a stage that waits. */
function paceOf(planned: StagePlan, state: RunState, plan: readonly StagePlan[], series: MetricSeries): number | undefined {
  const paces = plan.flatMap(other => {
    const stage = state.stages.find(({ name }) => name === other.name);
    if (other.kind !== planned.kind || !stage || stage.reused) return [];
    const own = series.lastOf(other.name, window);
    const [first, last] = [own[0], own.at(-1)];
    const seconds = first && last && last.step > first.step ? (last.time - first.time) / (last.step - first.step) : stage.seconds !== null && stage.done > 0 ? stage.seconds / stage.done : undefined;
    return seconds === undefined ? [] : [(seconds * planned.responses) / other.responses];
  });
  return paces.at(-1);
}

/** What is neither a stage's own time nor evaluation is small: the time between stages is taken for evaluations. */
function secondsOfEvaluations(state: RunState, running: StageState | undefined, now: number): number {
  const trained = state.stages.filter(stage => stage.name !== 'evaluation' && !stage.name.startsWith('sampling'));
  const done = new Set(state.evaluations.map(evaluation => evaluation.stage)).size;
  if (done === 0 || state.started === null || !state.stages.some(stage => stage.name === 'evaluation')) return 0;
  const inStages = state.stages.reduce((sum, stage) => sum + (stage.seconds ?? 0), 0) + (running?.started ? now - running.started : 0);
  return (Math.max(0, now - state.started - inStages) / done) * Math.max(0, trained.length - done);
}

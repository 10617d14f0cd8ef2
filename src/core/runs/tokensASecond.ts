import type { MetricSeries } from './metricSeries';
import type { StagePlan } from './stagePlan';

const window = 8;

/** Tokens that a stage generates a second: as its engine says, else from the lengths of the responses and the time of a step. Null where neither is known. */
export function tokensASecond(stage: string | undefined, plan: readonly StagePlan[], series: Pick<MetricSeries, 'values'>): number | null {
  if (stage === undefined) return null;
  const told = series.values(stage, 'tokens_per_second', 1)[0];
  if (told !== undefined) return told;
  const planned = plan.find(({ name, kind }) => name === stage && kind === 'rl');
  const [tokens, seconds] = [sum(series.values(stage, 'response_tokens', window)), sum(series.values(stage, 'step_seconds', window))];
  return planned && tokens > 0 && seconds > 0 ? (tokens * planned.responses) / seconds : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

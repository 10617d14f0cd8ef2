import { metricTitle } from '../engines/metricNames';
import type { JsonObject } from '../parsedLine';
import type { MetricSeries } from './metricSeries';

/** A run that is laid beside others. */
export interface ComparedRun {
  readonly config: JsonObject;
  readonly series: Pick<MetricSeries, 'column' | 'names'>;
}

export interface ComparedMetric {
  readonly metric: string;
  readonly title: string;
  /** By run; null where it has not the metric. `best` is null for a metric of which neither more nor less is better. */
  readonly values: readonly ({ readonly last: number; readonly best: number | null } | null)[];
}

export interface ComparedSetting {
  readonly key: string;
  /** By run, as JSON; `–` where it is not set. */
  readonly values: readonly string[];
}

const shownFirst = ['reward', 'zero_std', 'loss', 'kl', 'entropy', 'response_tokens', 'step_seconds'];
const mostSettings = 60;

/** Last and best values of what runs are judged by: the reward and its components first. */
export function compareMetrics(runs: readonly ComparedRun[]): readonly ComparedMetric[] {
  const names = new Set(runs.flatMap(run => run.series.names()));
  const components = [...names].filter(name => name.startsWith('reward/'));
  return ['reward', ...components, ...shownFirst.slice(1)].filter(name => names.has(name)).map(metric => ({
    metric, title: metric.startsWith('reward/') ? metric.slice('reward/'.length) : metricTitle(metric), values: runs.map(run => lastAndBest(run, metric)),
  }));
}

/** Keys of the configuration in which the runs differ; the name of the project is none. */
export function differingSettings(runs: readonly Pick<ComparedRun, 'config'>[]): readonly ComparedSetting[] {
  const flat = runs.map(run => new Map(leavesOf(run.config, '')));
  const keys = [...new Set(flat.flatMap(leaves => [...leaves.keys()]))];
  return keys.map(key => ({ key, values: flat.map(leaves => leaves.get(key) ?? '–') }))
    .filter(({ values }) => values.some(value => value !== values[0]))
    .slice(0, mostSettings);
}

function lastAndBest({ series }: ComparedRun, metric: string): { last: number; best: number | null } | null {
  const column = series.column(metric);
  let last = Number.NaN;
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < (column?.length ?? 0); row++) {
    const value = column?.[row] as number;
    if (Number.isNaN(value)) continue;
    last = value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (Number.isNaN(last)) return null;
  const isMoreBetter = metric === 'reward' || metric.startsWith('reward/');
  const isLessBetter = metric === 'zero_std' || metric === 'step_seconds';
  return { last, best: isMoreBetter ? greatest : isLessBetter ? least : null };
}

function leavesOf(value: unknown, path: string, depth = 0): [string, string][] {
  if (typeof value !== 'object' || value === null || depth > 8) return [[path, JSON.stringify(value) ?? '–']];
  const entries = Object.entries(value);
  return entries.length === 0 ? [[path, JSON.stringify(value)]] : entries.flatMap(([key, each]) => leavesOf(each, path === '' ? key : `${path}.${key}`, depth + 1));
}

import { metricNames, metricTitle, metricOf, type MetricUnit } from '../../src/core/engines/metricNames';
import type { MetricSeries } from '../../src/core/runs/metricSeries';

/** One small chart: which metrics it draws and how their numbers read. */
export interface ChartSpec {
  readonly title: string;
  readonly metrics: readonly string[];
  readonly unit: MetricUnit;
  /** Warm-up minimises another loss than GRPO; one scale for both would hide the second. */
  readonly kind: 'rl' | 'warm-up' | 'any';
}

/** What is looked at first; the others follow in the order of the one table of metrics. */
const first = ['reward', 'components', 'zero_std', 'reward_std', 'kl', 'entropy', 'response_tokens', 'clipped', 'loss', 'grad_norm', 'clip_fraction', 'errors'];
/** Metrics that are better read in one chart. */
const together: Readonly<Record<string, readonly string[]>> = {
  response_tokens: ['response_tokens', 'response_tokens_min', 'response_tokens_max'],
  clip_fraction: ['clip_fraction', 'clip_fraction_low'],
  step_seconds: ['step_seconds', 'rollout_seconds', 'reward_seconds', 'update_seconds'],
};
const grouped = new Set(Object.values(together).flatMap(metrics => metrics.slice(1)));

/** The charts that a run's metrics fill; a metric that nobody foresaw gets a chart of its own at the end. */
export function chartsFor(series: Pick<MetricSeries, 'names' | 'stages' | 'has'>): readonly ChartSpec[] {
  const names = series.names();
  const components = names.filter(name => name.startsWith('reward/'));
  const known = [...new Set([...first, ...metricNames.map(({ id }) => id)])].filter(id => !grouped.has(id));
  const used = new Set([...known, ...grouped, ...components]);
  return [...known, ...names.filter(name => !used.has(name))].flatMap((id): readonly ChartSpec[] => {
    if (id === 'components') return components.length === 0 ? [] : [{ title: 'Reward components', metrics: components, unit: 'number', kind: 'any' }];
    const metrics = (together[id] ?? [id]).filter(name => names.includes(name));
    if (metrics.length === 0) return [];
    const spec: ChartSpec = { title: metricTitle(id), metrics, unit: metricOf(id)?.unit ?? 'number', kind: 'any' };
    return id === 'loss' ? lossCharts(spec, series) : [spec];
  });
}

function lossCharts(spec: ChartSpec, series: Pick<MetricSeries, 'stages' | 'has'>): readonly ChartSpec[] {
  const charts: readonly ChartSpec[] = [{ ...spec, title: 'Warm-up loss', kind: 'warm-up' }, { ...spec, kind: 'rl' }];
  return charts.filter(chart => series.stages.some(stage => series.has(stage, 'loss') && belongs(series, stage, chart)));
}

/** Whether a stage's values belong into the chart. */
export function belongs(series: Pick<MetricSeries, 'has'>, stage: string, { kind }: ChartSpec): boolean {
  return kind === 'any' || (kind === 'rl') === series.has(stage, 'reward');
}

/** `reward/key_word` → `key_word`; of metrics in one chart their titles. */
export function seriesName(metric: string): string {
  return metric.startsWith('reward/') ? metric.slice('reward/'.length) : metricTitle(metric);
}

export function inUnit(value: number | null | undefined, unit: MetricUnit): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'share') return `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
  const size = Math.abs(value);
  const words = size !== 0 && size < 0.001 ? value.toExponential(1) : size >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(unit === 'tokens' ? 1 : 3);
  return unit === 'seconds' ? `${words} s` : unit === 'GB' ? `${words} GB` : words;
}

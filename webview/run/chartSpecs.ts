import type { MetricPoint } from '../../src/core/runs/metricSeries';

/** One small chart: which metrics it draws and how their numbers read. */
export interface ChartSpec {
  readonly title: string;
  readonly metrics: readonly string[];
  readonly unit: 'number' | 'share';
  /** Warm-up minimises another loss than GRPO; one scale for both would hide the second. */
  readonly kind: 'rl' | 'warm-up' | 'any';
}

const known: readonly ChartSpec[] = [
  { title: 'Reward', metrics: ['reward'], unit: 'number', kind: 'any' },
  { title: 'Components', metrics: [], unit: 'number', kind: 'any' },
  { title: 'Zero-std groups', metrics: ['zero_std'], unit: 'share', kind: 'any' },
  { title: 'Reward spread (std)', metrics: ['reward_std'], unit: 'number', kind: 'any' },
  { title: 'KL to the start of the stage', metrics: ['kl'], unit: 'number', kind: 'any' },
  { title: 'Response tokens', metrics: ['response_tokens'], unit: 'number', kind: 'any' },
  { title: 'Cut at the limit', metrics: ['clipped'], unit: 'share', kind: 'any' },
  { title: 'Entropy', metrics: ['entropy'], unit: 'number', kind: 'any' },
  { title: 'Warm-up loss', metrics: ['loss'], unit: 'number', kind: 'warm-up' },
  { title: 'Policy loss', metrics: ['loss'], unit: 'number', kind: 'rl' },
  { title: 'Gradient norm', metrics: ['grad_norm'], unit: 'number', kind: 'any' },
  { title: 'Failed rewards', metrics: ['errors'], unit: 'share', kind: 'any' },
  { title: 'Seconds a step', metrics: ['step_seconds'], unit: 'number', kind: 'any' },
  { title: 'Learning rate', metrics: ['learning_rate'], unit: 'number', kind: 'any' },
];

/** The charts that a run's metrics fill; a metric that nobody foresaw gets a chart of its own at the end. */
export function chartsFor(points: readonly MetricPoint[]): readonly ChartSpec[] {
  const names = new Set(points.flatMap(point => Object.keys(point.metrics)));
  const components = [...names].filter(name => name.startsWith('reward/'));
  const filled = known
    .map(spec => (spec.title === 'Components' ? { ...spec, metrics: components } : spec))
    .filter(spec => spec.metrics.length > 0 && points.some(point => belongs(point, spec) && spec.metrics.some(metric => point.metrics[metric] !== undefined)));
  const used = new Set(known.flatMap(spec => spec.metrics));
  const others = [...names].filter(name => !used.has(name) && !name.startsWith('reward/'));
  return [...filled, ...others.map((name): ChartSpec => ({ title: name, metrics: [name], unit: 'number', kind: 'any' }))];
}

export function belongs(point: MetricPoint, { kind }: ChartSpec): boolean {
  return kind === 'any' || (kind === 'rl') === (point.metrics.reward !== undefined);
}

/** `reward/key_word` → `key_word` */
export function seriesName(metric: string): string {
  return metric.startsWith('reward/') ? metric.slice('reward/'.length) : metric;
}

export function inUnit(value: number | null | undefined, unit: ChartSpec['unit']): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'share') return `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(3);
}

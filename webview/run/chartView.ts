import { computed, signal } from '@preact/signals';
import { onThemeChange } from '../shared/canvasColors';
import type { AxisKind } from './runCurves';

/** How all charts are looked at: they share cursor, part of the axis, what lies on it, and smoothing. */
export const cursorPosition = signal<number | null>(null);
export const zoom = signal<readonly [number, number] | null>(null);
/** Where the axis begins and ends when nothing is zoomed. */
export const wholeAxis = signal<readonly [number, number]>([0, 1]);
export const axisKind = signal<AxisKind>('step');
/** 0 (as measured) to 0.99: weight of the mean so far against the next value. */
export const smoothing = signal(0);
/** Titles of the charts with a logarithmic scale, and of those that take a whole row. */
export const logCharts = signal<ReadonlySet<string>>(new Set());
export const largeCharts = signal<ReadonlySet<string>>(new Set());

/** Rises when the theme changes: a canvas keeps the old theme's colours. */
export const themeVersion = signal(0);
onThemeChange(() => themeVersion.value++);

/** What is kept when the window is reloaded. */
export interface KeptView {
  readonly axis: AxisKind;
  readonly smoothing: number;
  readonly log: readonly string[];
  readonly large: readonly string[];
}

export const keptView = computed((): KeptView => ({ axis: axisKind.value, smoothing: smoothing.value, log: [...logCharts.value], large: [...largeCharts.value] }));

/** Takes what was kept, as far as it can be used. */
export function takeView(kept: unknown): void {
  const { axis, smoothing: smooth, log, large } = (typeof kept === 'object' && kept !== null ? kept : {}) as Partial<Record<keyof KeptView, unknown>>;
  if (axis === 'step' || axis === 'time') axisKind.value = axis;
  if (typeof smooth === 'number' && smooth >= 0 && smooth < 1) smoothing.value = smooth;
  if (Array.isArray(log)) logCharts.value = new Set(log.filter(title => typeof title === 'string'));
  if (Array.isArray(large)) largeCharts.value = new Set(large.filter(title => typeof title === 'string'));
}

export function toggled(titles: ReadonlySet<string>, title: string): ReadonlySet<string> {
  return titles.has(title) ? new Set([...titles].filter(other => other !== title)) : new Set([...titles, title]);
}

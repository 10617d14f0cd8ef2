import { computed, signal } from '@preact/signals';
import type { Gpu } from '../../src/core/launch/gpu';
import type { JsonObject } from '../../src/core/parsedLine';
import type { Alarm } from '../../src/core/runs/alarms';
import { MetricSeries } from '../../src/core/runs/metricSeries';
import type { RunEvent } from '../../src/core/runs/runEvent';
import { advanceRun, emptyRunState, type RunState } from '../../src/core/runs/runState';
import type { ComparedRunView, LatestGroup, RunHeader, RunSoFar } from '../../src/protocol/run';

/** A run whose curves lie beside those of the panel's own. */
export interface OtherRun {
  readonly folder: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly series: MetricSeries;
}

/** What the panel knows of its run: the host's events, added up by the core's own functions. */
export const header = signal<RunHeader | null>(null);
export const state = signal<RunState>(emptyRunState);
/** Rises with every new point and compared run; the series itself grows in place. */
export const seriesVersion = signal(0);
export let series = new MetricSeries();
export const alarms = signal<readonly Alarm[]>([]);
export const others = signal<readonly OtherRun[]>([]);
export const latest = signal<LatestGroup | null>(null);
export const gpus = signal<readonly Gpu[]>([]);
/** Seconds since 1970, once a second while the run is active. */
export const now = signal(Date.now() / 1000);
export const failure = signal<string | null>(null);

export const isActive = computed(() => header.value?.status === 'active');

export function takeSoFar(soFar: RunSoFar): void {
  series = MetricSeries.fromColumns(soFar.series);
  state.value = soFar.state;
  alarms.value = soFar.alarms;
  seriesVersion.value++;
}

export function takeEvents(events: readonly RunEvent[], raised: readonly Alarm[]): void {
  let next = state.value;
  for (const event of events) {
    next = advanceRun(next, event);
    series.add(event);
  }
  state.value = next;
  if (raised.length > 0) alarms.value = [...alarms.value, ...raised];
  if (events.some(event => event.type === 'step')) seriesVersion.value++;
}

export function takeCompared(runs: readonly ComparedRunView[]): void {
  others.value = runs.map(run => ({ ...run, series: MetricSeries.fromColumns(run.series) }));
  seriesVersion.value++;
}

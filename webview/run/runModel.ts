import { batch, computed, signal } from '@preact/signals';
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

let waiting: { readonly event: RunEvent; readonly folder: string | null }[] = [];
let raisedSince: Alarm[] = [];
let isDue = false;

/** What the run came to; `isReset`: what was told before is void. */
export function takeSoFar(soFar: RunSoFar, isReset: boolean): void {
  if (isReset) {
    waiting = waiting.filter(({ folder }) => folder !== null);
    raisedSince = [];
  }
  batch(() => {
    series = MetricSeries.fromColumns(soFar.series);
    state.value = soFar.state;
    alarms.value = soFar.alarms;
    seriesVersion.value++;
  });
}

/** Takes what is new of the panel's own run (`folder` null) or of one beside it. All that comes before a frame is drawn with it. */
export function takeEvents(events: readonly RunEvent[], raised: readonly Alarm[], folder: string | null = null): void {
  for (const event of events) waiting.push({ event, folder });
  raisedSince.push(...raised);
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(takeWaiting);
}

function takeWaiting(): void {
  if (!header.value) return void requestAnimationFrame(takeWaiting); // they go on from what is being loaded
  isDue = false;
  let next = state.value;
  for (const { event, folder } of waiting) {
    if (folder !== null) others.value.find(run => run.folder === folder)?.series.add(event);
    else {
      next = advanceRun(next, event);
      series.add(event);
    }
  }
  const hasSteps = waiting.some(({ event }) => event.type === 'step');
  const raised = raisedSince;
  waiting = [];
  raisedSince = [];
  batch(() => {
    state.value = next;
    if (raised.length > 0) alarms.value = [...alarms.value, ...raised];
    if (hasSteps) seriesVersion.value++;
  });
}

export function takeCompared(runs: readonly ComparedRunView[]): void {
  waiting = waiting.filter(({ folder }) => folder === null);
  others.value = runs.map(run => ({ ...run, series: MetricSeries.fromColumns(run.series) }));
  seriesVersion.value++;
}

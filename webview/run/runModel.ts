import { computed, signal } from '@preact/signals';
import { MetricSeries } from '../../src/core/runs/metricSeries';
import type { RunEvent } from '../../src/core/runs/runEvent';
import { advanceRun, emptyRunState, type RunState } from '../../src/core/runs/runState';
import type { LogChunk, RunHeader } from '../../src/protocol/run';

export interface LogLine {
  readonly source: LogChunk['source'];
  readonly text: string;
}

const maxLines = 5000;

/** What the panel knows of its run: the host's events, added up by the core's own functions. */
export const header = signal<RunHeader | null>(null);
export const state = signal<RunState>(emptyRunState);
/** Rises with every new point; the series itself grows in place. */
export const seriesVersion = signal(0);
export const series = new MetricSeries();
export const logLines = signal<readonly LogLine[]>([]);
/** Seconds since 1970, once a second while the run is active. */
export const now = signal(Date.now() / 1000);
export const failure = signal<string | null>(null);

export const isActive = computed(() => header.value?.status === 'active');

export function takeEvents(isReset: boolean, events: readonly RunEvent[]): void {
  if (isReset) series.clear();
  let next = isReset ? emptyRunState : state.value;
  for (const event of events) {
    next = advanceRun(next, event);
    series.add(event);
  }
  state.value = next;
  if (isReset || events.some(event => event.type === 'step')) seriesVersion.value++;
}

/** The half line at the end of each log, until its rest comes. */
const open = new Map<LogChunk['source'], string>();

export function takeLog(chunks: readonly LogChunk[]): void {
  const added = chunks.flatMap(({ source, text }) => {
    const lines = ((open.get(source) ?? '') + text).split('\n');
    open.set(source, lines.pop() ?? '');
    return lines.map(line => ({ source, text: withoutProgress(line) })).filter(line => line.text !== '');
  });
  if (added.length > 0) logLines.value = [...logLines.value, ...added].slice(-maxLines);
}

/** A progress bar rewrites its line with `\r`; its last state is what a terminal would show. Colour codes are for terminals too. */
function withoutProgress(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').trimEnd();
}

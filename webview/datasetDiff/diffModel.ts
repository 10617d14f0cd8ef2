import { batch, signal } from '@preact/signals';
import type { DiffFilter } from '../../src/core/diff/datasetDiff';
import type { DatasetDiffContract, DiffPlace, DiffDetail, DiffListRow, DiffOverview } from '../../src/protocol/datasetDiff';
import { connect } from '../shared/connect';

const host = connect<DatasetDiffContract>();
const pageRows = 100;

export const overview = signal<DiffOverview | null>(null);
/** Rows that were asked for, by place in the list. */
export const rows = signal<ReadonlyMap<number, DiffListRow>>(new Map());
export const place = signal(0);
export const detail = signal<DiffDetail | null>(null);
export const failure = signal<string | null>(null);
/** Whether the file changed since it was compared. */
export const isStale = signal(false);
/** Which boxes the picture shows. */
export const side = signal<'both' | 'old' | 'now'>('both');

const asked = new Set<number>();
let kept: DiffPlace | undefined;

export async function start(): Promise<void> {
  host.on('stale', () => (isStale.value = true));
  host.on('overview', next => {
    isStale.value = false;
    take(next);
    void selectAt(place.value);
  });
  const loaded = await host.request('load', null);
  take(loaded.overview);
  kept = loaded.kept;
  await selectAt(host.getState<{ readonly place: number }>()?.place ?? loaded.selected);
}

export async function setFilter(filter: DiffFilter): Promise<void> {
  take(await host.request('filter', filter));
  await selectAt(0);
}

/** Says which rows are on the screen; those that are not here yet are asked for. */
export function show(from: number, to: number): void {
  const current = overview.value;
  if (!current) return;
  for (let page = Math.floor(from / pageRows); page * pageRows < Math.min(to, current.matching); page++) if (!asked.has(page)) void askPage(page, current.version);
}

export async function selectAt(at: number): Promise<void> {
  const current = overview.value;
  if (!current || current.matching === 0) {
    detail.value = null;
    host.setState({ place: 0, ...kept });
    return;
  }
  const next = Math.max(0, Math.min(current.matching - 1, at));
  place.value = next;
  host.setState({ place: next, ...kept });
  const got = await host.request('detail', { version: current.version, at: next });
  if (place.value === next && overview.value?.version === current.version) detail.value = got; // the person may have gone on
}

export const openSample = (): void => host.send('openSample', { at: place.value });
export const openText = (): void => host.send('openText', { at: place.value });
export const compareAgain = (): void => host.send('compareAgain', null);

function take(next: DiffOverview): void {
  asked.clear();
  batch(() => {
    rows.value = new Map();
    overview.value = next;
  });
  show(0, pageRows);
}

async function askPage(page: number, version: number): Promise<void> {
  asked.add(page);
  const got = await host.request('page', { version, from: page * pageRows, to: (page + 1) * pageRows });
  if (overview.value?.version !== version) return;
  const next = new Map(rows.value);
  got.forEach((row, index) => next.set(page * pageRows + index, row));
  rows.value = next;
}

import { batch, computed, signal } from '@preact/signals';
import type { RolloutFilter } from '../../src/core/rollouts/rolloutFilter';
import type { GroupDetail, RolloutList, RolloutRow, RolloutsContract } from '../../src/protocol/rollouts';
import { connect } from '../shared/connect';

const host = connect<RolloutsContract>();
const pageRows = 100;

export const runName = signal('');
export const stages = signal<readonly string[]>([]);
export const list = signal<RolloutList | null>(null);
/** Rows that were asked for, by place in the list. */
export const rows = signal<ReadonlyMap<number, RolloutRow>>(new Map());
/** Place of the selected group in the list; -1 when the filter hides it. */
export const place = signal(-1);
export const detail = signal<GroupDetail | null>(null);
export const isDetailLoading = signal(false);
/** The response that the picture shows and the keys move. */
export const response = signal(0);
export const failure = signal<string | null>(null);
export const isRecomputed = signal(false);
export const showsAllBoxes = signal(false);

export const selectedRollout = computed(() => detail.value?.rollouts[response.value] ?? null);

let runFolder = '';
let visible: readonly [from: number, to: number] = [0, pageRows];
/** Pages that were asked for, with what is waited for. */
const asked = new Map<number, Promise<void>>();

export async function start(): Promise<void> {
  host.on('list', next => takeGrowth(next));
  host.on('stages', next => (stages.value = next));
  host.on('show', ({ list: next, selected }) => {
    takeNewList(next);
    void selectNamed(selected);
  });
  const loaded = await host.request('load', null);
  runFolder = loaded.runFolder;
  runName.value = loaded.runName;
  stages.value = loaded.stages;
  takeNewList(loaded.list);
  remember();
  await selectNamed(loaded.selected);
}

export async function choose(stage: string, filter: RolloutFilter): Promise<void> {
  const kept = detail.value?.row.group;
  takeNewList(await host.request('select', { stage, filter }));
  const at = kept === undefined || detail.value?.row.stage !== stage ? -1 : await host.request('place', { group: kept });
  if (at >= 0) place.value = at;
  else await selectAt(0);
  remember();
}

/** Says which rows are on the screen; those that are not here yet are asked for. */
export function show(from: number, to: number): void {
  visible = [from, to];
  const current = list.value;
  if (!current) return;
  for (let page = Math.floor(from / pageRows); page * pageRows < Math.min(to, current.matching); page++) void askPage(page, current.version);
}

export async function selectAt(at: number): Promise<void> {
  const total = list.value?.matching ?? 0;
  if (total === 0) {
    batch(() => {
      place.value = -1;
      detail.value = null;
    });
    return;
  }
  const next = Math.max(0, Math.min(total - 1, at));
  place.value = next;
  await askPage(Math.floor(next / pageRows), list.value?.version ?? 0);
  const row = rows.value.get(next);
  if (row) await showGroup(row.group);
}

export function moveResponse(by: number): void {
  const count = detail.value?.rollouts.length ?? 0;
  if (count > 0) response.value = (response.value + by + count) % count;
}

export function openSample(): void {
  const row = detail.value?.row;
  if (row) host.send('openSample', { dataset: row.dataset, qid: row.sampleId });
}

export function openPlayground(): void {
  const row = detail.value?.row;
  if (row) host.send('openPlayground', { stage: list.value?.stage ?? row.stage, group: row.group, dataset: row.dataset, qid: row.sampleId });
}

export function openPlace(file: string, line: number | undefined): void {
  host.send('openPlace', { file, line });
}

export function openRun(): void {
  host.send('openRun', null);
}

async function selectNamed(group: string | null): Promise<void> {
  const at = group === null ? 0 : await host.request('place', { group });
  if (at >= 0) await selectAt(at);
  else if (group !== null) await showGroup(group);
}

async function showGroup(group: string): Promise<void> {
  if (detail.value?.row.group === group && detail.value.rollouts.length === detail.value.row.marks.length) return;
  isDetailLoading.value = true;
  const next = await host.request('group', { group });
  const isWanted = rows.value.get(place.value)?.group === group || place.value < 0;
  if (!isWanted) return; // the person went on while it was read
  batch(() => {
    detail.value = next;
    response.value = best(next);
    isDetailLoading.value = false;
  });
  remember();
}

/** The response with the highest reward is where a look at a group begins. */
function best(group: GroupDetail | null): number {
  const overalls = group?.rollouts.map(rollout => rollout.overall ?? Number.NEGATIVE_INFINITY) ?? [];
  return Math.max(0, overalls.indexOf(Math.max(...overalls)));
}

function takeNewList(next: RolloutList): void {
  batch(() => {
    asked.clear();
    rows.value = new Map();
    place.value = -1;
    list.value = next;
  });
  show(0, Math.max(pageRows, visible[1] - visible[0]));
}

/** The rows on the screen are asked for again: the last group may have grown. Those elsewhere come when they are scrolled to. */
function takeGrowth(next: RolloutList): void {
  if (next.version !== list.value?.version) return; // a list that was chosen meanwhile comes with its own answer
  const wasEmpty = list.value.matching === 0;
  list.value = next;
  asked.clear();
  show(...visible);
  if (wasEmpty && next.matching > 0) void selectAt(0);
}

function askPage(page: number, version: number): Promise<void> {
  const waiting = asked.get(page) ?? loadPage(page, version);
  asked.set(page, waiting);
  return waiting;
}

async function loadPage(page: number, version: number): Promise<void> {
  const from = page * pageRows;
  const got = await host.request('page', { version, from, to: from + pageRows });
  if (list.value?.version !== version) return;
  const next = new Map(rows.value);
  got.forEach((row, index) => next.set(from + index, row));
  rows.value = next;
}

/** A reloaded window opens the same run, stage and group. */
function remember(): void {
  host.setState({ request: { runFolder, stage: list.value?.stage ?? undefined, group: detail.value?.row.group } });
}

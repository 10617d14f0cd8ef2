import { batch, computed, signal } from '@preact/signals';
import type { SectionKind } from '../../src/core/grading/sections';
import type { AdvantageRule } from '../../src/core/rollouts/advantage';
import type { BoxReading } from '../../src/core/rollouts/predictedBoxes';
import { firstRolloutFacets } from '../../src/core/rollouts/rolloutColumns';
import { everyRollout, type GroupRow, type RolloutQuestion } from '../../src/core/rollouts/rolloutQuestion';
import type { GroupDetail, HostAction, ImageScore, Rescored, RolloutList, RolloutsContract, RolloutsState, RunHistory } from '../../src/protocol/rollouts';
import { connect } from '../shared/connect';
import { Asked } from './asked';

export const host = connect<RolloutsContract>();
const pageRows = 100;

/** What the right side shows of the group. */
export type GroupTab = 'responses' | 'compare' | 'history' | 'images';

export const runName = signal('');
export const state = signal<RolloutsState | null>(null);
export const list = signal<RolloutList | null>(null);
/** Rows that were asked for, by place in the list. */
export const rows = signal<ReadonlyMap<number, GroupRow>>(new Map());
/** Place of the selected group in the list; -1 when the question hides it. */
export const place = signal(-1);
export const detail = signal<GroupDetail | null>(null);
export const isDetailLoading = signal(false);
/** The response that the picture shows and the keys move, and the one that it is compared with. */
export const response = signal(0);
export const other = signal(0);
export const failure = signal<string | null>(null);
/** Said once something was done. */
export const notice = signal('');
export const rule = signal<AdvantageRule>('trl');
export const boxReading = signal<BoxReading>('reward');
export const showsAllBoxes = signal(true);
export const showsTokens = signal<'off' | 'logprob' | 'entropy'>('off');
export const tab = signal<GroupTab>('responses');
export const history = signal<readonly RunHistory[] | null>(null);
export const images = signal<readonly ImageScore[] | null>(null);
export const rescored = signal<Rescored | null>(null);
export const isScoring = signal(false);
export const hasFacets = signal(window.innerWidth > 1000);
export const openFacets = signal<ReadonlySet<string>>(new Set(firstRolloutFacets));
export const isHelpShown = signal(false);
/** Kinds of sections that are folded, in all responses alike. */
export const foldedSections = signal<ReadonlySet<SectionKind>>(new Set());
/** Groups at the end of the list that came in while a person looked elsewhere. */
export const unseen = signal(0);

export const asked = new Asked(host, next => void takeAnswer(next), error => fail(error));
export const selectedRollout = computed(() => detail.value?.rollouts[response.value] ?? null);

let runFolder = '';
let visible: readonly [from: number, to: number] = [0, pageRows];
const pages = new Map<number, Promise<void>>();
const finders = new Set<() => void>();

export async function start(): Promise<void> {
  host.on('list', next => takeGrowth(next));
  host.on('state', next => takeState(next));
  host.on('failure', ({ message }) => (failure.value = message));
  host.on('sampleChanged', () => void reloadGroup());
  host.on('show', ({ question, list: next, selected, index }) => void takeShown(question, next, selected, index));
  const loaded = await host.request('load', null);
  runFolder = loaded.runFolder;
  runName.value = loaded.runName;
  rule.value = loaded.rule;
  takeState(loaded.state);
  await takeShown(loaded.question, loaded.list, loaded.selected, loaded.index);
}

export function fail(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
}

/** Says which rows are on the screen; those that are not here yet are asked for. */
export function show(from: number, to: number): void {
  visible = [from, to];
  const current = list.value;
  if (!current) return;
  if (to >= current.groups) unseen.value = 0;
  for (let page = Math.floor(from / pageRows); page * pageRows < Math.min(to, current.groups); page++) askPage(page, current.version).catch(fail);
}

export async function selectAt(at: number, index = -1): Promise<void> {
  const total = list.value?.groups ?? 0;
  if (total === 0) return;
  const next = Math.max(0, Math.min(total - 1, at));
  place.value = next;
  await askPage(Math.floor(next / pageRows), list.value?.version ?? 0);
  const row = rows.value.get(next);
  if (row) await showGroup(row.number, index);
}

export function moveResponse(by: number): void {
  const count = detail.value?.rollouts.length ?? 0;
  if (count === 0) return;
  if (tab.value === 'compare') other.value = (other.value + by + count) % count;
  else response.value = (response.value + by + count) % count;
}

/** What is pending comes into the list; the group that is looked at stays the selected one. */
export async function showNew(): Promise<void> {
  const wasPending = (list.value?.pending ?? 0) > 0;
  if (wasPending) await takeAnswer(await host.request('takePending', null));
  else await selectAt((list.value?.groups ?? 1) - 1);
  unseen.value = 0;
}

/** Something that VS Code asks or opens. */
export async function act(action: HostAction): Promise<void> {
  const group = detail.value;
  if (!group) return;
  const said: Partial<Record<HostAction, string>> = { tag: 'Tagged', toWarmUp: 'Goes to the warm-up', exclude: 'Excluded from training', moveStage: 'Moved' };
  try {
    const curation = await host.request('act', { number: group.row.number, at: response.value, action });
    if (!curation) return;
    if (detail.value?.row.number === group.row.number) detail.value = { ...detail.value, curation };
    notice.value = `${said[action] ?? 'Done'}: ${group.row.sampleId}`;
  } catch (error) {
    fail(error);
  }
}

export async function rescore(): Promise<void> {
  const group = detail.value;
  if (!group || isScoring.value) return;
  isScoring.value = true;
  try {
    const scored = await host.request('rescore', { number: group.row.number });
    if (detail.value?.row.number === group.row.number) rescored.value = scored;
  } catch (error) {
    fail(error);
  } finally {
    isScoring.value = false;
  }
}

export async function openTab(next: GroupTab): Promise<void> {
  tab.value = tab.value === next && next !== 'responses' ? 'responses' : next;
  try {
    if (tab.value === 'history') await loadHistory();
    if (tab.value === 'images' && !images.value) images.value = await host.request('images', null);
    if (tab.value === 'compare' && other.value === response.value) moveResponse(1);
  } catch (error) {
    tab.value = 'responses';
    fail(error);
  }
}

/** The selected group, or all that answer, as a file for others: VS Code asks which. */
export function share(): void {
  host.send('share', { group: detail.value?.row.group ?? null });
}

export function copyLink(): void {
  const row = detail.value?.row;
  host.send('copyLink', { group: row?.group ?? null, stage: row?.stage ?? null, index: response.value });
}

export function nextTokens(): void {
  showsTokens.value = showsTokens.value === 'off' ? 'logprob' : showsTokens.value === 'logprob' ? 'entropy' : 'off';
}

export function onFind(focus: () => void): () => void {
  finders.add(focus);
  return () => finders.delete(focus);
}

export function find(): void {
  for (const focus of finders) focus();
}

/** A group of this run that is not in the list, such as an earlier step of the sample. */
export async function showGroup(number: number, index = -1): Promise<void> {
  isDetailLoading.value = true;
  try {
    const next = await host.request('group', { number });
    const chosen = rows.value.get(place.value)?.number;
    if (place.value >= 0 && chosen !== undefined && chosen !== number) return; // the person went on while it was read
    const isSame = detail.value?.row.number === number;
    batch(() => {
      detail.value = next;
      if (!isSame || index >= 0) response.value = index >= 0 ? Math.min(index, (next?.rollouts.length ?? 1) - 1) : best(next);
      if (!isSame) rescored.value = null;
      if (!isSame && tab.value === 'images') tab.value = 'responses';
    });
    if (!isSame && tab.value === 'history') await loadHistory();
    remember();
  } catch (error) {
    fail(error);
  } finally {
    isDetailLoading.value = false;
  }
}

async function loadHistory(): Promise<void> {
  const row = detail.value?.row;
  if (!row) return;
  history.value = null;
  const found = await host.request('history', { dataset: row.dataset, sample: row.sampleId });
  if (detail.value?.row.sampleId === row.sampleId) history.value = found;
}

async function reloadGroup(): Promise<void> {
  const number = detail.value?.row.number;
  if (number !== undefined) await showGroup(number);
}

/** The response with the highest reward is where a look at a group begins. */
function best(group: GroupDetail | null): number {
  const overalls = group?.rollouts.map(rollout => rollout.overall ?? Number.NEGATIVE_INFINITY) ?? [];
  return Math.max(0, overalls.indexOf(Math.max(...overalls)));
}

async function takeShown(question: RolloutQuestion, next: RolloutList, selected: number | null, index: number): Promise<void> {
  asked.take(question ?? everyRollout);
  putList(next);
  if (selected === null) return selectAt(0, index);
  const at = await host.request('place', { number: selected });
  if (at >= 0) return selectAt(at, index);
  place.value = -1;
  await showGroup(selected, index);
}

async function takeAnswer(next: RolloutList): Promise<void> {
  const kept = detail.value?.row.number;
  putList(next);
  const at = kept === undefined ? -1 : await host.request('place', { number: kept });
  if (at >= 0) place.value = at;
  else await selectAt(0);
  remember();
}

function putList(next: RolloutList): void {
  batch(() => {
    pages.clear();
    rows.value = new Map();
    place.value = -1;
    unseen.value = 0;
    list.value = next;
  });
  show(0, Math.max(pageRows, visible[1] - visible[0]));
}

/** The list went on at its end, or more is pending: what is looked at stays where it is. The rows on the screen are asked for again, because the last group may have grown. */
function takeGrowth(next: RolloutList): void {
  const before = list.value;
  if (!before || next.version !== before.version) return; // a list that was chosen meanwhile comes with its own answer
  const added = next.groups - before.groups;
  list.value = next;
  if (added > 0 && visible[1] < next.groups && !state.value?.isReading) unseen.value += added;
  pages.clear();
  asked.recount();
  show(...visible);
  if (before.groups === 0 && next.groups > 0) void selectAt(0);
  else if (detail.value && detail.value.row.marks.length < (rows.value.get(place.value)?.marks.length ?? 0)) void reloadGroup();
}

function takeState(next: RolloutsState): void {
  state.value = next;
  asked.columns.value = next.columns;
}

function askPage(page: number, version: number): Promise<void> {
  const waiting = pages.get(page) ?? loadPage(page, version);
  pages.set(page, waiting);
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

/** A reloaded window opens the same run, question and group. */
function remember(): void {
  host.setState({ request: { runFolder, query: asked.query.value, group: detail.value?.row.group, index: response.value } });
}

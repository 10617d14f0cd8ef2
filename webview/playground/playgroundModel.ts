import { batch, computed, signal } from '@preact/signals';
import type { SampleRef } from '../../src/core/dataset/sample';
import { goldResponse } from '../../src/core/rewards/gold/goldResponse';
import type { Evidence } from '../../src/core/rewards/score';
import type { TriedNumbers } from '../../src/core/rewards/authoring/triedNumbers';
import type { AttackExample, AttackOutcome, ForecastResult, PlaygroundChoice, PlaygroundContract, PlaygroundOptions, PlaygroundResult, PlaygroundTab, ResponseRow, RowEvidence, SampleDetail, ScoredResult, ScoredRow } from '../../src/protocol/playground';
import { connect } from '../shared/connect';

const host = connect<PlaygroundContract>();

export const options = signal<PlaygroundOptions | null>(null);
export const choice = signal<PlaygroundChoice | null>(null);
export const tab = signal<PlaygroundTab>('responses');
export const result = signal<PlaygroundResult | null>(null);
export const forecast = signal<ForecastResult | null>(null);
export const attacks = signal<AttackOutcome | null>(null);
export const isScoring = signal(false);
/** Values of the sliders that differ from the file. */
export const tried = signal<TriedNumbers>({});
export const selectedKey = signal<string | null>(null);
export const selectedAttack = signal<string | null>(null);
/** The sample of the selected row, or why it cannot be shown. */
export const detail = signal<{ readonly ref: SampleRef; readonly sample?: SampleDetail; readonly failure?: string } | null>(null);
export const failure = signal<string | null>(null);

/** The last scores that were there: they stay on the screen, dimmed, while a broken reward is being mended. */
export const scored = signal<(PlaygroundResult & { readonly kind: 'scored' }) | null>(null);
/** What the scores on the screen were asked for. */
let scoredFor: PlaygroundChoice | null = null;
/** What a save will show. */
let ahead: ScoredResult | null = null;
/** What the scores on the screen belong to, in their order. */
const responses = signal<readonly ResponseRow[]>([]);
export const rows = computed<readonly ScoredRow[]>(() => {
  const scores = scored.value?.scores ?? [];
  return responses.value.flatMap((row, index) => (scores[index] ? { ...row, ...scores[index] } : []));
});
export const hasGroups = computed(() => rows.value.some(row => row.group !== null));
/** The response that the detail shows: a row of the table, or what an attack wrote. */
export const selectedRow = computed<ScoredRow | null>(() => {
  if (tab.value !== 'attacks') return rows.value.find(row => row.key === selectedKey.value) ?? rows.value[0] ?? null;
  const told = attacks.value;
  if (told?.kind !== 'report') return null;
  return told.examples[selectedAttack.value ?? ''] ?? told.examples[told.report.results[0]?.attack.id ?? ''] ?? null;
});
/** What the reward saw in the selected response; null while it is on its way. */
const evidence = signal<RowEvidence | null>(null);
export const selectedEvidence = computed<readonly Evidence[] | null>(() => {
  const row = selectedRow.value;
  if (!row) return null;
  if ('evidence' in row) return (row as AttackExample).evidence;
  return evidence.value?.key === row.key ? evidence.value.evidence : null;
});
/** The one reason for which every response fails, if there is one. */
export const commonError = computed(() => {
  const [first] = rows.value;
  const error = first?.score.error;
  return error && rows.value.length > 1 && rows.value.every(row => row.score.error?.message === error.message) ? error : null;
});
export const componentNames = computed(() => {
  const named = scored.value?.reward.components ?? [];
  return named.length > 0 ? named : Object.keys(scored.value?.means.components ?? {});
});

export async function start(): Promise<void> {
  host.on('options', value => (options.value = value));
  host.on('choice', keepChoice);
  host.on('scoring', value => (isScoring.value = value.isScoring));
  host.on('result', receive);
  host.on('ahead', value => (ahead = value));
  host.on('saved', ({ hash, ...value }) => ahead?.reward.hash === hash && receive({ ...ahead, ...value }));
  host.on('forecast', value => (forecast.value = value));
  host.on('attacks', value => {
    attacks.value = value;
    void followSelection(false);
  });
  host.on('tab', value => (tab.value = value));
  try {
    const loaded = await host.request('load', null);
    batch(() => {
      options.value = loaded.options;
      tab.value = loaded.tab;
      keepChoice(loaded.choice);
    });
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

function keepChoice(value: PlaygroundChoice): void {
  if (value.reward !== choice.value?.reward) tried.value = {};
  choice.value = value;
  host.setState({ choice: value });
}

function receive(value: PlaygroundResult): void {
  batch(() => {
    result.value = value;
    if (value.kind === 'scored') {
      if (value.responses) responses.value = value.responses;
      scored.value = value;
      scoredFor = choice.value;
      evidence.value = value.evidence;
      if (Object.keys(value.tried).length === 0 && !isSliding()) tried.value = {};
    } else if (value.kind !== 'failed' || !asksTheSame(scoredFor, choice.value)) scored.value = null; // scores stay while their own reward is broken
  });
  void followSelection(value.kind === 'scored' && value.responses !== null);
}

/** Whether the same responses are scored with the same reward file. */
function asksTheSame(one: PlaygroundChoice | null, other: PlaygroundChoice | null): boolean {
  const question = (of: PlaygroundChoice | null): string => JSON.stringify({ ...of, rule: null });
  return question(one) === question(other);
}

/** Asks for what the selected row is shown with: the sample again where the responses were read again, because its label may have changed. */
async function followSelection(isStale: boolean): Promise<void> {
  await Promise.all([followEvidence(), followSample(isStale)]);
}

async function followEvidence(): Promise<void> {
  const row = selectedRow.value;
  if (!row || 'evidence' in row || evidence.value?.key === row.key) return;
  const answer = await host.request('evidence', { key: row.key });
  if (answer && selectedRow.value?.key === answer.key) evidence.value = answer;
}

async function followSample(isStale: boolean): Promise<void> {
  const ref = selectedRow.value?.sample;
  if (!ref) return void (detail.value = null);
  const shown = detail.value;
  if (!isStale && shown?.ref.dataset === ref.dataset && shown.ref.qid === ref.qid) return;
  try {
    const sample = await host.request('sample', ref);
    if (selectedRow.value?.sample.qid === ref.qid) detail.value = { ref, sample };
  } catch (error) {
    detail.value = { ref, failure: error instanceof Error ? error.message : String(error) };
  }
}

export function select(key: string): void {
  selectedKey.value = key;
  void followSelection(false);
}

export function selectAttack(id: string): void {
  selectedAttack.value = id;
  void followSelection(false);
}

export function showTab(next: PlaygroundTab): void {
  tab.value = next;
  host.send('showTab', next);
  void followSelection(false);
}

/** Changes a part of the choice; the host scores. */
export function choose(part: Partial<PlaygroundChoice>): void {
  if (!choice.value) return;
  const next = { ...choice.value, ...part };
  const isOtherResponses = part.source !== undefined || part.dataset !== undefined || part.qid !== undefined;
  batch(() => {
    keepChoice(next);
    if (isOtherResponses && next.source.kind !== 'typed') selectedKey.value = null;
  });
  host.send('choose', next);
}

let typing: ReturnType<typeof setTimeout> | undefined;

/** Scores a typed response once the typing rests. */
export function type(text: string): void {
  const current = choice.value;
  if (!current) return;
  keepChoice({ ...current, source: { kind: 'typed', text } });
  clearTimeout(typing);
  typing = setTimeout(() => choice.value && host.send('choose', choice.value), 150);
}

/** Starts a typed response from the selected one. */
export function editSelected(): void {
  const row = selectedRow.value;
  if (!row) return;
  if (tab.value !== 'responses') showTab('responses');
  choose({ dataset: row.sample.dataset, qid: row.sample.qid, source: { kind: 'typed', text: row.response } });
}

/** Puts the gold response of the sample back. */
export function typeGold(): void {
  const sample = detail.value?.sample;
  if (!sample || !choice.value) return;
  type(goldResponse({ qid: '', problem: sample.problem, answer: sample.answer, images: [], key_words: sample.keyWords, boxes: sample.boxes }));
}

let sliding: ReturnType<typeof setTimeout> | undefined;
const isSliding = (): boolean => sliding !== undefined;

/** Tries another value of a number; scores once the slider rests. */
export function tryNumber(name: string, value: number): void {
  tried.value = { ...tried.value, [name]: value };
  clearTimeout(sliding);
  sliding = setTimeout(() => {
    sliding = undefined;
    host.send('tryNumbers', tried.value);
  }, 80);
}

/** Goes back to the file's numbers. */
export function dropNumbers(): void {
  tried.value = {};
  host.send('tryNumbers', {});
}

export const writeNumbers = (): void => host.send('writeNumbers', null);
export const rescore = (): void => host.send('rescore', null);
export const cancel = (): void => host.send('cancel', null);
export const pickFile = (): void => host.send('pickFile', null);
export const sampleFresh = (): void => host.send('sampleFresh', null);
export const run = (action: PlaygroundContract['toHost']['run']['action']): void => host.send('run', { action });
export const openPlace = (file: string, line?: number): void => host.send('openPlace', line === undefined ? { file } : { file, line });
export const openGroup = (place: PlaygroundContract['toHost']['openGroup']): void => host.send('openGroup', place);

/** Each for the selected response. */
const withSelected = (action: (row: ScoredRow) => void) => (): void => {
  if (selectedRow.value) action(selectedRow.value);
};
export const openSample = withSelected(row => host.send('openSample', row.sample));
export const addCase = withSelected(row => host.send('addCase', { ...row, evidence: selectedEvidence.value ?? [] }));
export const debug = withSelected(row => host.send('debug', row));

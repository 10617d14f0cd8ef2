import { batch, computed, signal } from '@preact/signals';
import type { SampleRef } from '../../src/core/dataset/sample';
import { goldResponse } from '../../src/core/rewards/goldResponse';
import type { PlaygroundChoice, PlaygroundContract, PlaygroundOptions, PlaygroundResult, SampleDetail, ScoredRow } from '../../src/protocol/playground';
import { connect } from '../shared/connect';

const host = connect<PlaygroundContract>();

export const options = signal<PlaygroundOptions | null>(null);
export const choice = signal<PlaygroundChoice | null>(null);
export const result = signal<PlaygroundResult | null>(null);
export const isScoring = signal(false);
export const selectedKey = signal<string | null>(null);
/** The sample of the selected row, or why it cannot be shown. */
export const detail = signal<{ readonly ref: SampleRef; readonly sample?: SampleDetail; readonly failure?: string } | null>(null);
export const failure = signal<string | null>(null);

/** The last scores that were there: they stay on the screen, dimmed, while a broken reward is being mended. */
export const scored = signal<(PlaygroundResult & { readonly kind: 'scored' }) | null>(null);
export const rows = computed<readonly ScoredRow[]>(() => scored.value?.rows ?? []);
export const selectedRow = computed(() => rows.value.find(row => row.key === selectedKey.value) ?? rows.value[0] ?? null);
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
  try {
    const loaded = await host.request('load', null);
    batch(() => {
      options.value = loaded.options;
      keepChoice(loaded.choice);
    });
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

function keepChoice(value: PlaygroundChoice): void {
  choice.value = value;
  host.setState({ choice: value });
}

function receive(value: PlaygroundResult): void {
  batch(() => {
    result.value = value;
    if (value.kind === 'scored') scored.value = value;
    else if (value.kind !== 'failed') scored.value = null;
  });
  void followSelection(value.kind === 'scored');
}

/** Asks for the sample of the selected row; again after a scoring, because its label may have changed. */
async function followSelection(isStale: boolean): Promise<void> {
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

export function moveSelection(by: number): void {
  const at = rows.value.findIndex(row => row.key === selectedRow.value?.key);
  const next = rows.value[Math.min(rows.value.length - 1, Math.max(0, at + by))];
  if (next) select(next.key);
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
  if (row) choose({ dataset: row.sample.dataset, qid: row.sample.qid, source: { kind: 'typed', text: row.response } });
}

/** Puts the gold response of the sample back. */
export function typeGold(): void {
  const sample = detail.value?.sample;
  if (!sample || !choice.value) return;
  type(goldResponse({ qid: '', problem: sample.problem, answer: sample.answer, images: [], key_words: sample.keyWords, boxes: sample.boxes }));
}

export const rescore = (): void => host.send('rescore', null);
export const cancel = (): void => host.send('cancel', null);
export const run = (action: PlaygroundContract['toHost']['run']['action']): void => host.send('run', { action });
export const openPlace = (file: string, line?: number): void => host.send('openPlace', line === undefined ? { file } : { file, line });

export function openSample(): void {
  const ref = selectedRow.value?.sample;
  if (ref) host.send('openSample', ref);
}

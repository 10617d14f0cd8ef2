import { type JsonObject, numberOf, type Parsed, parseJsonObject, textOf, textsOf } from '../parsedLine';
import type { Evidence, ScoreError } from '../rewards/score';
import type { Bbox } from '../dataset/sample';
import type { Rollout } from './rollout';

/** Reads one line of `rollouts/<stage>.jsonl`. Without a stage, group, sample and response a line is a fault; the rest has honest defaults. */
export function parseRollout(line: string): Parsed<Rollout> {
  const parsed = parseJsonObject(line);
  if (!parsed.value) return parsed;
  const object = parsed.value;
  const stage = textOf(object.stage);
  const group = textOf(object.group);
  const sampleId = textOf(object.sampleId);
  const response = textOf(object.response);
  if (stage === undefined || group === undefined || sampleId === undefined || response === undefined) {
    const missing = Object.entries({ stage, group, sampleId, response }).filter(([, value]) => value === undefined);
    return { fault: `The rollout has no ${missing.map(([name]) => `"${name}"`).join(', ')}.` };
  }
  const mode = object.mode === 'sampled' || object.mode === 'greedy' ? object.mode : undefined;
  return {
    value: {
      run: textOf(object.run) ?? '',
      stage, group, sampleId, response,
      step: numberOf(object.step) ?? 0,
      dataset: textOf(object.dataset) ?? '',
      index: numberOf(object.index) ?? 0,
      prompt: textOf(object.prompt) ?? '',
      tokens: numberOf(object.tokens) ?? 0,
      finish: object.finish === 'length' ? 'length' : 'stop',
      components: componentsOf(object.components),
      overall: numberOf(object.overall) ?? null,
      advantage: numberOf(object.advantage) ?? null,
      evidence: Array.isArray(object.evidence) ? object.evidence.flatMap(evidenceOf) : [],
      error: errorOf(object.error),
      rewardHash: textOf(object.rewardHash) ?? '',
      checkpoint: textOf(object.checkpoint) ?? '',
      policyStage: textOf(object.policyStage),
      mode,
      ...(object.dropped === true ? { dropped: true as const } : {}),
      ...tokenLogOf(object),
    },
  };
}

function tokenLogOf({ tokenTexts, logprobs, entropies }: JsonObject): Pick<Rollout, 'tokenLog'> {
  const numbers = (value: unknown): (number | null)[] => (Array.isArray(value) ? value.map(each => numberOf(each) ?? null) : []);
  const log = { texts: textsOf(tokenTexts), logprobs: numbers(logprobs), entropies: numbers(entropies) };
  return log.logprobs.length + log.entropies.length === 0 ? {} : { tokenLog: log };
}

/** A component that failed stays there with null: it is no zero and no absence. */
function componentsOf(value: unknown): Record<string, number | null> {
  const components: Record<string, number | null> = {};
  if (typeof value !== 'object' || value === null) return components;
  for (const [name, entry] of Object.entries(value)) {
    if (name !== '__proto__') components[name] = numberOf(entry) ?? null;
  }
  return components;
}

const kinds: readonly Evidence['kind'][] = ['description', 'answer', 'box', 'key_word', 'format', 'note'];

function evidenceOf(value: unknown): Evidence[] {
  if (typeof value !== 'object' || value === null) return [];
  const object = value as JsonObject;
  return [{
    component: textOf(object.component) ?? '',
    kind: kinds.find(kind => kind === object.kind) ?? 'note',
    start: numberOf(object.start),
    end: numberOf(object.end),
    text: textOf(object.text),
    note: textOf(object.note),
    ok: typeof object.ok === 'boolean' ? object.ok : undefined,
    bbox: bboxOf(object.bbox),
    gold: bboxOf(object.gold),
    iou: numberOf(object.iou),
  }];
}

function bboxOf(value: unknown): Bbox | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [x1, y1, x2, y2] = value.map(numberOf);
  return x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined ? undefined : [x1, y1, x2, y2];
}

function errorOf(value: unknown): ScoreError | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return { message: String(value) };
  const object = value as JsonObject;
  return {
    message: textOf(object.message) ?? 'The reward failed without a message.',
    component: textOf(object.component),
    file: textOf(object.file),
    line: numberOf(object.line),
    column: numberOf(object.column),
    stack: textOf(object.stack),
  };
}

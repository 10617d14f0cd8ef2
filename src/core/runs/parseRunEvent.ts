import { type JsonObject, numberOf, numbersOf, type Parsed, parseJsonObject, textOf, textsOf } from '../parsedLine';
import { type CheckpointScore, type Estimate, type EvaluationGroup, type Offer, type ProblemCause, problemCauses, type RunEvent, type RunFailure } from './runEvent';

/**
 * Reads one line of `events.jsonl`. What is missing or of a wrong type is a fault that names the field; a kind of event that
 * this version does not know is a fault too, so that nothing is skipped in silence.
 */
export function parseRunEvent(line: string): Parsed<RunEvent> {
  const parsed = parseJsonObject(line);
  if (!parsed.value) return parsed;
  const fields = new Fields(parsed.value);
  const event = eventOf(fields);
  if (!event) return { fault: `Unknown kind of event "${textOf(parsed.value.type) ?? ''}" (a newer trainer wrote it?).` };
  return fields.missing.length > 0 ? { fault: `The ${event.type} event has no usable ${fields.missing.map(name => `"${name}"`).join(', ')}.` } : { value: event };
}

function eventOf(fields: Fields): RunEvent | undefined {
  const { object } = fields;
  const time = fields.number('time');
  switch (object.type) {
    case 'run-started':
      return { type: 'run-started', time, stages: textsOf(object.stages), resumed: object.resumed === true };
    case 'stage-started':
      return { type: 'stage-started', time, stage: fields.text('stage'), total: numberOf(object.total) ?? null };
    case 'progress':
      return { type: 'progress', time, stage: fields.text('stage'), done: fields.number('done'), total: fields.number('total') };
    case 'step':
      return { type: 'step', time, stage: fields.text('stage'), step: fields.number('step'), total: fields.number('total'), metrics: numbersOf(object.metrics) };
    case 'difficulty':
      return {
        type: 'difficulty', time, dataset: fields.text('dataset'),
        easy: fields.number('easy'), medium: fields.number('medium'), hard: fields.number('hard'), responses: fields.number('responses'),
      };
    case 'evaluation':
      return {
        type: 'evaluation', time, stage: fields.text('stage'), dataset: fields.text('dataset'), mode: fields.oneOf('mode', ['sampled', 'greedy']),
        n: fields.number('n'), responses: fields.number('responses'), metrics: estimatesOf(object.metrics),
        groups: objectsOf(object.groups).map(groupOf),
      };
    case 'transitions':
      return {
        type: 'transitions', time, stage: fields.text('stage'), dataset: fields.text('dataset'), from: fields.text('from'), samples: fields.number('samples'),
        table: tableOf(object.table), passRateBefore: fields.number('passRateBefore'), passRateAfter: fields.number('passRateAfter'),
      };
    case 'checkpoint':
      return {
        type: 'checkpoint', time, stage: fields.text('stage'), step: fields.number('step'), path: fields.text('path'),
        score: scoreOf(object.score), best: object.best === true, removed: textsOf(object.removed),
      };
    case 'problem':
      return {
        type: 'problem', time, severity: fields.oneOf('severity', ['error', 'warning']), message: fields.text('message'),
        remedy: textOf(object.remedy) ?? '', stage: textOf(object.stage), cause: causeOf(object.cause), offers: objectsOf(object.offers).map(offerOf),
      };
    case 'stage-finished':
      return { type: 'stage-finished', time, stage: fields.text('stage'), seconds: fields.number('seconds'), reused: object.reused === true };
    case 'run-finished':
      return {
        type: 'run-finished', time, status: fields.oneOf('status', ['completed', 'stopped', 'failed']), seconds: numberOf(object.seconds) ?? 0,
        error: errorOf(object.error),
      };
    default:
      return undefined;
  }
}

/** Takes fields out of an object and remembers which were not usable. */
class Fields {
  readonly missing: string[] = [];
  constructor(readonly object: JsonObject) {}

  text(name: string): string {
    return textOf(this.object[name]) ?? this.miss(name, '');
  }

  number(name: string): number {
    return numberOf(this.object[name]) ?? this.miss(name, 0);
  }

  oneOf<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    return choices.find(choice => choice === this.object[name]) ?? this.miss(name, choices[0]);
  }

  private miss<T>(name: string, placeholder: T): T {
    this.missing.push(name);
    return placeholder; // never seen: an event with a missing field is a fault
  }
}

function estimatesOf(value: unknown): Record<string, Estimate> {
  const estimates: Record<string, Estimate> = {};
  if (typeof value !== 'object' || value === null) return estimates;
  for (const [name, entry] of Object.entries(value)) {
    const { mean, low, high } = numbersOf(entry);
    if (mean !== undefined && name !== '__proto__') estimates[name] = { mean, low: low ?? mean, high: high ?? mean };
  }
  return estimates;
}

function errorOf(value: unknown): RunFailure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { message, remedy, cause, offers } = value as JsonObject;
  return { message: textOf(message) ?? 'The trainer gave no reason.', remedy: textOf(remedy) ?? '', cause: causeOf(cause), offers: objectsOf(offers).map(offerOf) };
}

function causeOf(value: unknown): ProblemCause | undefined {
  return problemCauses.find(cause => cause === value);
}

function offerOf({ label, set, sameMeaning }: JsonObject): Offer {
  const isValue = (value: unknown): value is string | number | boolean | null => value === null || ['string', 'number', 'boolean'].includes(typeof value);
  const entries = Object.entries(typeof set === 'object' && set !== null ? set : {}).filter((entry): entry is [string, string | number | boolean | null] => entry[0] !== '__proto__' && isValue(entry[1]));
  return { label: textOf(label) ?? entries.map(([key, value]) => `${key} = ${String(value)}`).join(', '), set: Object.fromEntries(entries), sameMeaning: sameMeaning === true };
}

function groupOf({ by, value, n, metrics }: JsonObject): EvaluationGroup {
  return { by: by === 'source' ? 'source' : 'type', value: textOf(value) ?? '', n: numberOf(n) ?? 0, metrics: estimatesOf(metrics) };
}

function scoreOf(value: unknown): CheckpointScore | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { dataset, metric } = value as JsonObject;
  const { mean, low, high } = numbersOf(value);
  return mean === undefined ? undefined : { dataset: textOf(dataset) ?? '', metric: textOf(metric) ?? 'reward', mean, low: low ?? mean, high: high ?? mean };
}

/** Counts that are missing are none. */
function tableOf(value: unknown): Extract<RunEvent, { readonly type: 'transitions' }>['table'] {
  const rows = typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  const row = (name: string): { easy: number; medium: number; hard: number } => {
    const counts = numbersOf(rows[name]);
    return { easy: counts.easy ?? 0, medium: counts.medium ?? 0, hard: counts.hard ?? 0 };
  };
  return { easy: row('easy'), medium: row('medium'), hard: row('hard') };
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((each): each is JsonObject => typeof each === 'object' && each !== null && !Array.isArray(each)) : [];
}

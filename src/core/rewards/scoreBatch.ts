import { messageOf } from '../errors';
import { parseSections, type Sections } from '../grading/sections';
import { parseAllEvidence } from './evidence';
import type { BatchComponent, Component, ComponentResult, RewardContext, RewardDefinition, RewardInput } from './reward';
import type { Evidence, Score, ScoreError, ScoreItem } from './score';

/** Called as soon as an item is scored, in any order. */
export type OnScore = (index: number, score: Score) => void;

export interface ScoreOptions {
  readonly context: RewardContext;
  readonly onScore: OnScore;
  /** Called before the component's code runs for an item, so that an endless loop can be told from where it stands. */
  readonly onEnter?: (index: number, component: string) => void;
  /** Called when the component's code has returned; what it throws is the item's error. */
  readonly onLeave?: (index: number, component: string) => void;
  /** Where in the user's source something was thrown. */
  readonly describeError?: (error: unknown) => ScoreError;
  /** Where a component stands in the user's source: a result that is none, and a thrown thing without a stack, have no other place. */
  readonly placeOf?: (component: string) => Pick<ScoreError, 'file' | 'line'>;
}

interface Value {
  readonly value: number | null;
  readonly evidence: readonly Evidence[];
  readonly error?: ScoreError;
}

/** Scores the items with a reward. Whatever a component throws, at once or later, ends up in the score of its item alone. */
export async function scoreBatch(definition: RewardDefinition, items: readonly ScoreItem[], options: ScoreOptions): Promise<void> {
  const names = Object.keys(definition.components);
  // All inputs at once only where a component asks for them: what lives long costs the collector.
  let all: readonly RewardInput[] | undefined;
  const inputs = (): readonly RewardInput[] => (all ??= items.map(inputOf));
  const batches = new Map(names.flatMap(name => {
    const component = definition.components[name];
    return component && isBatch(component) ? [[name, runBatch(name, component, inputs(), options)] as const] : [];
  }));
  const pending = items.map((item, index) => {
    const input = all?.[index] ?? inputOf(item);
    const values = names.map(name => batches.get(name)?.then(all => all[index] ?? missing(name, options)) ?? runSingle(name, definition.components[name], input, index, options));
    const finish = (done: readonly Value[]): void => options.onScore(index, total(definition, names, done));
    if (values.every(value => !(value instanceof Promise))) return finish(values as readonly Value[]);
    return Promise.all(values).then(finish);
  });
  await Promise.all(pending);
}

function inputOf({ response, tokens, sample }: ScoreItem): RewardInput {
  const row = { ...sample, images: sample.images ?? [], key_words: sample.key_words ?? [], boxes: sample.boxes ?? [] }; // rows of other tools may lack columns
  let sections: Sections | undefined;
  return {
    response, tokens: tokens ?? (response.match(/\S+/g)?.length ?? 0), isTokenCount: tokens !== undefined, sample: row,
    get sections() {
      return (sections ??= parseSections(response)); // a reward that does not look at them does not wait for them
    },
  };
}

function isBatch(component: Component): component is BatchComponent {
  return typeof component === 'object' && component !== null && typeof component.batch === 'function';
}

function runSingle(name: string, component: Component | undefined, input: RewardInput, index: number, options: ScoreOptions): Value | Promise<Value> {
  const failed = (error: unknown): Value => failedValue(name, describe(error, options), options);
  try {
    if (typeof component !== 'function') throw new Error(`The component "${name}" is no function and has no batch function.`);
    options.onEnter?.(index, name);
    const result = component(input, options.context);
    const left = (each: unknown): Value => {
      options.onLeave?.(index, name);
      return checked(name, each, options);
    };
    return isThenable(result) ? Promise.resolve(result).then(left).catch(failed) : left(result);
  } catch (error) {
    return failed(error);
  }
}

async function runBatch(name: string, component: BatchComponent, inputs: readonly RewardInput[], options: ScoreOptions): Promise<readonly Value[]> {
  try {
    options.onEnter?.(-1, name);
    const results = await component.batch(inputs, options.context);
    options.onLeave?.(-1, name);
    if (!Array.isArray(results) || results.length !== inputs.length) {
      throw new Error(`The batch component "${name}" gave ${Array.isArray(results) ? results.length : 'no list of'} results for ${inputs.length} responses.`);
    }
    return results.map((result: ComponentResult) => checked(name, result, options));
  } catch (error) {
    const failure = failedValue(name, describe(error, options), options);
    return inputs.map(() => failure);
  }
}

/** A component's result as a value, or the reason why it is none. */
function checked(name: string, result: unknown, options: ScoreOptions): Value {
  const isDetailed = typeof result === 'object' && result !== null && 'value' in result;
  const raw = isDetailed ? (result as { value: unknown }).value : result;
  const given = isDetailed ? (result as { evidence?: unknown }).evidence : undefined;
  const evidence = Array.isArray(given) ? parseAllEvidence(given, name) : [];
  if (raw === null) return { value: null, evidence };
  const value = typeof raw === 'boolean' ? Number(raw) : raw;
  if (typeof value === 'number' && Number.isFinite(value)) return { value, evidence };
  return { ...failedValue(name, { message: `The component "${name}" returned ${inWords(value)}, not a finite number.` }, options), evidence };
}

function inWords(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function (was its call meant, as in accuracy()?)';
  return Array.isArray(value) ? 'a list' : isThenable(value) ? 'a promise' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function total(definition: RewardDefinition, names: readonly string[], values: readonly Value[]): Score {
  const components: Record<string, number | null> = {};
  const evidence: Evidence[] = [];
  names.forEach((name, index) => {
    // Defined, not set: a component may be called __proto__.
    if (name in components) Object.defineProperty(components, name, { value: values[index]?.value ?? null, enumerable: true });
    else components[name] = values[index]?.value ?? null;
    evidence.push(...(values[index]?.evidence ?? []));
  });
  const error = values.find(each => each.error)?.error;
  if (error) return { overall: null, components, evidence, error };
  const applying = names.filter(name => components[name] !== null);
  const all = weightOf(definition, names);
  const applied = weightOf(definition, applying);
  if (applied === 0) return { overall: null, components, evidence, error: { message: 'No component that has a weight applies to this sample.' } };
  const sum = applying.reduce((running, name) => running + weightOf(definition, [name]) * (components[name] ?? 0), 0);
  const overall = applied === all ? sum : (sum * all) / applied;
  if (!Number.isFinite(overall)) return { overall: null, components, evidence, error: { message: `The weighted sum of the components is ${overall}, not a finite number.` } };
  return { overall, components, evidence };
}

function weightOf(definition: RewardDefinition, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (Object.hasOwn(definition.weights, name) ? (definition.weights[name] ?? 0) : 0), 0); // a component may be called toString
}

function missing(name: string, options: ScoreOptions): Value {
  return failedValue(name, { message: `The batch component "${name}" gave no result for this response.` }, options);
}

function failedValue(name: string, error: ScoreError, { placeOf }: ScoreOptions): Value {
  return { value: null, evidence: [], error: { ...(error.line === undefined ? placeOf?.(name) : undefined), ...error, component: name } };
}

function describe(error: unknown, { describeError }: ScoreOptions): ScoreError {
  return describeError?.(error) ?? { message: messageOf(error) };
}

function isThenable(value: unknown): value is PromiseLike<ComponentResult> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

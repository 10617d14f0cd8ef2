import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type * as RewardApi from '../../../core/rewards/api';
import type { RewardContext, RewardDefinition } from '../../../core/rewards/reward';
import { scoreBatch } from '../../../core/rewards/scoreBatch';
import type { Score, ScoreError, ScoreItem } from '../../../core/rewards/score';
import { apiRemedy } from './apiRemedy';
import { definitionOf } from './definitionOf';
import { lockIntrinsics } from './intrinsics';
import { loadFailure } from './loadFailure';
import { readPipe } from '../host/itemsPipe';
import { pictureSize } from './pictureSize';
import { itemsIn } from '../rawItems';
import { refuseEffects } from './refuse';
import { RewardModules } from './rewardModules';
import { rewardNumbers } from '../rewardNumbers';
import { Similarities } from './similarities';
import type { FromThread, Scored, ThreadData, ToThread } from './threadMessages';
import { warmUp } from './warmUp';

// The thread in which one TypeScript or JavaScript reward file runs. What the reward may not do is refused here, at its line; what it does all the same
// (hang, crash, hoard) is ended by the process around it.
const { api, marker } = workerData as ThreadData;
const current = new Int32Array(marker);
const port = parentPort;
const postMessage = port?.postMessage.bind(port);
const endThread = process.exit.bind(process, 1);
const post = (message: FromThread): void => postMessage?.(message, 'lines' in message ? [message.lines.buffer as ArrayBuffer] : []);
const encoder = new TextEncoder();
const similarities = new Similarities((id, pairs) => post({ kind: 'similarities', id, pairs }));
const context: RewardContext = {
  clip: { similarity: (image, text) => similarities.ask(image, text) },
  imageSize: pictureSize,
};

/** Whose code started what runs now, so that a promise nobody awaits and a timer that throws can be told with their sample. */
interface Begun {
  readonly index: number;
  readonly qid: string;
}
const begun = new AsyncLocalStorage<Begun | undefined>();
// Tells whose promise or timer runs, should it run on without end.
createHook({
  before: () => {
    const owner = begun.getStore();
    if (owner) Atomics.store(current, 1, owner.index);
  },
}).enable();
const strays: { readonly owner: Begun; readonly error: ScoreError }[] = [];

const flushMs = 20;
let modules: RewardModules | undefined;
let definition: RewardDefinition | undefined;

function describe(error: unknown): ScoreError {
  if (!modules) return { message: String(error) };
  const described = modules.places.describe(error);
  const remedy = apiRemedy(described.message, modules.source(described.file ?? ''), modules.apiNames());
  return remedy === undefined ? described : { ...described, message: `${described.message}. ${remedy}` };
}

/** Belongs to no component's value: it is told, noted as evidence of its sample if that is not scored yet, and the thread lives on. */
function stray(error: unknown, owner: Begun | undefined): void {
  const described = describe(error);
  if (owner && strays.length < 1000) strays.push({ owner, error: described });
  post({ kind: 'stray', qid: owner?.qid, error: described });
}
process.on('unhandledRejection', (reason, promise) => stray(reason, begun.getStore() ?? ownerOf(promise)));
process.on('uncaughtException', error => stray(error, begun.getStore()));

/** Node 20 keeps the store on the promise, and does not bring it back for the handler. */
function ownerOf(promise: object): Begun | undefined {
  const { kResourceStore } = begun as unknown as { readonly kResourceStore?: symbol };
  return kResourceStore ? (promise as Record<symbol, Begun | undefined>)[kResourceStore] : undefined;
}

function load(path: string, source: string | undefined): void {
  modules = new RewardModules(api, new Map(source === undefined ? [] : [[path, source]]));
  try {
    definition = definitionOf(modules.load(path));
    const { components, weights } = definition;
    const added = check.find();
    if (added !== undefined) throw new Error(changedIntrinsic(added));
    const numbers = rewardNumbers(modules.source(path), /\.[mc]?ts$/.test(path));
    post({ kind: 'loaded', hash: modules.hash, components: Object.keys(components), weights: { ...weights }, files: modules.files, numbers });
  } catch (error) {
    post({ kind: 'notLoaded', error: loadFailure(error, path, modules), files: modules.files });
  }
}

async function score(reward: RewardDefinition, items: readonly ScoreItem[]): Promise<void> {
  let scored: (readonly [index: number, json: string])[] = []; // at once as text: what lives long costs the collector
  let last = performance.now();
  let isCareful = false;
  let isWaiting = false;
  let left = items.length;
  const again: number[] = [];
  const take = (): Scored => {
    if (check.find() !== undefined) again.push(...scored.splice(0).map(([index]) => index)); // one of these changed something in an unusual way
    const taken = { indexes: scored.map(([index]) => index), lines: encoder.encode(scored.map(([index, json]) => withStrays(owners[index], json)).join('\n')) };
    scored = [];
    last = performance.now();
    return taken;
  };
  const owners = items.map(({ sample }, index): Begun => ({ index, qid: sample.qid }));
  const run = (from: number, some: readonly ScoreItem[]): Promise<void> => scoreBatch(reward, some, {
    context,
    onScore: (index, each) => {
      scored.push([from + index, JSON.stringify(each)]);
      left--;
      // A slow reward shows that it moves; and should the last response never end, it is known that it is the one, and not where none is left.
      if (performance.now() - last > flushMs || (isWaiting && left <= 1)) post({ kind: 'scored', ...take() });
    },
    onEnter: index => {
      Atomics.store(current, 0, index < 0 ? -1 : from + index);
      if (begun.getStore() !== owners[from + index]) begun.enterWith(owners[from + index]);
    },
    onLeave: () => {
      const changed = isCareful ? check.find() : check.glance();
      if (changed !== undefined) throw new Error(changedIntrinsic(changed));
    },
    describeError: describe,
  });
  const done = run(0, items);
  begun.enterWith(undefined);
  Atomics.store(current, 0, -1); // every item has started: from here on promises and timers run
  isWaiting = true;
  if (left === 1) post({ kind: 'scored', ...take() });
  await done;
  await new Promise(resolve => setImmediate(resolve)); // promises that nobody awaits have failed by now
  let rest = take();
  if (again.length > 0) {
    isCareful = true;
    post({ kind: 'scored', ...rest });
    for (const index of again) await run(index, items.slice(index, index + 1));
    rest = take();
  }
  strays.length = 0;
  post({ kind: 'done', count: items.length, ...rest });
}

function receive(reward: RewardDefinition, jsonBytes: number, textBytes: number): void {
  const bytes = readOrEnd(jsonBytes + textBytes);
  Atomics.store(current, 0, -1);
  const items = itemsIn(bytes.toString('utf8', 0, jsonBytes), bytes.subarray(jsonBytes));
  if (items) void score(reward, items);
  else post({ kind: 'done', count: -1, indexes: [], lines: encoder.encode() }); // the worker then reads them itself, and tells
}

/** Whatever closed the pipe, this thread is of no use any more: the items go to another one. */
function readOrEnd(count: number): Buffer {
  try {
    return readPipe(count);
  } catch {
    return endThread();
  }
}

function withStrays(owner: Begun | undefined, json: string): string {
  if (strays.length === 0) return json;
  const found = strays.filter(each => each.owner === owner);
  const notes = found.map(({ error }) => ({ component: 'overall', kind: 'note', ok: false, note: `A promise or timer that nobody awaits failed: ${error.message}` }) as const);
  if (found.length === 0) return json;
  const score = JSON.parse(json) as Score;
  return JSON.stringify({ ...score, evidence: [...score.evidence, ...notes] });
}

function changedIntrinsic(name: string): string {
  return `A reward may not change ${name}, which all code shares; it was put back.`;
}

port?.on('message', (message: ToThread) => {
  if (message.kind === 'similarities') return similarities.answer(message.id, message.results);
  if (message.kind === 'warmUp') return void warmUp(createRequire(__filename)(api) as typeof RewardApi, context, () => modules === undefined);
  if (message.kind === 'load') {
    Atomics.store(current, 0, -1);
    load(message.path, message.source);
  } else if (definition) receive(definition, message.jsonBytes, message.textBytes);
});
refuseEffects();
Object.freeze(AsyncLocalStorage.prototype); // ours is one of them
const check = lockIntrinsics();

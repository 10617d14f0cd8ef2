import { parentPort, workerData } from 'node:worker_threads';
import type { RewardContext, RewardDefinition } from '../../../core/rewards/reward';
import type { ScoreError } from '../../../core/rewards/score';
import { apiRemedy } from './apiRemedy';
import { definitionOf } from './definitionOf';
import { changedIntrinsic, lockIntrinsics } from './intrinsics';
import { ItemScorer } from './itemScorer';
import { loadFailure } from './loadFailure';
import { readPipe } from '../host/itemsPipe';
import { ownerOf, type Owner, watchResumed } from './owners';
import { pictureSize } from './pictureSize';
import { itemsIn } from '../rawItems';
import { refuseEffects } from './refuse';
import { RewardModules } from './rewardModules';
import { rewardNumbers } from '../rewardNumbers';
import { Similarities } from './similarities';
import type { FromThread, ThreadData, ToThread } from './threadMessages';
import { warmUp } from './warmUp';

// The thread in which one TypeScript or JavaScript reward file runs. What the reward may not do is refused here, at its line; what it does all the same
// (hang, crash, hoard) is ended by the process around it.
const { api, marker } = workerData as ThreadData;
const current = new Int32Array(marker);
const port = parentPort;
const postMessage = port?.postMessage.bind(port);
const endThread = process.exit.bind(process, 1);
const post = (message: FromThread): void => postMessage?.(message, 'lines' in message ? [message.lines.buffer as ArrayBuffer] : []);
const similarities = new Similarities((id, pairs) => post({ kind: 'similarities', id, pairs }));
const context: RewardContext = {
  clip: { similarity: (image, text) => similarities.ask(image, text) },
  imageSize: pictureSize,
};
watchResumed(owner => Atomics.store(current, 1, owner.index));
refuseEffects();
const check = lockIntrinsics();
const scorer = new ItemScorer({ context, marker: current, check, describe });
let modules: RewardModules | undefined;
let definition: RewardDefinition | undefined;

function describe(error: unknown): ScoreError {
  if (!modules) return { message: String(error) };
  const described = modules.places.describe(error);
  const remedy = apiRemedy(described.message, modules.source(described.file ?? ''), modules.apiNames());
  return remedy === undefined ? described : { ...described, message: `${described.message}. ${remedy}` };
}

/** Belongs to no component's value: it is told, and the thread lives on. */
function stray(error: unknown, owner: Owner | undefined): void {
  const described = describe(error);
  if (owner) scorer.noteStray(owner, described);
  post({ kind: 'stray', qid: owner?.qid, error: described });
}
process.on('unhandledRejection', (reason, promise) => stray(reason, ownerOf(promise)));
process.on('uncaughtException', error => stray(error, ownerOf()));

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

function receive(reward: RewardDefinition, jsonBytes: number, textBytes: number): void {
  const bytes = readOrEnd(jsonBytes + textBytes);
  Atomics.store(current, 0, -1);
  const items = itemsIn(bytes.toString('utf8', 0, jsonBytes), bytes.subarray(jsonBytes));
  if (items) void scorer.score(reward, items, post);
  else post({ kind: 'done', count: -1, indexes: [], lines: new Uint8Array() }); // the worker then reads them itself, and tells
}

/** Whatever closed the pipe, this thread is of no use any more: the items go to another one. */
function readOrEnd(count: number): Buffer {
  try {
    return readPipe(count);
  } catch {
    return endThread();
  }
}

port?.on('message', (message: ToThread) => {
  if (message.kind === 'similarities') return similarities.answer(message.id, message.results);
  if (message.kind === 'warmUp') return void warmUp(api, scorer, () => modules === undefined);
  if (message.kind === 'load') {
    Atomics.store(current, 0, -1);
    load(message.path, message.source);
  } else if (definition) receive(definition, message.jsonBytes, message.textBytes);
});

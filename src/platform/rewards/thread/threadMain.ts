import { parentPort, workerData } from 'node:worker_threads';
import type { RewardContext, RewardDefinition } from '../../../core/rewards/reward';
import type { ScoreError, ScoreItem } from '../../../core/rewards/score';
import { apiRemedy } from './apiRemedy';
import { componentPlaces, type PlaceOfComponent } from './componentPlaces';
import { definitionOf } from './definitionOf';
import { changedIntrinsic, lockIntrinsics } from './intrinsics';
import { ItemScorer } from './itemScorer';
import { loadFailure } from './loadFailure';
import { ownerOf, ownerOfCallback, type Owner, watchResumed } from './owners';
import { pictureSize } from './pictureSize';
import { refuseEffects } from './refuse';
import { RewardModules } from './rewardModules';
import { rewardNumbers } from '../rewardNumbers';
import { Similarities } from './similarities';
import { readItems, writeScores } from './threadPipes';
import { type FromThread, nobody, notBegun, type Scored, type ThreadData, type ToThread } from './threadMessages';
import { warmUp } from './warmUp';

// The thread in which one TypeScript or JavaScript reward file runs. What the reward may not do is refused here, at its line; what it does all the same
// (hang, crash, hoard) is ended by the process around it.
const { api, marker } = workerData as ThreadData;
const current = new Int32Array(marker);
const port = parentPort;
const postMessage = port?.postMessage.bind(port);
const endThread = process.exit.bind(process, 1);
const post = (message: FromThread): void => postMessage?.(message);
const similarities = new Similarities((id, pairs) => post({ kind: 'similarities', id, pairs }));
const context: RewardContext = {
  clip: { similarity: (image, text) => similarities.ask(image, text) },
  imageSize: pictureSize,
};
watchResumed(owner => Atomics.store(current, 1, owner.index));
readItems(receive, endThread);
refuseEffects();
const check = lockIntrinsics();
let placeOf: PlaceOfComponent = () => ({});
const scorer = new ItemScorer({ context, marker: current, check, describe, placeOf: component => placeOf(component) });
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
process.on('uncaughtException', error => stray(error, ownerOfCallback()));

function load(path: string, source: string | undefined): void {
  modules = new RewardModules(api, new Map(source === undefined ? [] : [[path, source]]));
  try {
    definition = definitionOf(modules.load(path));
    placeOf = componentPlaces(modules);
    const { components, weights } = definition;
    const added = check.find();
    if (added !== undefined) throw new Error(changedIntrinsic(added));
    const numbers = rewardNumbers(modules.source(path), /\.[mc]?ts$/.test(path));
    post({ kind: 'loaded', hash: modules.hash, components: Object.keys(components), weights: { ...weights }, files: modules.files, numbers });
  } catch (error) {
    post({ kind: 'notLoaded', error: loadFailure(error, path, modules), files: modules.files });
  }
}

/** The marker says who is at work from here on, and after the last score that nothing of this thread has begun with what comes next. */
function begin(index: number): void {
  Atomics.store(current, 1, nobody);
  Atomics.store(current, 0, index);
}

function receive(run: number, items: readonly ScoreItem[] | undefined): void {
  if (!definition) return endThread();
  begin(nobody);
  const tell = (scored: Scored, count?: number): void => {
    writeScores({ run, indexes: scored.indexes, ...(count === undefined ? {} : { count }) }, scored.lines);
    if (count !== undefined) begin(notBegun);
    if (count !== undefined) Atomics.store(current, 3, run);
    if (Atomics.load(current, 2) === run) post({ kind: count === undefined ? 'moved' : 'done', run });
  };
  if (items) void scorer.score(definition, items, tell);
  else tell({ indexes: [], lines: [] }, -1); // the worker then reads them itself, and tells
}

port?.on('message', (message: ToThread) => {
  if (message.kind === 'similarities') return similarities.answer(message.id, message.results);
  if (message.kind === 'warmUp') return void warmUp(api, scorer, () => modules === undefined);
  begin(nobody);
  load(message.path, message.source);
  begin(notBegun);
});

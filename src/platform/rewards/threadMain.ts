import { parentPort, workerData } from 'node:worker_threads';
import type { RewardContext, RewardDefinition } from '../../core/rewards/reward';
import { scoreBatch } from '../../core/rewards/scoreBatch';
import type { ScoreItem } from '../../core/rewards/score';
import { definitionOf } from './definitionOf';
import { pictureSize } from './pictureSize';
import { RewardModules } from './rewardModules';
import { rewardNumbers } from './rewardNumbers';
import { Similarities } from './similarities';
import type { FromThread, ThreadData, ToThread } from './threadMessages';

// The thread in which one TypeScript or JavaScript reward file runs. It may hang, exit or run out of memory: the worker process ends it and starts another.
const { path, source, api, marker } = workerData as ThreadData;
const current = new Int32Array(marker);
const post = (message: FromThread): void => parentPort?.postMessage(message);
const modules = new RewardModules(api, new Map(source === undefined ? [] : [[path, source]]));
const similarities = new Similarities((id, pairs) => post({ kind: 'similarities', id, pairs }));
const context: RewardContext = {
  clip: { similarity: (image, text) => similarities.ask(image, text) },
  imageSize: pictureSize,
};

const flushMs = 20;

// A promise nobody awaits, or a throw in a timer, belongs to no response: it is told and the thread lives on.
process.on('unhandledRejection', reason => post({ kind: 'stray', error: modules.places.describe(reason) }));
process.on('uncaughtException', error => post({ kind: 'stray', error: modules.places.describe(error) }));

function load(): RewardDefinition | undefined {
  try {
    const definition = definitionOf(modules.load(path));
    const { components, weights } = definition;
    const numbers = rewardNumbers(modules.source(path), /\.[mc]?ts$/.test(path));
    post({ kind: 'loaded', hash: modules.hash, components: Object.keys(components), weights, files: modules.files, numbers });
    return definition;
  } catch (error) {
    post({ kind: 'notLoaded', error: describeLoadError(error), files: modules.files });
    return undefined;
  }
}

function describeLoadError(error: unknown): ReturnType<typeof modules.places.describe> {
  const described = modules.places.describe(error);
  if (described.line !== undefined || !(error instanceof Error)) return { file: path, ...described };
  const file = modules.files[modules.files.length - 1] ?? path;
  const transpiler = /^Error transforming .*?: (.*) \((\d+):(\d+)\)$/s.exec(error.message);
  if (transpiler) return { message: transpiler[1] ?? error.message, file, line: Number(transpiler[2]), column: Number(transpiler[3]) };
  const compiler = /^(.*):(\d+)\n/.exec(error.stack ?? '');
  return compiler && error instanceof SyntaxError ? { message: described.message, file: compiler[1] ?? file, line: Number(compiler[2]) } : { ...described, file };
}

async function score(definition: RewardDefinition, items: readonly ScoreItem[]): Promise<void> {
  let scored: (readonly [index: number, json: string])[] = [];
  let last = performance.now();
  const flush = (): void => {
    post({ kind: 'scored', scores: scored });
    scored = [];
    last = performance.now();
  };
  const done = scoreBatch(definition, items, {
    context,
    onScore: (index, score) => {
      scored.push([index, JSON.stringify(score)]);
      if (performance.now() - last > flushMs) flush(); // a slow reward shows that it moves
    },
    onEnter: index => Atomics.store(current, 0, index),
    describeError: error => modules.places.describe(error),
  });
  Atomics.store(current, 0, -1); // every item has started: from here on nobody knows whose code runs
  await done;
  flush();
  post({ kind: 'done' });
}

const definition = load();
parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'similarities') similarities.answer(message.id, message.results);
  else if (definition) void score(definition, message.items);
});

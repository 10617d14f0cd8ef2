import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import { ImageTextModels } from '../clip/imageTextModels';
import { defaultDeadlineMs, defaultMemoryMb, type LoadParams, type Methods, type Request, type ScoreParams, type ScoreResult, type WorkerError, WorkerFailure } from './protocol';
import type { HostProcesses } from './host/hostProcesses';
import { HostRuntime } from './host/hostRuntime';
import { PythonRuntime } from './python/pythonRuntime';
import { RawItems } from './rawItems';
import type { RewardRuntime } from './rewardRuntime';
import type { SimilarityPair, SimilarityResult } from './thread/threadMessages';

export interface SupervisorFiles {
  readonly processes: HostProcesses;
  readonly python: string;
}

const [opening, comma] = [Buffer.from('{"scores":['), Buffer.from(',')];

interface Held {
  readonly runtime: RewardRuntime;
  readonly hash: string;
  readonly deadlineMs: number;
  /** Settles with the last request: the requests of one reward run one after another. */
  last: Promise<unknown>;
}

/** Answers the requests of the protocol: holds the loaded rewards and the image-text models. */
export class Supervisor {
  private readonly rewards = new Map<string, Held>();
  private readonly running = new Map<number, AbortController>();
  private readonly models = new ImageTextModels();
  private nextHandle = 1;

  constructor(
    private readonly files: SupervisorFiles,
    private readonly print: (text: string) => void,
  ) {}

  /** The result as JSON in UTF-8. `items` are those of a `score` that was not read as a whole, `texts` what stood after its line. */
  async answer(request: Request, items?: Buffer, texts?: readonly Buffer[]): Promise<Buffer> {
    switch (request.method) {
      case 'load': return Buffer.from(JSON.stringify(await this.load(request.id, request.params)));
      case 'score': return this.score(request.id, request.params, items ? new RawItems(items, texts) : RawItems.of(request.params.items, texts));
      case 'cancel': return Buffer.from(JSON.stringify(this.cancel(request.params.request)));
      case 'unload': return Buffer.from(JSON.stringify(this.unload(request.params.reward)));
      default: throw new WorkerFailure({ message: `There is no method "${String((request as { method: unknown }).method)}".` });
    }
  }

  dispose(): void {
    for (const { runtime } of this.rewards.values()) runtime.dispose();
    this.files.processes.dispose();
    this.rewards.clear();
  }

  private async load(id: number, params: LoadParams): Promise<Methods['load']['result']> {
    const found = statSync(params.path, { throwIfNoEntry: false });
    if (params.source === undefined && !found?.isFile()) throw new WorkerFailure({ message: found ? 'This is no file.' : 'There is no such file.', file: params.path, remedy: 'Correct the path in "rewards" of pebr.json.' });
    const runtime = this.runtimeOf(params);
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => runtime.dispose(), { once: true });
    this.running.set(id, controller);
    const loaded = await runtime.load().catch((error: unknown) => {
      throw controller.signal.aborted ? controller.signal.reason : error;
    }).finally(() => this.running.delete(id));
    const reward = `reward-${this.nextHandle++}`;
    this.rewards.set(reward, { runtime, hash: loaded.hash, deadlineMs: params.deadlineMs ?? defaultDeadlineMs, last: Promise.resolve() });
    return { reward, ...loaded, texts: true };
  }

  private runtimeOf(params: LoadParams): RewardRuntime {
    const { path: file, source, deadlineMs = defaultDeadlineMs, memoryMb = defaultMemoryMb } = params;
    const similarities = (pairs: readonly SimilarityPair[]): Promise<readonly SimilarityResult[]> => this.similarities(params, pairs);
    if (/\.py$/.test(file)) this.files.processes.dismiss();
    if (/\.py$/.test(file)) return new PythonRuntime({ path: file, source, python: params.python ?? ['python3'], script: this.files.python, memoryMb, print: this.print, similarities });
    if (!/\.[mc]?[tj]s$/.test(file)) throw new WorkerFailure({ message: `A reward file ends in .ts, .js or .py, not in "${path.extname(file)}".`, file });
    return new HostRuntime({
      path: file, source, processes: this.files.processes, deadlineMs, memoryMb, print: this.print, similarities,
    });
  }

  private async similarities({ clip, imageRoot }: LoadParams, pairs: readonly SimilarityPair[]): Promise<readonly SimilarityResult[]> {
    if (!clip) return pairs.map(() => ({ error: 'There is no image-text model. Name its folder under "clip" in pebr.json, or set "pebr.clip.model".' }));
    const isTemporary = (image: string): boolean => !path.relative(tmpdir(), image).startsWith('..') && path.basename(image).startsWith('pebr-image-'); // of a trainer that has them in memory
    const isAllowed = (image: string): boolean => !imageRoot || !path.relative(imageRoot, image).startsWith('..') || isTemporary(image);
    const allowed = pairs.filter(pair => isAllowed(pair.image));
    const results = await this.models.similarities(clip, allowed);
    return pairs.map(pair => (isAllowed(pair.image) ? (results[allowed.indexOf(pair)] ?? { error: 'No result.' }) : { error: `${pair.image} is outside the image root and is not read.` }));
  }

  private async score(id: number, params: ScoreParams, items: RawItems): Promise<Buffer> {
    const held = this.rewards.get(params.reward);
    if (!held) throw new WorkerFailure({ message: `There is no loaded reward "${params.reward}".`, remedy: 'Load it again.' });
    const controller = new AbortController();
    this.running.set(id, controller);
    const run = held.last.then(async (): Promise<Buffer> => {
      controller.signal.throwIfAborted();
      const start = performance.now();
      const scores = await held.runtime.score(items, params.deadlineMs ?? held.deadlineMs, controller.signal);
      const rest: Omit<ScoreResult, 'scores'> = { rewardHash: held.hash, ms: performance.now() - start };
      return Buffer.concat([opening, ...scores.flatMap((score, index) => (index === 0 ? [score] : [comma, score])), Buffer.from(`],${JSON.stringify(rest).slice(1)}`)]); // the scores are JSON already
    });
    held.last = run.catch(() => undefined); // the asker is told; the next request starts all the same
    try {
      return await run;
    } finally {
      this.running.delete(id);
    }
  }

  private cancel(request: number): Methods['cancel']['result'] {
    this.running.get(request)?.abort(new WorkerFailure({ message: 'It was cancelled.' }));
    return {};
  }

  private unload(reward: string): Methods['unload']['result'] {
    this.rewards.get(reward)?.runtime.dispose();
    this.rewards.delete(reward);
    return {};
  }
}

/** What the client is told about a failure. */
export function errorOf(error: unknown): WorkerError {
  return error instanceof WorkerFailure ? error.details : { message: messageOf(error), ...(error instanceof Error && error.stack ? { stack: error.stack } : {}) };
}

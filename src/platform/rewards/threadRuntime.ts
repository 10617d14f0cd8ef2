import { Worker } from 'node:worker_threads';
import type { LoadedReward, ScoreError, ScoreItem } from '../../core/rewards/score';
import { placeOfThread } from './placeOfThread';
import { WorkerFailure } from './protocol';
import { type Outcome, type RewardRuntime, scoreWithPatience } from './rewardRuntime';
import type { FromThread, SimilarityPair, SimilarityResult, ThreadData, ToThread } from './threadMessages';

export interface ThreadSetup {
  readonly path: string;
  /** Takes the place of the file's content. */
  readonly source?: string | undefined;
  /** `dist/rewardThread.js` and `dist/rewardApi.js`. */
  readonly script: string;
  readonly api: string;
  readonly deadlineMs: number;
  readonly memoryMb: number;
  readonly similarities: (pairs: readonly SimilarityPair[]) => Promise<readonly SimilarityResult[]>;
  /** What the reward prints, and errors that belong to no response. */
  readonly print: (text: string) => void;
}

/** Starting the thread and transpiling count towards the deadline of loading; this is their allowance on a busy machine. */
const startAllowanceMs = 5000;

type Ending = Outcome & { readonly kind: 'stalled' | 'died' };

/** A TypeScript or JavaScript reward in a worker thread that is ended at its deadline and started again when next needed. */
export class ThreadRuntime implements RewardRuntime {
  private worker: Worker | undefined;
  private loaded: Omit<LoadedReward, 'reward'> | undefined;
  private readonly marker = new SharedArrayBuffer(4);
  private files: readonly string[];
  private listener: ((message: FromThread) => void) | undefined;
  private onExit: ((error: ScoreError) => void) | undefined;
  private openSimilarities = 0;
  private progress = 0;
  private isDisposed = false;

  constructor(private readonly setup: ThreadSetup) {
    this.files = [setup.path];
  }

  async load(): Promise<Omit<LoadedReward, 'reward'>> {
    this.loaded ??= await this.start();
    return this.loaded;
  }

  async score(items: readonly ScoreItem[], deadlineMs: number, signal: AbortSignal): Promise<readonly string[]> {
    const { components } = await this.load();
    const onAbort = (): void => void this.end();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await scoreWithPatience(items, components, signal, (batch, onScore) => this.run(batch, deadlineMs, signal, onScore));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    void this.end();
  }

  private async start(): Promise<Omit<LoadedReward, 'reward'>> {
    const { path, source, script, api, memoryMb } = this.setup;
    const data: ThreadData = { path, source, api, marker: this.marker };
    const worker = new Worker(script, {
      workerData: data, stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 64 },
    });
    this.worker = worker;
    worker.stdout.setEncoding('utf8').on('data', this.setup.print);
    worker.stderr.setEncoding('utf8').on('data', this.setup.print);
    worker.on('message', (message: FromThread) => this.receive(worker, message));
    worker.on('error', error => this.lost(worker, { message: causeOfDeath(error, memoryMb) }));
    worker.on('exit', code => this.lost(worker, { message: `The reward ended its own process (process.exit, code ${code}).` }));
    let answer: FromThread | undefined;
    const ending = await this.until(this.setup.deadlineMs + startAllowanceMs, this.setup.deadlineMs, message => {
      if (message.kind === 'loaded' || message.kind === 'notLoaded') answer = message;
      return answer !== undefined;
    });
    if (ending.kind !== 'done') throw new WorkerFailure({ file: path, ...ending.error });
    if (answer?.kind === 'notLoaded') {
      this.files = answer.files;
      await this.end();
      throw new WorkerFailure({ file: path, ...answer.error });
    }
    if (answer?.kind !== 'loaded') throw new WorkerFailure({ message: 'The reward file did not load.', file: path });
    if (this.loaded && this.loaded.hash !== answer.hash) throw new WorkerFailure({ message: 'The reward file changed while it was in use.', file: path, remedy: 'Load it again.' });
    this.files = answer.files;
    return { hash: answer.hash, contract: 'pebr', components: answer.components, weights: answer.weights, files: answer.files, numbers: answer.numbers };
  }

  private async run(items: readonly ScoreItem[], deadlineMs: number, signal: AbortSignal, onScore: (index: number, json: string) => void): Promise<Outcome> {
    if (this.isDisposed) throw new WorkerFailure({ message: 'The reward was unloaded while it scored.', file: this.setup.path });
    if (!this.worker) await this.start();
    if (signal.aborted) return { kind: 'done' };
    Atomics.store(new Int32Array(this.marker), 0, -1);
    const message: ToThread = { kind: 'score', items };
    this.worker?.postMessage(message);
    return this.until(deadlineMs, deadlineMs, reply => {
      if (reply.kind === 'scored') for (const [index, json] of reply.scores) onScore(index, json);
      return reply.kind === 'done';
    });
  }

  /** Waits until a message satisfies `isLast`; ends the thread when nothing moved for the deadline. Time that the image-text model takes does not count. */
  private until(deadlineMs: number, toldMs: number, isLast: (message: FromThread) => boolean): Promise<Outcome> {
    return new Promise(resolve => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.listener = undefined;
        this.onExit = undefined;
        resolve(outcome);
      };
      const check = (): void => {
        const left = this.progress + deadlineMs - Date.now();
        if (this.openSimilarities > 0 || left > 0) {
          timer = setTimeout(check, Math.max(left, 20));
          return;
        }
        this.listener = undefined;
        this.onExit = undefined;
        void this.stall(toldMs).then(settle);
      };
      this.progress = Date.now();
      let timer = setTimeout(check, deadlineMs);
      this.onExit = error => settle({ kind: 'died', error, ...this.culprit() });
      this.listener = message => {
        this.progress = Date.now();
        if (isLast(message)) settle({ kind: 'done' });
      };
    });
  }

  private async stall(deadlineMs: number): Promise<Ending> {
    const culprit = this.culprit();
    const place = this.worker ? await placeOfThread(this.worker.threadId, this.files) : undefined;
    await this.end();
    const where = place ? '' : ' It waits for something that does not come.';
    return { kind: 'stalled', ...culprit, error: { message: `The reward did not finish within ${deadlineMs} ms and was ended.${where}`, file: this.setup.path, ...place } };
  }

  private culprit(): { culprit?: number } {
    const index = Atomics.load(new Int32Array(this.marker), 0);
    return index >= 0 ? { culprit: index } : {};
  }

  private receive(worker: Worker, message: FromThread): void {
    if (worker !== this.worker) return;
    if (message.kind === 'similarities') void this.answerSimilarities(worker, message.id, message.pairs);
    else if (message.kind === 'stray') this.setup.print(`A promise or timer of the reward failed: ${message.error.stack ?? message.error.message}\n`);
    else this.listener?.(message);
  }

  private async answerSimilarities(worker: Worker, id: number, pairs: readonly SimilarityPair[]): Promise<void> {
    this.openSimilarities++;
    const results = await this.setup.similarities(pairs);
    this.openSimilarities--;
    this.progress = Date.now();
    const reply: ToThread = { kind: 'similarities', id, results };
    worker.postMessage(reply);
  }

  private lost(worker: Worker, error: ScoreError): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    this.onExit?.(error);
  }

  private async end(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    const waiting = this.onExit;
    await worker?.terminate();
    waiting?.({ message: 'The scoring was cancelled.' });
  }
}

function causeOfDeath(error: unknown, memoryMb: number): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `The reward used more than ${memoryMb} MB of memory and was ended.` : error.message;
}

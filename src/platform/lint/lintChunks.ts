import { Worker } from 'node:worker_threads';
import { type ChunkFindings, ChunkLinter, type ChunkRules, type ChunkTask } from './lintChunk';

/** Threads that check parts of a file beside this one. */
export interface LintThreads {
  /** `dist/lintThread.js` */
  readonly script: string;
  readonly count: number;
}

/** Bytes of a part: where the event loop waits for it, and where a thread does it. */
const ownBytes = 64 << 10;
const threadBytes = 4 << 20;

export interface ChunksOptions {
  readonly threads?: LintThreads;
  readonly signal?: AbortSignal;
  /** Findings that may still be told in full; asked before each part. */
  readonly mostProblems: () => number;
}

/** Findings of a file's parts, in the order of the file. Without threads they are found here, a few milliseconds at a time. */
export async function* lintChunks(file: number, size: number, rules: ChunkRules, options: ChunksOptions): AsyncGenerator<ChunkFindings> {
  const { threads, signal, mostProblems } = options;
  if (threads && threads.count > 0) {
    yield* inThreads(file, size, rules, threads, options);
    return;
  }
  const linter = new ChunkLinter(rules);
  for (let from = 0; from < size; from += ownBytes) {
    signal?.throwIfAborted();
    yield linter.lint(file, { from, to: Math.min(size, from + ownBytes), mostProblems: mostProblems() });
    await new Promise(resolve => setImmediate(resolve));
  }
}

async function* inThreads(file: number, size: number, rules: ChunkRules, threads: LintThreads, { signal, mostProblems }: ChunksOptions): AsyncGenerator<ChunkFindings> {
  const parts = Math.ceil(size / threadBytes);
  const workers = Array.from({ length: Math.min(threads.count, parts) }, () => new ChunkWorker(threads.script, file, rules));
  const found: (Promise<ChunkFindings> | undefined)[] = [];
  const give = (part: number): void => {
    const worker = workers[part % workers.length];
    if (!worker || part >= parts) return;
    const done = worker.lint({ from: part * threadBytes, to: Math.min(size, (part + 1) * threadBytes), mostProblems: mostProblems() });
    done.catch(() => undefined); // told where it is awaited
    found[part] = done;
  };
  const stop = (): void => workers.forEach(worker => worker.stop());
  signal?.addEventListener('abort', stop);
  try {
    // Two parts ahead of each thread: none waits for this one to count what came.
    const ahead = workers.length * 2;
    for (let part = 0; part < ahead; part++) give(part);
    for (let part = 0; part < parts; part++) {
      signal?.throwIfAborted();
      const findings = await found[part];
      found[part] = undefined;
      if (findings) yield findings;
      give(part + ahead);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** One thread; its answers come in the order of its tasks. */
class ChunkWorker {
  private readonly worker: Worker;
  private readonly waiting: { resolve(found: ChunkFindings): void; reject(error: Error): void }[] = [];

  constructor(script: string, file: number, rules: ChunkRules) {
    this.worker = new Worker(script, { workerData: { rules, file } });
    this.worker.on('message', (found: ChunkFindings) => this.waiting.shift()?.resolve(found));
    this.worker.on('error', error => this.failAll(error));
    this.worker.on('exit', () => this.failAll(new Error('The thread that checks rows ended.')));
  }

  lint(task: ChunkTask): Promise<ChunkFindings> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(task);
    });
  }

  stop(): void {
    void this.worker.terminate();
  }

  private failAll(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

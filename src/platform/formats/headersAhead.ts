import { Worker } from 'node:worker_threads';
import type { ImageHeaders } from './imageHeaders';
import { type ReadHeaders, unpackHeaders } from './packedHeaders';

/** For fewer files, asked for together or one after another, a thread takes longer to start than to read them. */
const leastFiles = 300;

/**
 * Reads headers of images in a thread of its own (`dist/headersThread.js`) while the rows before are at work. Without `script`, and where the thread
 * ends, nothing is read ahead: `headers` then reads each file when it is asked for it.
 */
export class HeadersAhead {
  private readonly waiting: { readonly files: readonly string[]; readonly done: () => void }[] = [];
  private worker: Worker | undefined;
  private hasEnded = false;
  private asked = 0;

  constructor(
    private readonly headers: ImageHeaders,
    private readonly script: string | undefined,
  ) {}

  /** Settles when the headers of these files are known, as far as they are read ahead. */
  read(files: readonly (string | undefined)[]): Promise<void> | undefined {
    const { script } = this;
    const unknown = [...new Set(files)].filter(file => file !== undefined && !this.headers.has(file)) as readonly string[];
    this.asked += unknown.length;
    if (script === undefined || this.hasEnded || this.asked < leastFiles || unknown.length === 0) return undefined;
    const worker = this.worker ??= this.start(script);
    return new Promise(done => {
      this.waiting.push({ files: unknown, done });
      worker.postMessage(unknown.join('\0'));
    });
  }

  /** Reads no more. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(script: string): Worker {
    const worker = new Worker(script);
    worker.on('message', (read: ReadHeaders) => {
      const batch = this.waiting.shift();
      unpackHeaders(read).forEach((header, at) => {
        const file = batch?.files[at];
        if (file !== undefined) this.headers.take(file, header);
      });
      batch?.done();
    });
    const end = (): void => {
      this.hasEnded = true;
      for (const { done } of this.waiting.splice(0)) done();
    };
    worker.on('error', end); // what it did not read is read where it is asked for
    worker.on('exit', end);
    return worker;
  }
}

import { Worker } from 'node:worker_threads';
import { AppError } from '../../core/errors';
import { AtOnce } from './atOnce';
import { type NotMade, packFiles, type SmallFile, SmallFileMaker } from './smallFileMaker';

const batchFiles = 1000;
/** Batches on their way; further ones wait for these. */
const mostBatches = 8;

/**
 * Many small files, made in the order given. The file system takes longer for them than the rows do: with `script` (`dist/smallFilesThread.js`) a
 * thread of its own makes them meanwhile, else each is made at once, and the caller lets others run every few milliseconds.
 */
export class SmallFiles {
  private batch: SmallFile[] = [];
  private readonly own = new SmallFileMaker();
  private readonly sent = new AtOnce(mostBatches);
  private readonly waiting: { resolve(): void; reject(error: Error): void }[] = [];
  private worker: Worker | undefined;

  constructor(private readonly script: string | undefined) {}

  /** Waits only while much is on its way. Throws `file.unwritable`, of this file or of one before it. */
  add(file: SmallFile): Promise<void> | undefined {
    if (this.script === undefined) {
      const fault = this.own.make([file]);
      if (fault) throw unwritable(fault);
      return undefined;
    }
    this.batch.push(file);
    return this.batch.length < batchFiles ? undefined : this.send(this.script);
  }

  /** Waits for all of them. Throws `file.unwritable`. */
  async finish(): Promise<void> {
    try {
      if (this.script !== undefined && this.batch.length > 0) await this.send(this.script);
      await this.sent.finish();
    } finally {
      await this.abandon();
    }
  }

  /** Makes no more; what was made stays. */
  async abandon(): Promise<void> {
    await this.worker?.terminate();
  }

  private send(script: string): Promise<void> | undefined {
    const worker = this.worker ??= this.start(script);
    const files = this.batch;
    this.batch = [];
    return this.sent.add(new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      worker.postMessage(packFiles(files));
    }));
  }

  private start(script: string): Worker {
    const worker = new Worker(script);
    const failAll = (error: Error): void => this.waiting.splice(0).forEach(({ reject }) => reject(error));
    worker.on('message', (fault: NotMade | null) => {
      const batch = this.waiting.shift();
      if (fault) batch?.reject(unwritable(fault));
      else batch?.resolve();
    });
    worker.on('error', failAll);
    worker.on('exit', () => failAll(new Error('The thread that makes files ended.')));
    return worker;
  }
}

function unwritable({ file, reason }: NotMade): AppError {
  return new AppError('file.unwritable', { file, reason });
}

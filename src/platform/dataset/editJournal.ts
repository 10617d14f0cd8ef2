import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { type JournalStep, type KeptEdits, printEnd, printHeader, printKept, printSaved, printSaving, printStep } from '../../core/labels/journalLine';
import { describeProcess } from '../runs/trainerProcess';
import { BufferedWriter } from './bufferedWriter';
import { removeLeftovers, replaceFile } from './replaceFile';

/** A journal that grew beyond this, and to several times what it started with, is written anew. */
const largeBytes = 32 << 20;

/**
 * Every step on a dataset, a line each, on the disk within milliseconds: what a process that is killed leaves behind, and the undo history of the next one.
 * Steps that come while others are on their way to the disk go together.
 */
export class EditJournal {
  private pending: string[] = [];
  private queue: Promise<void> = Promise.resolve();
  private isScheduled = false;
  private handle: FileHandle | undefined;
  /** Bytes that are whole lines. */
  private size = 0;
  private firstSize = 0;

  private constructor(
    private readonly journal: string,
    private readonly file: string,
    private process: object | undefined,
    private signature: string,
    private readonly has: readonly string[],
    private readonly fail: (error: unknown) => void,
  ) {}

  /** A journal of this process for a dataset file in the version `signature`, which takes the place of those in `has`; nothing is written before the first step. */
  static async open(folder: string, file: string, signature: string, has: readonly string[], fail: (error: unknown) => void): Promise<EditJournal> {
    await removeLeftovers(path.join(folder, journalPrefix(file)));
    const name = `${journalPrefix(file)}${process.pid}-${randomBytes(4).toString('hex')}.jsonl`;
    return new EditJournal(path.join(folder, name), file, await describeProcess(process.pid), signature, has.map(each => path.basename(each)), fail);
  }

  append(step: JournalStep): void {
    this.write(printStep(step));
  }

  /** Whether most of it is about what is over. */
  get isOvergrown(): boolean {
    return this.size > Math.max(largeBytes, 4 * this.firstSize);
  }

  /** The file is about to become the version `signature`; resolves once that is on the disk. */
  saving(signature: string): Promise<void> {
    this.write(printSaving(signature));
    return this.committed();
  }

  /** The files have everything, each row in its place. */
  saved(signature: string): Promise<void> {
    this.signature = signature;
    this.write(printSaved(signature));
    return this.committed();
  }

  /** Resolves once every step so far is on the disk. Rejects when it cannot be written. */
  committed(): Promise<void> {
    return this.queue;
  }

  /** Starts anew from what is unsaved of the file's version now and from the undo history; without any of that the journal goes. Atomic. */
  restart(kept: KeptEdits): Promise<void> {
    this.pending = [];
    this.signature = kept.signature;
    const { rows, samples, layers, history } = kept;
    const lines = [...printKept(kept)]; // as it is now: the next steps come after it
    return this.inTurn(async () => {
      await this.handle?.close();
      this.handle = undefined;
      this.size = this.firstSize = 0;
      if (rows.length + samples.length + layers.length + history.steps.length === 0) return rm(this.journal, { force: true });
      await mkdir(path.dirname(this.journal), { recursive: true });
      await replaceFile(this.journal, async handle => {
        const writer = new BufferedWriter(handle);
        await writer.write(Buffer.from(`${this.header()}\n`));
        for (const line of lines) await writer.write(Buffer.from(`${line}\n`));
        await writer.flush();
        this.firstSize = writer.length;
      });
      this.size = this.firstSize;
    });
  }

  /** Says at once that the process ends in order, so that what is unsaved does not look like a crash. */
  end(): void {
    if (existsSync(this.journal)) appendFileSync(this.journal, `${printEnd()}\n`);
  }

  /** Ends it with nothing unsaved: the undo history stays for whoever opens the file next. */
  async close(kept: KeptEdits): Promise<void> {
    this.process = undefined;
    await this.restart(kept);
  }

  private header(): string {
    return printHeader(this.file, this.signature, this.process, this.has);
  }

  private write(line: string): void {
    this.pending.push(`${line}\n`);
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.inTurn(() => this.flush()).catch(this.fail);
  }

  private async flush(): Promise<void> {
    this.isScheduled = false;
    const lines = this.pending;
    this.pending = [];
    if (lines.length === 0) return;
    try {
      if (!this.handle) {
        await mkdir(path.dirname(this.journal), { recursive: true });
        this.handle = await open(this.journal, 'a', 0o600);
        this.size = (await this.handle.stat()).size;
      }
      const bytes = Buffer.from((this.size === 0 ? `${this.header()}\n` : '') + lines.join(''), 'utf8');
      await this.handle.writeFile(bytes);
      await this.handle.datasync();
      this.size += bytes.length;
    } catch (error) {
      this.pending.unshift(...lines); // they go with the next step
      await this.handle?.truncate(this.size);
      throw error;
    }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.queue.catch(() => undefined).then(work);
    this.queue = result;
    return result;
  }
}

/** How the names of all journals of a dataset file begin. */
export function journalPrefix(file: string): string {
  return `${createHash('sha256').update(file).digest('hex').slice(0, 24)}.`;
}

import { type FileHandle, open, stat } from 'node:fs/promises';
import { AppError, messageOf } from '../../core/errors';
import type { Columns } from '../../core/project/project';
import { parseRow } from '../../core/dataset/parseRow';
import { LineIndex } from './lineIndex';

/** One row's text, without its line end. */
export interface RowText {
  /** Counted from 0, blank lines left out. */
  readonly row: number;
  /** One-based line in the file. */
  readonly line: number;
  readonly text: string;
}

const batchBytes = 1 << 20;

/**
 * A JSONL file read through an index of line starts, so that a file of any length opens at once and only the rows in view are in memory.
 * It keeps the file open: what it reads stays one consistent version even when another program replaces or deletes the file.
 */
export class DatasetFile {
  private waiting: (() => void)[] = [];
  private indexing: Promise<void>;
  private isIndexed = false;

  private constructor(
    readonly file: string,
    /** Changes when the content may have changed: size, time of change and inode. */
    readonly signature: string,
    private readonly handle: FileHandle,
    private readonly index: LineIndex,
    hasBom: boolean,
  ) {
    this.indexing = index
      .build(handle, hasBom ? 3 : 0, () => this.wake())
      .finally(() => {
        this.isIndexed = true;
        this.wake();
      });
    this.indexing.catch(() => undefined); // told to whoever asks for rows or the count
  }

  /** Throws `dataset.unreadable`. Rows can be asked for at once; the index is built meanwhile. */
  static async open(file: string): Promise<DatasetFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'r');
      const signature = signatureOf(await handle.stat({ bigint: true }));
      const head = Buffer.alloc(3);
      await handle.read(head, 0, 3, 0);
      if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) throw new Error('it is UTF-16; save it as UTF-8');
      return new DatasetFile(file, signature, handle, new LineIndex(), head.equals(Buffer.from([0xef, 0xbb, 0xbf])));
    } catch (error) {
      await handle?.close();
      throw unreadable(file, error);
    }
  }

  /** Rows found so far; `count` waits for all. */
  get rowsSoFar(): number {
    return this.index.rowCount;
  }

  async count(): Promise<number> {
    await this.indexing.catch((error: unknown) => Promise.reject(unreadable(this.file, error)));
    return this.index.rowCount;
  }

  /** Rows `from` to `to` (exclusive); fewer when the file has fewer. */
  async readRows(from: number, to: number): Promise<readonly RowText[]> {
    while (!this.isIndexed && this.index.rowCount <= to) await new Promise<void>(resolve => this.waiting.push(resolve));
    const last = Math.min(to, this.isIndexed ? await this.count() : this.index.rowCount - 1);
    if (from >= last) return [];
    const start = this.index.start(from);
    const bytes = await this.readBytes(start, this.index.start(last));
    return Array.from({ length: last - from }, (_, offset) => {
      const row = from + offset;
      return { row, line: this.index.line(row), text: textOfRow(bytes, this.index.start(row) - start) };
    });
  }

  /** All rows in batches of about a megabyte; between batches the event loop runs. */
  async *batches(signal?: AbortSignal): AsyncGenerator<readonly RowText[]> {
    let from = 0;
    for (;;) {
      signal?.throwIfAborted();
      const first = await this.readRows(from, from + 1);
      if (first.length === 0) return;
      let to = from + 1;
      const start = this.index.start(from);
      while (to < this.index.rowCount && this.index.start(to + 1) - start < batchBytes) to++;
      const rows = await this.readRows(from, to);
      yield rows;
      from += rows.length;
    }
  }

  /** The first row with this qid. Only rows that hold its text somewhere are parsed. */
  async findQid(qid: string, columns: Columns): Promise<RowText | undefined> {
    const needle = JSON.stringify(qid).slice(1, -1);
    const escaped = needle.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    for await (const rows of this.batches()) {
      const found = rows.find(({ text }) => (text.includes(needle) || text.includes(escaped)) && parseRow(text, columns).row?.qid === qid);
      if (found) return found;
    }
    return undefined;
  }

  /** The row on a one-based line, or the next one below it; the last row for a line past the end. */
  async rowOfLine(line: number): Promise<number> {
    const rowCount = await this.count();
    let low = Math.max(0, Math.min(rowCount - 1, line - 1));
    while (low > 0 && this.index.line(low - 1) >= line) low--; // blank lines only push rows down
    return low;
  }

  /** Byte offset of a row's first character. */
  startOf(row: number): number {
    return this.index.start(row);
  }

  /** Bytes `from` to `to` (exclusive) of the version that was opened. */
  async readBytes(from: number, to: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
    let done = 0;
    while (done < buffer.length) {
      const { bytesRead } = await this.handle.read(buffer, done, buffer.length - done, from + done);
      if (bytesRead === 0) break; // the file was cut short underneath; the watcher brings a reload
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  }

  /** Whether the file on disk is still the version that was opened. */
  async state(): Promise<'same' | 'changed' | 'missing'> {
    const now = await readSignature(this.file);
    return now === undefined ? 'missing' : now === this.signature ? 'same' : 'changed';
  }

  async close(): Promise<void> {
    await this.indexing.catch(() => undefined);
    await this.handle.close();
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** `undefined` when there is no such file. */
export async function readSignature(file: string): Promise<string | undefined> {
  try {
    return signatureOf(await stat(file, { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}

/** Stays the same when the file is renamed. */
export function signatureOf(stats: { readonly size: bigint; readonly mtimeNs: bigint; readonly ino: bigint }): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`;
}

/** The row that starts at a byte of `bytes`, up to its line end, without `\r`. */
function textOfRow(bytes: Buffer, start: number): string {
  const found = bytes.indexOf(0x0a, start);
  const end = found === -1 ? bytes.length : found;
  return bytes.toString('utf8', start, bytes[end - 1] === 0x0d && end > start ? end - 1 : end);
}

function unreadable(file: string, error: unknown): AppError {
  return new AppError('dataset.unreadable', { file, reason: messageOf(error) }, { cause: error });
}

import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors';
import type { LineText } from '../../core/labels/rowEdit';
import { BufferedWriter } from './bufferedWriter';
import { type DatasetFile, signatureOf } from './datasetFile';
import { replaceFile } from './replaceFile';

/** A row to write anew. */
export interface ChangedRow {
  /** Counted from 0 in the file as it is; with `base` null the row before which the line is put. */
  readonly row: number;
  /** The line that is replaced; null puts another line into the file. */
  readonly base: LineText;
  /** The line to write; null drops the row with its line end. */
  readonly text: LineText;
}

const copyBytes = 8 << 20;
const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Writes `source` with `changed` rows (batches in the order of the file) replaced, put in and dropped to `target`: into a file beside it, synced, then
 * renamed over it, so that whatever happens there is a whole file. Every byte outside these lines stays, line ends included; a file whose last line has no
 * line end keeps that. `ready` is told the version that the target is about to be.
 * Throws `dataset.changedOnDisk` when a row is not what it should replace, and `file.unwritable`, and then has changed nothing.
 */
export async function saveRows(
  source: DatasetFile,
  target: string,
  changed: Iterable<readonly ChangedRow[]> | AsyncIterable<readonly ChangedRow[]>,
  ready?: (signature: string) => Promise<void> | undefined,
): Promise<void> {
  await source.count();
  await replaceFile(target, handle => new Splice(handle, source).write(changed), async handle => ready?.(signatureOf(await handle.stat({ bigint: true }))));
}

/** Copies a file from its start to its end, with lines exchanged on the way. */
class Splice {
  private readonly writer: BufferedWriter;
  private readonly end: number;
  private position = 0;
  /** The part of the source that was read last, so that thousands of rows near each other are one read. */
  private read: { readonly from: number; readonly bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  /** The last byte that was written. */
  private last = newline;

  constructor(
    private readonly handle: FileHandle,
    private readonly source: DatasetFile,
  ) {
    this.writer = new BufferedWriter(handle);
    this.end = source.startOf(Number.POSITIVE_INFINITY);
  }

  async write(batches: Iterable<readonly ChangedRow[]> | AsyncIterable<readonly ChangedRow[]>): Promise<void> {
    const isEmpty = this.end === 0 || (await this.bytes(0, this.end === 3 ? 3 : 0)).equals(byteOrderMark);
    const wasEnded = isEmpty || (await this.bytes(this.end - 1, this.end))[0] === newline;
    const lineEnd = await this.lineEnd();
    for await (const rows of batches) {
      for (const { row, base, text } of rows) {
        await this.copyTo(this.source.startOf(row));
        if (base !== null) await this.skip(base, text === null);
        if (text === null) continue;
        if (base !== null) await this.put(Buffer.from(text, 'utf8'));
        else await this.put(Buffer.from(this.last === newline ? `${text}${lineEnd}` : `${lineEnd}${text}`, 'utf8')); // past a last line without an end
      }
    }
    await this.copyTo(this.end);
    await this.writer.flush();
    if (!wasEnded && this.last === newline && this.writer.length > 0) await this.cutLineEnd();
  }

  /** Passes over a line of the source, which must say `base`. */
  private async skip(base: string, withEnd: boolean): Promise<void> {
    const old = Buffer.from(base, 'utf8');
    const there = await this.bytes(this.position, this.position + old.length + 2);
    if (!there.subarray(0, old.length).equals(old)) throw new AppError('dataset.changedOnDisk', { file: this.source.file });
    this.position += old.length;
    if (!withEnd) return;
    const [first, second] = there.subarray(old.length);
    this.position += first === newline ? 1 : first === carriageReturn && second === newline ? 2 : 0;
  }

  private async copyTo(end: number): Promise<void> {
    while (this.position < end) {
      const bytes = await this.bytes(this.position, Math.min(end, this.position + copyBytes));
      if (bytes.length === 0) throw new AppError('dataset.changedOnDisk', { file: this.source.file }); // cut short underneath
      await this.put(bytes);
      this.position += bytes.length;
    }
  }

  private async put(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    const isMark = this.writer.length === 0 && bytes.equals(byteOrderMark);
    this.last = isMark ? newline : (bytes[bytes.length - 1] as number);
    await this.writer.write(bytes);
  }

  private async bytes(from: number, to: number): Promise<Buffer> {
    const { read } = this;
    if (from < read.from || to > read.from + read.bytes.length) {
      this.read = { from, bytes: await this.source.readBytes(from, Math.min(this.end, Math.max(to, from + copyBytes))) };
    }
    return this.read.bytes.subarray(from - this.read.from, to - this.read.from);
  }

  /** As the file's first line ends. */
  private async lineEnd(): Promise<string> {
    const head = await this.bytes(0, Math.min(this.end, copyBytes));
    const found = head.indexOf(newline);
    return found > 0 && head[found - 1] === carriageReturn ? '\r\n' : '\n';
  }

  /** The last row went, and the row before it is now the one without a line end. */
  private async cutLineEnd(): Promise<void> {
    const { length } = this.writer;
    const { buffer } = await this.handle.read(Buffer.alloc(2), 0, 2, Math.max(0, length - 2));
    await this.handle.truncate(length - (buffer[0] === carriageReturn ? 2 : 1));
  }
}

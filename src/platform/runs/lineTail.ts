import { type FileHandle, open } from 'node:fs/promises';

/** A whole line of a file that is being written. */
export interface TailLine {
  readonly text: string;
  /** Bytes before it. */
  readonly offset: number;
  /** Bytes of it, without the line end. */
  readonly length: number;
  /** One-based. */
  readonly number: number;
}

export interface TailBatch {
  /** The file was cut or replaced: what was read before is void, and these lines are its first. */
  readonly isReset: boolean;
  readonly lines: readonly TailLine[];
}

const chunkBytes = 1 << 20;
/** Bytes before the place reached that must still be there, or the file is another one. */
const witnessBytes = 64;

/** Reads a growing file line by line from where it stopped. A last line without its end waits until that is written. */
export class LineTail {
  private position = 0;
  private line = 1;
  private inode = 0;
  private witness = Buffer.alloc(0);

  constructor(readonly file: string) {}

  /** Bytes of whole lines read so far. */
  get bytesRead(): number {
    return this.position;
  }

  /** New whole lines since the last call, in batches of about 1 MB. A file that is not there has no lines. */
  async *read(): AsyncGenerator<TailBatch> {
    const handle = await openOrNothing(this.file);
    if (!handle) {
      if (this.position > 0) yield { isReset: this.reset(), lines: [] };
      return;
    }
    try {
      let isReset = !(await this.isContinued(handle)) && this.reset();
      this.inode = Number((await handle.stat()).ino);
      for (let size = chunkBytes; ; ) {
        const buffer = Buffer.allocUnsafe(size);
        const { bytesRead } = await handle.read(buffer, 0, size, this.position);
        const lines = this.take(buffer.subarray(0, bytesRead));
        if (lines.length > 0 || isReset) yield { isReset, lines };
        isReset = false;
        if (bytesRead < size) return;
        size = lines.length === 0 ? size * 2 : chunkBytes; // a line longer than the buffer
      }
    } finally {
      await handle.close();
    }
  }

  /** The last line when its end is missing, as it stands now; for files that nobody writes any more. */
  async rest(): Promise<TailLine | undefined> {
    const handle = await openOrNothing(this.file);
    if (!handle) return undefined;
    try {
      const length = (await handle.stat()).size - this.position;
      if (length <= 0 || length > 1 << 28) return undefined;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, this.position);
      const text = buffer.toString('utf8', 0, bytesRead);
      return text.trim() === '' ? undefined : { text, offset: this.position, length: bytesRead, number: this.line };
    } finally {
      await handle.close();
    }
  }

  private take(bytes: Buffer): TailLine[] {
    const lines: TailLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const isCrLf = end > start && bytes[end - 1] === 13;
      const length = end - start - (isCrLf ? 1 : 0);
      if (length > 0) lines.push({ text: bytes.toString('utf8', start, start + length), offset: this.position + start, length, number: this.line });
      this.line++;
      start = end + 1;
    }
    if (start > 0) this.witness = Buffer.from(bytes.subarray(Math.max(0, start - witnessBytes), start));
    this.position += start;
    return lines;
  }

  private async isContinued(handle: FileHandle): Promise<boolean> {
    if (this.position === 0) return true;
    const { size, ino } = await handle.stat();
    if (size < this.position || Number(ino) !== this.inode) return false;
    const there = Buffer.alloc(this.witness.length);
    await handle.read(there, 0, there.length, this.position - there.length);
    return there.equals(this.witness);
  }

  private reset(): true {
    this.position = 0;
    this.line = 1;
    this.witness = Buffer.alloc(0);
    return true;
  }
}

async function openOrNothing(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // not written yet
    throw error;
  }
}

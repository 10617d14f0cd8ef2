import { type FileHandle, open } from 'node:fs/promises';

const newline = 0x0a;
const chunkBytes = 1 << 20;
/** Bytes before the place reached that must still be there, or the file is another one. */
const witnessBytes = 64;

/** What a look at the file brought: lines `from` to `to` (exclusive) are new; after a reset they are all there are. */
export interface LineGrowth {
  readonly isReset: boolean;
  readonly from: number;
  readonly to: number;
}

/** Where the lines of a growing JSONL file stand. Blank lines are left out; a last line without its end waits until that is written. */
export class LinePlaces {
  private starts = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private numbers = new Uint32Array(1024);
  private end = 0;
  private inode = 0;
  private lastNumber = 0;
  private witness = Buffer.alloc(0);
  count = 0;

  constructor(readonly file: string) {}

  /** Bytes of whole lines. */
  get bytes(): number {
    return this.end;
  }

  /** Looks for whole lines that are new, up to `most` bytes of them. A file that is not there has none. */
  async refresh(most = Infinity): Promise<LineGrowth> {
    const handle = await open(this.file, 'r').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
    const isReset = this.end > 0 && !(handle !== undefined && (await this.isContinued(handle)));
    if (isReset) this.reset();
    const from = this.count;
    if (!handle) return { isReset, from, to: from };
    try {
      this.inode = Number((await handle.stat()).ino);
      await this.scan(handle, this.end + most);
      return { isReset, from, to: this.count };
    } finally {
      await handle.close();
    }
  }

  /** Texts of lines in the order asked for. */
  async read(lines: readonly number[]): Promise<readonly string[]> {
    if (lines.length === 0) return [];
    const handle = await open(this.file, 'r');
    try {
      const texts: string[] = [];
      for (const line of lines) {
        const length = this.lengths[line] ?? 0;
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, this.starts[line] ?? 0);
        texts.push(buffer.toString('utf8', 0, bytesRead));
      }
      return texts;
    } finally {
      await handle.close();
    }
  }

  /** One-based line in the file. */
  numberOf(line: number): number {
    return this.numbers[line] ?? 0;
  }

  private async scan(handle: FileHandle, until: number): Promise<void> {
    for (let size = chunkBytes; this.end < until; ) {
      const buffer = Buffer.allocUnsafe(size);
      const { bytesRead } = await handle.read(buffer, 0, size, this.end);
      const taken = this.take(buffer.subarray(0, bytesRead));
      if (bytesRead < size) return;
      size = taken === 0 ? size * 2 : chunkBytes; // a line longer than the buffer
    }
  }

  private take(bytes: Buffer): number {
    let start = 0;
    for (let found = bytes.indexOf(newline); found >= 0; found = bytes.indexOf(newline, start)) {
      this.lastNumber++;
      const length = found - start;
      if (!isBlank(bytes, start, found)) this.add(this.end + start, length);
      start = found + 1;
    }
    if (start > 0) this.witness = Buffer.from(bytes.subarray(Math.max(0, start - witnessBytes), start));
    this.end += start;
    return start;
  }

  private add(start: number, length: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts, new Float64Array(this.count * 2));
      this.lengths = grown(this.lengths, new Uint32Array(this.count * 2));
      this.numbers = grown(this.numbers, new Uint32Array(this.count * 2));
    }
    this.starts[this.count] = start;
    this.lengths[this.count] = length;
    this.numbers[this.count++] = this.lastNumber;
  }

  private async isContinued(handle: FileHandle): Promise<boolean> {
    const { size, ino } = await handle.stat();
    if (size < this.end || Number(ino) !== this.inode) return false;
    const there = Buffer.alloc(this.witness.length);
    await handle.read(there, 0, there.length, this.end - there.length);
    return there.equals(this.witness);
  }

  private reset(): void {
    this.end = this.lastNumber = this.count = 0;
    this.witness = Buffer.alloc(0);
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x0d && bytes[at] !== 0x09) return false;
  return true;
}

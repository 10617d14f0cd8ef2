import type { FileHandle } from 'node:fs/promises';

const pieceBytes = 4 << 20;

/** Writes a file from its start in large pieces: while one is on its way to the disk the next is gathered. Ends with `flush`. */
export class BufferedWriter {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private position = 0;
  private onItsWay: Promise<unknown> = Promise.resolve();

  constructor(private readonly handle: FileHandle) {}

  /** Bytes given so far. */
  get length(): number {
    return this.position + this.pendingBytes;
  }

  /** The bytes of a buffer may not change afterwards. */
  write(content: string | Buffer): Promise<void> | undefined {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    return this.pendingBytes >= pieceBytes ? this.send() : undefined;
  }

  async flush(): Promise<void> {
    await this.send();
    await this.onItsWay;
  }

  private async send(): Promise<void> {
    const { pending, position, pendingBytes } = this;
    this.pending = [];
    this.pendingBytes = 0;
    this.position += pendingBytes;
    await this.onItsWay;
    this.onItsWay = this.writeAll(pending, position, pendingBytes);
    this.onItsWay.catch(() => undefined); // told by the next piece, or the flush
  }

  private async writeAll(parts: readonly Buffer[], start: number, length: number): Promise<void> {
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, length);
    for (let done = 0; done < length; ) done += (await this.handle.write(bytes, done, length - done, start + done)).bytesWritten;
  }
}

import { type FileHandle, open } from 'node:fs/promises';

const flushBytes = 1 << 20;

/** A text file that is written a piece at a time, in memory a megabyte at most. */
export class TextFile {
  private pieces: string[] = [];
  private length = 0;

  private constructor(private readonly handle: FileHandle) {}

  /** Throws where the file is there already. */
  static async create(file: string): Promise<TextFile> {
    return new TextFile(await open(file, 'wx'));
  }

  /** Waits only when what is held is to be written. */
  write(text: string): Promise<void> | undefined {
    this.pieces.push(text);
    this.length += text.length;
    return this.length < flushBytes ? undefined : this.flush();
  }

  /** Writes the rest and makes sure that it is on the disk. */
  async close(): Promise<void> {
    await this.flush();
    await this.handle.sync();
    await this.handle.close();
  }

  /** Gives up. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined); // closed already
  }

  private async flush(): Promise<void> {
    const text = this.pieces.join('');
    this.pieces = [];
    this.length = 0;
    await this.handle.writeFile(text, 'utf8');
  }
}

import { type FileHandle, open } from 'node:fs/promises';
import { AppError, messageOf } from '../../core/errors';

const flushBytes = 1 << 20;

/** A text file that is written a piece at a time, in memory a megabyte at most. Everything that writes throws `file.unwritable`. */
export class TextFile {
  private pieces: string[] = [];
  private length = 0;

  private constructor(private readonly file: string, private readonly handle: FileHandle) {}

  /** Throws where the file is there already. */
  static async create(file: string): Promise<TextFile> {
    return new TextFile(file, await written(file, open(file, 'wx')));
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
    await written(this.file, this.handle.sync());
    await this.handle.close();
  }

  /** Writes the rest of a file that is only read again and then removed. */
  async closeUnsynced(): Promise<void> {
    await this.flush();
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
    await written(this.file, this.handle.writeFile(text, 'utf8'));
  }
}

function written<T>(file: string, done: Promise<T>): Promise<T> {
  return done.catch((error: unknown) => Promise.reject(new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error })));
}

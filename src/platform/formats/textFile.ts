import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError, messageOf } from '../../core/errors';

const flushBytes = 256 << 10;

/** A text file that is written a piece at a time, while the pieces behind it are made. Everything that writes throws `file.unwritable`, of this piece or of one before it. */
export class TextFile {
  private pieces: string[] = [];
  private length = 0;
  /** The piece that is on its way. */
  private writing: Promise<void> = Promise.resolve();

  private constructor(private readonly file: string, private readonly handle: FileHandle) {}

  /** Throws where the file is there already. */
  static async create(file: string): Promise<TextFile> {
    return new TextFile(file, await written(file, open(file, 'wx')));
  }

  /** Waits only while the piece before is on its way. */
  write(text: string, more = ''): Promise<void> | undefined {
    this.pieces.push(text, more); // joined only once, with those before and behind them
    this.length += text.length + more.length;
    return this.length < flushBytes ? undefined : this.flush();
  }

  /** Writes what another file holds. */
  async append(file: string): Promise<void> {
    await this.flush();
    await this.writing;
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 })) await written(this.file, this.handle.writeFile(bytes as Buffer));
  }

  /** Writes the rest and makes sure that it is on the disk. */
  async close(): Promise<void> {
    await this.flush();
    await this.writing;
    await written(this.file, this.handle.sync());
    await this.handle.close();
  }

  /** Writes the rest of a file that is only read again and then removed. */
  async closeUnsynced(): Promise<void> {
    await this.flush();
    await this.writing;
    await this.handle.close();
  }

  /** Gives up. */
  async abandon(): Promise<void> {
    await this.writing.catch(() => undefined); // the failure that ended the export is told
    await this.handle.close().catch(() => undefined); // closed already
  }

  private async flush(): Promise<void> {
    const text = this.pieces.join('');
    this.pieces = [];
    this.length = 0;
    await this.writing;
    this.writing = written(this.file, this.handle.writeFile(text, 'utf8'));
    this.writing.catch(() => undefined); // thrown to whoever writes next
  }
}

function written<T>(file: string, done: Promise<T>): Promise<T> {
  return done.catch((error: unknown) => Promise.reject(new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error })));
}

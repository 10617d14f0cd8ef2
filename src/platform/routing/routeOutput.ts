import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import type { Destination } from '../../core/routing/destination';
import { BufferedWriter } from '../dataset/bufferedWriter';

/** A file of routed rows. */
export interface RoutedFile {
  readonly dataset: string;
  readonly to: Destination;
  /** Relative to the project. */
  readonly path: string;
  readonly rows: number;
  readonly sha256: string;
}

/** One file on its way: written beside its place, put there when all are whole. */
export class RouteOutput {
  private readonly temporary: string;
  private readonly hash: Hash = createHash('sha256');
  private handle: FileHandle | undefined;
  private writer: BufferedWriter | undefined;
  private rows = 0;

  constructor(
    private readonly target: string,
    private readonly dataset: string,
    private readonly to: Destination,
  ) {
    this.temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  }

  async write(text: string): Promise<void> {
    if (!this.writer) {
      this.handle = await inWords(this.target, () => open(this.temporary, 'w'));
      this.writer = new BufferedWriter(this.handle);
    }
    const line = `${text}\n`;
    this.hash.update(line);
    this.rows++;
    await inWords(this.target, async () => this.writer?.write(line));
  }

  /** Puts the file in its place, or removes the one that no row goes to any more. */
  async finish(folder: string): Promise<readonly RoutedFile[]> {
    return inWords(this.target, async () => {
      if (!this.handle || !this.writer) {
        await rm(this.target, { force: true });
        return [];
      }
      await this.writer.flush();
      await this.handle.sync();
      await this.handle.close();
      this.handle = undefined;
      await rename(this.temporary, this.target);
      return [{ dataset: this.dataset, to: this.to, path: path.relative(folder, this.target).split(path.sep).join('/'), rows: this.rows, sha256: this.hash.digest('hex') }];
    });
  }

  async discard(): Promise<void> {
    if (!this.handle) return;
    await this.handle.close();
    await rm(this.temporary, { force: true });
  }
}

/** Runs work on a file. Throws `file.unwritable` in place of what the file system says. */
export async function inWords<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  }
}

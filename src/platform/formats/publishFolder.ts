import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { isRunning } from '../dataset/isRunning';
import { makeFolder } from '../dataset/makeFolder';

/**
 * Makes files in a hidden folder inside `folder`, and moves them to their places when all are whole: whatever happens before, nothing in `folder` changes.
 * Throws `file.unwritable`.
 */
export class PublishFolder {
  private constructor(
    private readonly folder: string,
    /** Where to make the files. */
    readonly staging: string,
    private readonly isNew: boolean,
  ) {}

  static async open(folder: string): Promise<PublishFolder> {
    try {
      const isNew = !(await exists(folder));
      await makeFolder(folder);
      await removeKilled(folder);
      return new PublishFolder(folder, await mkdtemp(path.join(folder, `${stagingName}${process.pid}-`)), isNew);
    } catch (error) {
      throw new AppError('file.unwritable', { file: folder, reason: messageOf(error) }, { cause: error });
    }
  }

  /** Moves everything to its place, in the place of what is there; when one cannot be moved, those before it go back. Returns absolute paths. */
  async publish(): Promise<readonly string[]> {
    const names = await readdir(this.staging);
    const old = path.join(this.folder, `.pebr-replaced-${randomBytes(4).toString('hex')}`);
    const moved: { readonly name: string; readonly wasThere: boolean }[] = [];
    try {
      for (const name of names) {
        const place = path.join(this.folder, name);
        const wasThere = await exists(place);
        if (wasThere) {
          await mkdir(old, { recursive: true });
          await rename(place, path.join(old, name));
        }
        moved.push({ name, wasThere });
        await rename(path.join(this.staging, name), place);
      }
    } catch (error) {
      for (const { name, wasThere } of moved.reverse()) {
        await rename(path.join(this.folder, name), path.join(this.staging, name)).catch(() => undefined); // the one that failed is not there
        if (wasThere) await rename(path.join(old, name), path.join(this.folder, name));
      }
      await rm(old, { recursive: true, force: true });
      throw new AppError('file.unwritable', { file: this.folder, reason: messageOf(error) }, { cause: error });
    }
    await rm(old, { recursive: true, force: true });
    return names.map(name => path.join(this.folder, name)).sort();
  }

  /** Removes what was not published, and the folder where it was made for this and stayed empty. */
  async close(): Promise<void> {
    await rm(this.staging, { recursive: true, force: true });
    if (this.isNew) await rmdir(this.folder).catch(() => undefined); // something was published into it
  }
}

/** Begins the name of a folder in which files are made; the process that makes them follows. */
const stagingName = '.pebr-export-';

/** Removes what exports left that were killed in the middle. */
async function removeKilled(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(stagingName) && /^(\d+)-/.exec(name.slice(stagingName.length))?.[1];
    if (pid && !isRunning(Number(pid))) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}

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
      await clearKilled(folder);
      return new PublishFolder(folder, await mkdtemp(path.join(folder, `${stagingName}${process.pid}-`)), isNew);
    } catch (error) {
      throw new AppError('file.unwritable', { file: folder, reason: messageOf(error) }, { cause: error });
    }
  }

  /** Moves everything to its place, in the place of what is there; when one cannot be moved, those before it go back. Returns absolute paths. */
  async publish(): Promise<readonly string[]> {
    const names = await readdir(this.staging);
    const old = path.join(this.folder, `${replacedName}${process.pid}-${randomBytes(4).toString('hex')}`);
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

/** Begin the names of folders in which files are made, and of those in which replaced ones wait until the new ones stand; the process follows. */
const stagingName = '.pebr-export-';
const replacedName = '.pebr-replaced-';
/** Folders that name no process, as they once did, are left alone for so long: somebody might be at work in them. */
const abandonedMs = 24 * 3600 * 1000;

/** Clears away what exports left that were killed in the middle; what they were about to replace goes back to where nothing is. */
async function clearKilled(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const begin = [stagingName, replacedName].find(each => name.startsWith(each));
    if (begin === undefined) continue;
    const left = path.join(folder, name);
    const pid = /^(\d+)-/.exec(name.slice(begin.length))?.[1];
    const isAbandoned = pid === undefined ? (await stat(left)).mtimeMs < Date.now() - abandonedMs : !isRunning(Number(pid));
    if (!isAbandoned) continue;
    if (begin === replacedName) {
      for (const each of await readdir(left)) if (!(await exists(path.join(folder, each)))) await rename(path.join(left, each), path.join(folder, each));
    }
    await rm(left, { recursive: true, force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}

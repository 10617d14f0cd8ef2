import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { isRunning } from './isRunning';

/**
 * Writes a file anew: into a file beside it, synced, then renamed over it, so that whatever happens there is a whole file, the old or the new.
 * A link stays a link, and the mode stays. `ready` is called with the whole new file just before it takes the old one's place.
 * Throws `file.unwritable`, and any AppError of `write`, and then has changed nothing.
 */
export async function replaceFile(target: string, write: (handle: FileHandle) => Promise<void>, ready?: (handle: FileHandle) => Promise<void>): Promise<void> {
  const real = await realpath(target).catch(() => target);
  const temporary = path.join(path.dirname(real), `.${path.basename(real)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  let handle: FileHandle | undefined;
  try {
    const mode = await stat(real).then(stats => stats.mode & 0o777, () => 0o644);
    if ((mode & 0o222) === 0) throw Object.assign(new Error('write-protected'), { code: 'EACCES' }); // a name can be given to another file all the same, but somebody protected this one
    handle = await open(temporary, 'wx+', mode);
    await write(handle);
    await handle.sync();
    await ready?.(handle);
    await handle.close();
    handle = undefined;
    await rename(temporary, real);
  } catch (error) {
    await handle?.close();
    await rm(temporary, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError('file.unwritable', { file: target, reason: reasonOf(error) }, { cause: error });
  }
}

/** Removes what processes that were killed while they wrote this file, or one in this folder whose name starts so, left there. */
export async function removeLeftovers(target: string): Promise<void> {
  const real = await realpath(target).catch(() => target);
  const prefix = `.${path.basename(real)}`;
  for (const name of await readdir(path.dirname(real)).catch(() => [])) {
    const pid = name.startsWith(prefix) && /\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) await rm(path.join(path.dirname(real), name), { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return 'the disk is full. Your edits are still here: free some space and save again.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it is write-protected. Your edits are still here: make it writable, or use Save As.';
  return messageOf(error);
}

import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import type { DatasetFile } from './datasetFile';

/** A row to write anew. `base` is the text that it replaces. */
export interface ChangedRow {
  readonly row: number;
  readonly base: string;
  readonly text: string;
}

const copyBytes = 8 << 20;

/**
 * Writes `source` with `changed` rows replaced and `appended` rows at its end to `target`: into a file beside it, synced, then renamed over it,
 * so that whatever happens there is a whole file. Every byte outside the changed rows' texts stays, line ends included.
 * Throws `dataset.changedOnDisk` when a row is not what it should replace, and `file.unwritable`, and then has changed nothing.
 */
export async function saveRows(source: DatasetFile, target: string, changed: readonly ChangedRow[], appended: readonly string[] = []): Promise<void> {
  await source.count();
  const real = await realpath(target).catch(() => target); // a link stays a link
  const temporary = path.join(path.dirname(real), `.${path.basename(real)}.${randomBytes(4).toString('hex')}.tmp`);
  let handle: FileHandle | undefined;
  try {
    const mode = await stat(real).then(stats => stats.mode & 0o777, () => 0o644);
    handle = await open(temporary, 'wx', mode);
    await writeAll(handle, source, changed, appended);
    await handle.sync();
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

async function writeAll(handle: FileHandle, source: DatasetFile, changed: readonly ChangedRow[], appended: readonly string[]): Promise<void> {
  let position = 0;
  for (const { row, base, text } of [...changed].sort((a, b) => a.row - b.row)) {
    const start = source.startOf(row);
    const old = Buffer.from(base, 'utf8');
    if (!(await source.readBytes(start, start + old.length)).equals(old)) throw new AppError('dataset.changedOnDisk', { file: source.file });
    await copy(handle, source, position, start);
    await handle.writeFile(text, 'utf8');
    position = start + old.length;
  }
  const end = source.startOf(Number.POSITIVE_INFINITY);
  await copy(handle, source, position, end);
  if (appended.length === 0) return;
  const endsWithNewline = end === 0 || (await source.readBytes(end - 1, end))[0] === 0x0a;
  await handle.writeFile(`${endsWithNewline ? '' : '\n'}${appended.map(text => `${text}\n`).join('')}`, 'utf8');
}

async function copy(handle: FileHandle, source: DatasetFile, from: number, to: number): Promise<void> {
  for (let position = from; position < to; position += copyBytes) {
    await handle.writeFile(await source.readBytes(position, Math.min(to, position + copyBytes)));
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return 'the disk is full. Your edits are still here: free some space and save again.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'it is write-protected. Your edits are still here: make it writable, or use Save As.';
  return messageOf(error);
}

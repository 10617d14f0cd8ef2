import { readdir, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { unreadable } from './fileChunks';

const skipped = new Set(['node_modules', '__pycache__', '.git', '.pebr', '.venv', '__MACOSX']);
const mostFiles = 5_000_000;

/** The files below a folder in order, as paths relative to it. A link to a folder is followed once, so that a loop of links ends. */
export async function walkFiles(folder: string, signal?: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  const seen = new Set<string>([await realpath(folder).catch((error: unknown) => Promise.reject(unreadable(folder, error)))]);
  const waiting = [''];
  for (let below = waiting.shift(); below !== undefined; below = waiting.shift()) {
    signal?.throwIfAborted();
    const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch((error: unknown) => Promise.reject(unreadable(path.join(folder, below), error)));
    for (const entry of entries.sort((a, b) => compare(a.name, b.name))) {
      const relative = path.join(below, entry.name);
      if (skipped.has(entry.name)) continue;
      const kind = entry.isSymbolicLink() ? await kindOfLink(path.join(folder, relative)) : entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : undefined;
      if (kind === 'file') files.push(relative);
      if (kind !== 'folder') continue;
      const real = await realpath(path.join(folder, relative));
      if (seen.has(real)) continue;
      seen.add(real);
      waiting.push(relative);
    }
    if (files.length > mostFiles) throw unreadable(folder, new Error(`it has more than ${mostFiles} files`));
  }
  return files;
}

/** The same order on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function kindOfLink(file: string): Promise<'file' | 'folder' | undefined> {
  const stats = await stat(file).catch(() => undefined); // a link to nowhere is nothing to read
  return stats?.isDirectory() ? 'folder' : stats?.isFile() ? 'file' : undefined;
}

import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { byteLines } from '../dataset/byteLines';
import type { Hash } from '../../core/pipeline/fileHashes';

const endBytes = 4096;
/** Files that are looked at together. */
const together = 64;
/** What was found is taken as it is for so many times the time that looking took: of a hundred thousand pictures each has to be asked for. */
const restFactor = 20;

export interface FoundPictures {
  readonly hash: Hash;
  /** The picture that was written last, as the rows name it. */
  readonly newest: string | null;
}

interface Known {
  readonly rowsStamp: string;
  readonly names: readonly string[];
  readonly stamp: string;
  readonly found: FoundPictures;
  readonly until: number;
}

/**
 * Hash of the pictures that the rows of a file name: name, size and last 4 KB of each; what is drawn changes the checksums there or the size. It is null where they name none.
 * `trainer/pebr_trainer/file_hashes.py` finds the same.
 */
export class PictureHasher {
  private readonly known = new Map<string, Known>();

  async of(rows: string, column: string, root: string): Promise<FoundPictures> {
    const key = `${rows}\0${column}\0${root}`;
    const known = this.known.get(key);
    const about = await stat(rows).catch(() => undefined);
    const rowsStamp = about?.isFile() ? `${about.size} ${about.mtimeMs} ${about.ino}` : '';
    const isSame = known?.rowsStamp === rowsStamp;
    if (known && isSame && performance.now() < known.until) return known.found;
    const start = performance.now();
    const names = known && isSame ? known.names : rowsStamp === '' ? [] : await picturesNamed(rows, column);
    const looks = await inTurns(names, name => lookAt(root, name));
    const stamp = createHash('sha256').update(looks.map(({ size, time }) => `${size} ${time}`).join('\n')).digest('hex');
    const found = known && isSame && known.stamp === stamp ? known.found : { hash: await hashOf(root, names), newest: newestOf(names, looks) };
    const now = performance.now();
    this.known.set(key, { rowsStamp, names, stamp, found, until: now + (now - start) * restFactor });
    return found;
  }
}

/** Names of the pictures in the rows of a file, each once, sorted by their bytes. */
export async function picturesNamed(rows: string, column: string): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const lines of byteLines(rows)) {
    for (const { bytes } of lines) {
      for (const name of picturesOf(bytes.toString('utf8'), column)) if (!/\p{Surrogate}/u.test(name)) names.add(name);
    }
  }
  return [...names].map(name => ({ name, bytes: Buffer.from(name) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ name }) => name);
}

function picturesOf(line: string, column: string): readonly string[] {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row !== 'object' || row === null || Array.isArray(row) || !Object.hasOwn(row, column)) return [];
    const value = (row as Record<string, unknown>)[column];
    return (Array.isArray(value) ? value : [value]).filter((name): name is string => typeof name === 'string');
  } catch {
    return []; // no row: lint says so
  }
}

/** Where a picture lies; undefined where the name leads out of the folder. */
export function pictureIn(root: string, name: string): string | undefined {
  const place = path.resolve(root, name);
  return place.startsWith(root.endsWith(path.sep) ? root : root + path.sep) && !name.includes('\0') ? place : undefined;
}

async function lookAt(root: string, name: string): Promise<{ readonly size: number; readonly time: number }> {
  const place = pictureIn(root, name);
  const about = place === undefined ? undefined : await stat(place).catch(() => undefined);
  return about?.isFile() ? { size: about.size, time: about.mtimeMs } : { size: -1, time: 0 };
}

function newestOf(names: readonly string[], looks: readonly { readonly time: number }[]): string | null {
  const newest = looks.reduce((best, { time }, index) => (time > (looks[best]?.time ?? 0) ? index : best), 0);
  return names[newest] ?? null;
}

async function hashOf(root: string, names: readonly string[]): Promise<Hash> {
  if (names.length === 0) return null;
  const hash = createHash('sha256');
  const ends = await inTurns(names, name => endOf(pictureIn(root, name)));
  names.forEach((name, index) => {
    const { size, end } = ends[index] ?? { size: -1, end: Buffer.alloc(0) };
    hash.update(`${name}\n${size}\n`).update(end);
  });
  return hash.digest('hex');
}

async function endOf(file: string | undefined): Promise<{ readonly size: number; readonly end: Buffer }> {
  const handle = file === undefined ? undefined : await open(file).catch(() => undefined);
  if (!handle) return { size: -1, end: Buffer.alloc(0) };
  try {
    const about = await handle.stat();
    if (!about.isFile()) return { size: -1, end: Buffer.alloc(0) };
    const length = Math.min(about.size, endBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, about.size - length);
    return { size: about.size, end: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let start = 0; start < items.length; start += together) done.push(...(await Promise.all(items.slice(start, start + together).map(work))));
  return done;
}

import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import type { Project } from '../../core/project/project';
import { pictureIn, picturesNamed } from '../pipeline/picturesHash';
import { usedDatasets } from './fileChecks';

/** Pictures whose ends are read together. */
const together = 64;
/** Pictures with a strange end that are decoded: when so many are broken, the others need not be known. */
const mostDecoded = 40;
const headBytes = 16;
const endBytes = 4096;
/** As Pillow stops at it; the linter tells such a picture. */
const mostPixels = 178_956_970;

/** Whether every picture of the run was written to its end: its header tells a size even when the rest is missing, and the trainer stops where it draws it. */
export async function checkPictures(folder: string, project: Project, signal?: AbortSignal): Promise<readonly LaunchCheck[]> {
  const [id, title] = ['pictures', 'Pictures'];
  const files = await filesOf(folder, project);
  const strange: string[] = [];
  for (let start = 0; start < files.length; start += together) {
    signal?.throwIfAborted();
    const some = files.slice(start, start + together);
    const ends = await Promise.all(some.map(hasItsEnd));
    strange.push(...some.filter((_, index) => !ends[index]));
  }
  const [first, ...more] = await brokenOf(strange.slice(0, mostDecoded), signal);
  if (!first) return [passed(id, title, `${files.length.toLocaleString('en')} pictures have their ends.`)];
  const name = path.relative(folder, first.file);
  const others = more.length === 0 ? '' : ` So are ${strange.length > mostDecoded ? 'at least ' : ''}${more.length} more.`;
  const message = `${name} is cut off or damaged behind its header: ${first.reason}.${others}`;
  return [{ id, title, state: 'error', message, remedy: 'Put whole files in their place, or exclude their rows; the run would stop where it draws one. "Check Images" of the dataset names all.', fix: { kind: 'open', title: 'Open', file: name } }];
}

/** Every picture once; those that a row names outside its root are the linter's. */
async function filesOf(folder: string, project: Project): Promise<readonly string[]> {
  const { warmUp } = project.pipeline;
  const sources = [
    ...(warmUp ? [{ rows: path.resolve(folder, warmUp.data), column: 'images', root: path.dirname(path.resolve(folder, warmUp.data)) }] : []),
    ...usedDatasets(project).flatMap(({ path: rows, heldOut, columns, imageRoot }) =>
      [rows, ...(heldOut === null ? [] : [heldOut])].map(name => ({ rows: path.resolve(folder, name), column: columns.images, root: path.resolve(folder, imageRoot) }))),
  ];
  const files = new Set<string>();
  for (const { rows, column, root } of sources) {
    for (const name of await picturesNamed(rows, column).catch(() => [])) { // a file that cannot be read is told by its own check
      const file = pictureIn(root, name);
      if (file !== undefined) files.add(file);
    }
  }
  return [...files];
}

/** By the last bytes alone. True for a file that cannot be read, which the linter tells, and for formats that say nothing of their end. */
async function hasItsEnd(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return true;
  try {
    const about = await handle.stat();
    if (!about.isFile() || about.size < headBytes) return true;
    const length = Math.min(endBytes, about.size);
    const [{ buffer: head }, { buffer: end }] = await Promise.all([handle.read(Buffer.alloc(headBytes), 0, headBytes, 0), handle.read(Buffer.alloc(length), 0, length, about.size - length)]);
    return isEnded(head, end, about.size);
  } finally {
    await handle.close();
  }
}

function isEnded(head: Buffer, end: Buffer, size: number): boolean {
  if (head.readUInt16BE(0) === 0xffd8) return end.includes(Buffer.from([0xff, 0xd9]));
  if (head.toString('latin1', 1, 4) === 'PNG') return end.includes('IEND');
  if (head.toString('latin1', 0, 3) === 'GIF') return end.includes(0x3b, end.length - 1);
  if (head.toString('latin1', 0, 4) === 'RIFF') return head.readUInt32LE(4) + 8 <= size;
  if (head.toString('latin1', 0, 2) === 'BM') return head.readUInt32LE(2) <= size;
  return !['II*\0', 'MM\0*'].includes(head.toString('latin1', 0, 4)); // where the parts of a TIFF lie is told all over it: it is decoded
}

/** A strange end is no proof: only what cannot be decoded is broken. */
async function brokenOf(files: readonly string[], signal?: AbortSignal): Promise<readonly { readonly file: string; readonly reason: string }[]> {
  if (files.length === 0) return [];
  const { default: sharp } = await import('sharp'); // native and slow to load: hardly ever needed
  const broken: { file: string; reason: string }[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    try {
      await sharp(file, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true }).resize(8, 8, { fit: 'fill' }).raw().toBuffer();
    } catch (error) {
      const reason = (messageOf(error).split('\n')[0] ?? '').replace(/\.$/, '');
      broken.push({ file, reason: /unsupported/.test(reason) ? 'its end is missing' : reason }); // a BMP tells its own length
    }
  }
  return broken;
}

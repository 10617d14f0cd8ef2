import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import { parseRow } from '../../core/dataset/parseRow';
import type { RowFault } from '../../core/dataset/row';
import { imageFault } from '../../core/lint/imageFault';
import type { LintReport } from '../../core/lint/lintReport';
import { hashHeight, HashNeighbours, hashWidth, looksAlike, perceptualHash } from '../../core/lint/perceptualHash';
import type { RowPlace } from '../../core/lint/problemOfFault';
import type { DatasetConfig } from '../../core/project/project';
import { DatasetFile } from '../dataset/datasetFile';
import { rowContext } from '../dataset/lintDataset';
import { FaultReport } from './faultReport';
import { ImageShelf } from './imageShelf';

/** A picture that some row names, at the first of them. */
interface Picture {
  readonly name: string;
  readonly file: string;
  readonly isHeldOut: boolean;
  readonly row: number;
  readonly place: RowPlace;
}

export interface ImageCheckOptions {
  readonly signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

/** Pictures that are decoded at once. */
const together = 4;
/** Candidates that are looked at pixel by pixel. */
const mostLookedAt = 6;
/** Pillow and sharp stop at larger ones; the header told their size before anything is decoded. */
const mostPixels = 178_956_970;
const lookSide = 32;

/** Decodes every picture of a dataset once: those that are cut short, and those that are the same or look alike. */
export async function lintImages(folder: string, config: DatasetConfig, { signal, onProgress }: ImageCheckOptions = {}): Promise<LintReport> {
  const report = new FaultReport(config.columns);
  const pictures = await picturesOf(folder, config, signal);
  const neighbours = new HashNeighbours();
  const hashed: Picture[] = [];
  for (let from = 0; from < pictures.length; from += together) {
    signal?.throwIfAborted();
    const some = pictures.slice(from, from + together);
    const hashes = await Promise.all(some.map(picture => hashOf(picture.file).catch((error: unknown) => messageOf(error))));
    for (const [index, picture] of some.entries()) {
      const hash = hashes[index];
      if (hash === undefined) continue;
      if (typeof hash === 'string') {
        report.add(picture.row, imageFault.unreadable(`The image "${picture.name}" cannot be decoded: ${hash === 'Unknown error' ? 'it ends early, or its data are damaged' : hash}.`), picture.place);
        continue;
      }
      const fault = await firstMatch(picture, neighbours.add(hash, mostLookedAt), hashed);
      hashed.push(picture);
      if (fault) report.add(picture.row, fault, picture.place);
    }
    onProgress?.(Math.min(pictures.length, from + together), pictures.length);
  }
  return report.done();
}

async function picturesOf(folder: string, config: DatasetConfig, signal: AbortSignal | undefined): Promise<readonly Picture[]> {
  const pictures = new Map<string, Picture>();
  for (const name of config.heldOut === null ? [config.path] : [config.path, config.heldOut]) {
    const context = rowContext(folder, config, name);
    const shelf = new ImageShelf(context.imageRoot);
    const dataset = await DatasetFile.open(context.file);
    try {
      for await (const rows of dataset.batches(signal)) {
        for (const { row, line, text } of rows) {
          const parsed = parseRow(text, config.columns).row;
          for (const image of parsed?.images ?? []) {
            const { file, size } = shelf.get(image);
            // What the header tells against is said by the rules of the row.
            if (file === undefined || size === undefined || size.width * size.height > mostPixels || pictures.has(file)) continue;
            pictures.set(file, { name: image, file, isHeldOut: name !== config.path, row, place: { file: context.file, line, text, qid: parsed?.qid } });
          }
        }
      }
    } finally {
      await dataset.close();
    }
  }
  return [...pictures.values()];
}

async function firstMatch(picture: Picture, near: readonly { readonly number: number; readonly distance: number }[], hashed: readonly Picture[]): Promise<RowFault | undefined> {
  for (const { number, distance } of near) {
    const other = hashed[number];
    if (!other) continue;
    const where = `"${other.name}" (line ${other.place.line}${other.place.file === picture.place.file ? '' : ` of ${path.basename(other.place.file)}`})`;
    const isLeak = picture.isHeldOut !== other.isHeldOut;
    if (distance === 0 && (await isSameFile(picture.file, other.file))) {
      return { severity: 'warning', rule: 'dataset/duplicate-image', field: 'images', message: `The image "${picture.name}" is ${where} byte for byte${isLeak ? ', which is trained on' : ''}.`, remedy: 'Keep one of the two files, and the rows of the picture on one side.' };
    }
    const [mine, its] = await Promise.all([smallPicture(picture.file), smallPicture(other.file)]);
    if (!looksAlike(mine, its)) continue;
    return {
      severity: isLeak ? 'warning' : 'info', rule: 'dataset/near-duplicate-image', field: 'images',
      message: `The image "${picture.name}" looks like ${where}${isLeak ? ', which is trained on' : ''}: ${distance} of 64 bits of their hashes differ.`,
      remedy: isLeak ? 'Keep both on one side of the split.' : 'Look at the two; delete one if it says nothing new.',
    };
  }
  return undefined;
}

async function hashOf(file: string): Promise<ReturnType<typeof perceptualHash>> {
  return perceptualHash(await pixels(file, hashWidth, hashHeight, true));
}

function smallPicture(file: string): Promise<Uint8Array> {
  return pixels(file, lookSide, lookSide, false);
}

async function pixels(file: string, width: number, height: number, isGrey: boolean): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const picture = sharp(file, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true }).rotate().flatten({ background: '#fff' }).toColourspace('srgb').resize(width, height, { fit: 'fill' });
  return (isGrey ? picture.greyscale() : picture).raw().toBuffer();
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(a), stat(b)]);
  if (first.size !== second.size) return false;
  const [one, other] = await Promise.all([digest(a), digest(b)]);
  return one === other;
}

async function digest(file: string): Promise<string> {
  return createHash('sha256').update(await readFile(file)).digest('hex');
}

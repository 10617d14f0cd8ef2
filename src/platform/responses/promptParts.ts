import { realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { DatasetConfig } from '../../core/project/project';
import { DatasetFile } from '../dataset/datasetFile';
import type { PlacedSample } from '../dataset/readSample';
import type { PromptTemplate } from './promptTemplate';

/** A piece of the user's turn: text, or the absolute path of the image that stands there. */
export type PromptPart = { readonly text: string } | { readonly image: string };

export type RawRow = Readonly<Record<string, unknown>>;

/** A sample that cannot be asked about; the message says why, for the list of those left out. */
export class UnusableSample extends Error {}

/**
 * The user's turn for a sample, cut at its `<image>` marks as the trainer cuts it. Throws `UnusableSample` where marks and images do not
 * fit, or an image is missing or outside the image root.
 */
export async function promptParts(template: PromptTemplate, dataset: DatasetConfig, imageRoot: string, placed: PlacedSample, raw: RawRow): Promise<readonly PromptPart[]> {
  const { sample } = placed;
  const text = template.render(sample.problem, promptRow(dataset, placed, raw));
  const pieces = text.split('<image>');
  if (pieces.length - 1 !== sample.images.length) {
    throw new UnusableSample(`it has ${sample.images.length} images that can be used but ${pieces.length - 1} <image> marks in its prompt`);
  }
  const root = await realpath(imageRoot).catch(() => imageRoot);
  const parts: PromptPart[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) parts.push({ image: await imageInside(root, sample.images[index - 1] ?? '') });
    if (piece) parts.push({ text: piece });
  }
  return parts;
}

async function imageInside(root: string, image: string): Promise<string> {
  const real = await realpath(image).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isFile()) throw new UnusableSample(`its image ${path.basename(image)} is missing`);
  const relative = path.relative(root, real);
  if (relative.startsWith('..') || path.isAbsolute(relative)) throw new UnusableSample(`its image ${path.basename(image)} leads out of the image root`);
  return real;
}

/** The row as a template sees it: every field of the user's line, the columns under our names, images absolute, boxes in pixels. */
function promptRow(dataset: DatasetConfig, { sample }: PlacedSample, raw: RawRow): RawRow {
  const mapped = new Set(Object.values(dataset.columns));
  const row: Record<string, unknown> = Object.fromEntries(Object.entries(raw).filter(([key]) => !mapped.has(key)));
  for (const [column, name] of Object.entries(dataset.columns)) if (Object.hasOwn(raw, name)) row[column] = raw[name];
  row['images'] = sample.images;
  if (sample.boxes.length > 0) row['boxes'] = sample.boxes;
  return row;
}

/** The lines of the samples as they stand in their files, each file read once and no further than needed. */
export async function rawRows(samples: readonly PlacedSample[]): Promise<ReadonlyMap<PlacedSample, RawRow>> {
  const found = new Map<PlacedSample, RawRow>();
  for (const file of new Set(samples.map(placed => placed.file))) {
    const wanted = new Map(samples.filter(placed => placed.file === file).map(placed => [placed.line, placed]));
    const opened = await DatasetFile.open(file);
    try {
      search: for await (const rows of opened.batches()) {
        for (const { line, text } of rows) {
          const placed = wanted.get(line);
          if (!placed) continue;
          found.set(placed, parseObject(text));
          wanted.delete(line);
          if (wanted.size === 0) break search;
        }
      }
    } finally {
      await opened.close();
    }
  }
  return found;
}

function parseObject(text: string): RawRow {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawRow) : {};
  } catch {
    return {}; // the linter tells; the columns that could be read are in the sample
  }
}

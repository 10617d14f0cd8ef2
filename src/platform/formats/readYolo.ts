import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parse } from 'yaml';
import { messageOf } from '../../core/errors';
import type { ImportFault } from '../../core/formats/importedRow';
import type { YoloImage } from '../../core/formats/yolo/importYolo';
import { textOfBytes } from './fileChunks';
import type { ForeignRecord, ReadProgress } from './foreignRecord';
import { imageLists, imageName } from './imageLists';
import { isOfSplit } from './splits';
import { compare, walkFiles } from './walkFiles';

const nameFiles = ['classes.txt', 'obj.names', 'labels.txt', 'predefined_classes.txt', '_darknet.labels'];
const splitNames = ['train', 'val', 'valid', 'test', 'minival'];

/** The images of a YOLO folder with their label files: beside them, or in `labels` where they are in `images`. */
export async function* readYolo(folder: string, split: string | undefined, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  const files = await walkFiles(folder, signal);
  const { names, faults, file, isPose } = await yoloNames(folder, files);
  if (faults.length > 0) yield { file, faults };
  const { splits, missing, files: lists, linked } = await imageLists(folder, files);
  yield* missing;
  const isWanted = (image: string): boolean => (splits.size === 0 ? isOfSplit(image, split) : [...splits].some(([name, list]) => (split === undefined || name === split.toLowerCase()) && list.has(image)));
  const all = files.filter(each => imageName.test(each));
  const images = [...all, ...linked].filter(isWanted).sort(compare);
  const texts = new Set(files.filter(each => each.toLowerCase().endsWith('.txt') && isOfSplit(each, split)));
  const unlisted = all.filter(each => ![...splits.values()].some(list => list.has(each)));
  if (splits.size > 0 && unlisted.length > 0) yield { file: folder, faults: [{ severity: 'info', rule: 'import/unlisted-image', message: `${unlisted.length} images stand in none of its lists; the first is ${unlisted[0] ?? ''}.`, remedy: 'They are left out, as a trainer leaves them out. To read them too, remove the lists.' }] };
  progress.total = images.length;
  for (const image of images) {
    signal?.throwIfAborted();
    const label = labelPaths(image).find(each => texts.has(each));
    if (label !== undefined) texts.delete(label);
    const place = { file: path.join(folder, label ?? image) };
    progress.done++;
    try {
      const read = label === undefined ? undefined : textOfBytes(await readFile(path.join(folder, label)));
      const value: YoloImage = { image: slashes(image), labels: read?.text, names, isPose };
      yield { ...place, faults: read?.faults ?? [], value };
    } catch (error) {
      yield { ...place, faults: [{ severity: 'error', rule: 'import/unreadable', message: `The label file cannot be read: ${messageOf(error)}.`, remedy: 'The image is left out.' }] };
    }
  }
  for (const image of splits.size === 0 ? [] : all) for (const label of labelPaths(image)) texts.delete(label);
  for (const label of texts) {
    if (!isLabelFile(label) || lists.has(label)) continue;
    yield { file: path.join(folder, label), faults: [{ severity: 'warning', rule: 'import/no-image', message: 'There is no image for this label file.', remedy: 'Put the image beside it, or in "images" where the labels are in "labels".' }] };
  }
}

interface YoloNames {
  readonly names: readonly string[];
  readonly faults: readonly ImportFault[];
  /** Where they are from. */
  readonly file: string;
  readonly isPose?: boolean;
}

/** Class names from `data.yaml` (a list or a map), else from `classes.txt` and its like. */
async function yoloNames(folder: string, files: readonly string[]): Promise<YoloNames> {
  const byDepth = [...files].sort((a, b) => a.split(path.sep).length - b.split(path.sep).length);
  for (const yaml of byDepth.filter(each => /\.ya?ml$/i.test(each))) {
    const file = path.join(folder, yaml);
    try {
      const data = parse(await readFile(file, 'utf8'), { maxAliasCount: 100 }) as unknown;
      const found = namesOf(data);
      if (found) return { names: found, faults: [], file, isPose: Object.hasOwn(data as object, 'kpt_shape') };
    } catch (error) {
      return { names: [], file, faults: [{ severity: 'error', rule: 'import/malformed-yaml', message: `The class names cannot be read: ${messageOf(error).split('\n', 1)[0] ?? ''}`, remedy: 'Correct the file; until then labels are class numbers.' }] };
    }
  }
  const list = byDepth.find(each => nameFiles.includes(path.basename(each)));
  if (list === undefined) {
    return { names: [], file: folder, faults: [{ severity: 'warning', rule: 'import/no-class-names', message: 'The folder names no classes (data.yaml, classes.txt, obj.names).', remedy: 'Labels are class numbers; add classes.txt with one name a line and import again.' }] };
  }
  const file = path.join(folder, list);
  return { names: (await readFile(file, 'utf8')).replace(/^\ufeff/, '').split(/\r?\n/).map(name => name.trim()).filter((name, index, all) => name !== '' || index < all.length - 1), faults: [], file };
}

export function isLabelFile(file: string): boolean {
  return !nameFiles.includes(path.basename(file)) && !/^(?:readme|license|train|val|valid|test|trainval)\b/i.test(path.basename(file)) && file.toLowerCase().endsWith('.txt');
}

function namesOf(data: unknown): readonly string[] | undefined {
  const names = typeof data === 'object' && data !== null ? (data as { names?: unknown }).names : undefined;
  if (Array.isArray(names)) return names.map(String);
  if (typeof names !== 'object' || names === null) return undefined;
  const list: string[] = [];
  for (const [key, name] of Object.entries(names)) {
    const index = Number(key);
    if (Number.isInteger(index) && index >= 0 && index < 100_000) list[index] = String(name);
  }
  return Array.from(list, (name, index) => name ?? String(index));
}

/** Where the labels of an image may be, the likeliest first. */
export function labelPaths(image: string): readonly string[] {
  const bare = image.replace(/\.[^.]+$/, '.txt');
  const parts = bare.split(path.sep);
  const at = parts.lastIndexOf('images');
  const swapped = at === -1 ? [] : [parts.with(at, 'labels').join(path.sep)];
  const [top = ''] = parts;
  const inSplit = splitNames.includes(top) ? [] : [path.join('labels', bare), path.join('labels', path.basename(bare))];
  return [...swapped, bare, ...inSplit, path.join(path.dirname(bare), 'labels', path.basename(bare))];
}

export function slashes(file: string): string {
  return path.sep === '/' ? file : file.split(path.sep).join('/');
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parse } from 'yaml';
import type { ForeignRecord } from './foreignRecord';
import { isInside } from './imageName';

export const imageName = /\.(?:jpe?g|png|bmp|webp|tiff?|gif)$/i;
const listName = /^(train|val|valid|test)(?:20\d\d)?\.txt$/i;
const splitKeys = ['train', 'val', 'valid', 'test'];

/** Which images of a YOLO folder are of a split: a path a line, in `train.txt` and its like or in files that `data.yaml` names. */
export interface ImageLists {
  /** Split → images, as paths relative to the folder; empty where there are no lists. */
  readonly splits: ReadonlyMap<string, ReadonlySet<string>>;
  /** The lists themselves, relative to the folder. */
  readonly files: ReadonlySet<string>;
  /** Listed images that are in none of the files: they are seen through a second link to one folder, and walking follows the first. */
  readonly linked: readonly string[];
  /** Listed images that are not there, told once a list. */
  readonly missing: readonly ForeignRecord[];
}

/** `files`: those below the folder, relative to it. */
export async function imageLists(folder: string, files: readonly string[]): Promise<ImageLists> {
  const splits = new Map<string, Set<string>>();
  const read = new Set<string>();
  const missing: ForeignRecord[] = [];
  const known = new Set(files.filter(file => imageName.test(file)));
  const linked = new Set<string>();
  for (const [split, list] of await listFiles(folder, files)) {
    const text = await readFile(path.join(folder, list), 'utf8').catch(() => ''); // an unreadable list chooses nothing
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/).map(line => line.trim()).filter(line => line !== '');
    if (lines.length === 0 || !lines.every(line => imageName.test(line))) continue; // a label file of that name
    read.add(list);
    const found = lines.map(line => {
      const image = imageOf(line, folder, path.dirname(list), known) ?? linkedImage(line, folder, path.dirname(list));
      if (image !== undefined && !known.has(image)) linked.add(image);
      return image;
    });
    const images = splits.get(split) ?? new Set();
    for (const image of found) if (image !== undefined) images.add(image);
    splits.set(split, images);
    const lost = found.findIndex(image => image === undefined);
    if (lost === -1) continue;
    const count = found.filter(image => image === undefined).length;
    missing.push({
      file: path.join(folder, list), line: lost + 1,
      faults: [{ severity: 'warning', rule: 'import/image-missing', message: `${count} of the ${lines.length} images that it lists ${count === 1 ? 'is' : 'are'} not below the folder; the first is ${lines[lost] ?? ''}.`, remedy: 'Put them there, or import the folder that they are in.' }],
    });
  }
  return { splits, files: read, linked: [...linked], missing };
}

/** Lists by their names, and those that a `data.yaml` names as its splits. */
async function listFiles(folder: string, files: readonly string[]): Promise<readonly (readonly [split: string, file: string])[]> {
  const named = files.flatMap((file): [string, string][] => {
    const split = listName.exec(path.basename(file))?.[1]?.toLowerCase();
    return split === undefined ? [] : [[split, file]];
  });
  for (const yaml of files.filter(file => /\.ya?ml$/i.test(file)).slice(0, 20)) {
    const text = await readFile(path.join(folder, yaml), 'utf8').catch(() => '');
    for (const [split, list] of listsOfYaml(text)) {
      const places = [path.join(path.dirname(yaml), list), ...files.filter(file => path.basename(file) === path.basename(list))];
      const found = places.find(place => files.includes(place) && !named.some(([, file]) => file === place));
      if (found !== undefined) named.push([split, found]);
    }
  }
  return named;
}

function listsOfYaml(text: string): readonly (readonly [split: string, list: string])[] {
  try {
    const data = parse(text, { maxAliasCount: 100 }) as unknown;
    if (typeof data !== 'object' || data === null) return [];
    return splitKeys.flatMap(split => [(data as Record<string, unknown>)[split]].flat().flatMap((value): [string, string][] => (typeof value === 'string' && value.endsWith('.txt') ? [[split, value]] : [])));
  } catch {
    return []; // told where the class names are read
  }
}

/** The image that a line means: from its list, from the folder, or the end of a path of another machine. */
function imageOf(line: string, folder: string, listFolder: string, known: ReadonlySet<string>): string | undefined {
  const native = line.split(/[\\/]/).join(path.sep);
  const places = path.isAbsolute(native) ? [path.relative(folder, native)] : [path.join(listFolder, native), path.normalize(native)];
  const found = places.find(place => known.has(place));
  if (found !== undefined) return found;
  const parts = native.split(path.sep).filter(part => part !== '' && part !== '.');
  for (let at = 1; at < parts.length - 1; at++) {
    const end = parts.slice(at).join(path.sep);
    if (known.has(end)) return end;
  }
  return undefined;
}

/** An image that a list names from where it is, below the folder, and that walking did not come to. */
function linkedImage(line: string, folder: string, listFolder: string): string | undefined {
  const file = path.join(folder, listFolder, line.split(/[\\/]/).join(path.sep));
  return isInside(folder, file) && existsSync(file) ? path.relative(folder, file) : undefined;
}

import { access } from 'node:fs/promises';
import * as path from 'node:path';
import { isInside, normalName } from './imageName';

export interface ImageRoot {
  /** Absolute; what becomes `imageRoot`. */
  readonly folder: string;
  /** Where relative names start from: the same folder, but for names that go up (`../images/a.jpg`). */
  readonly base: string;
  /** How many of the looked-at names are files below it. */
  readonly found: number;
  readonly of: number;
  readonly missing: readonly string[];
}

const below = ['', 'images', 'image', 'imgs', 'img', 'data', 'JPEGImages', 'train2017', 'val2017', 'train2014', 'val2014', 'train', 'val', 'test'];

/**
 * The folder that the image paths of the records start from: of the source's folder, the one above, and the usual folders in them, the first that has most of
 * `names`. For absolute paths it is the folder that they share.
 */
export async function findImageRoot(folder: string, names: readonly string[]): Promise<ImageRoot> {
  const unique = [...new Set(names)];
  const absolute = unique.filter(name => path.isAbsolute(name));
  const upward = unique.filter(name => normalName(name).startsWith('../'));
  if (upward.length * 2 > unique.length) return checkImageRoot(shared(upward.map(name => path.resolve(folder, normalName(name)))), unique, folder);
  const candidates = absolute.length * 2 > unique.length
    ? [shared(absolute)]
    : [folder, path.dirname(folder), path.dirname(path.dirname(folder))].flatMap(base => below.map(name => path.join(base, name)));
  let best: ImageRoot | undefined;
  for (const candidate of candidates) {
    const checked = await checkImageRoot(candidate, unique);
    if (!best || checked.found > best.found) best = checked;
    if (checked.found === checked.of) break;
  }
  return best ?? { folder, base: folder, found: 0, of: 0, missing: [] };
}

/** Looks which of the names are files below a folder. */
export async function checkImageRoot(folder: string, names: readonly string[], base = folder): Promise<ImageRoot> {
  const unique = [...new Set(names)];
  const there = await Promise.all(unique.map(async name => {
    const file = path.resolve(base, normalName(name));
    return isInside(folder, file) && (await access(file).then(() => true, () => false));
  }));
  return { folder, base, found: there.filter(each => each).length, of: unique.length, missing: unique.filter((_, index) => !there[index]).slice(0, 5) };
}

function shared(files: readonly string[]): string {
  return files.map(file => path.dirname(file)).reduce((common, folder) => {
    let each = common;
    while (!`${folder}${path.sep}`.startsWith(each.endsWith(path.sep) ? each : `${each}${path.sep}`) && path.dirname(each) !== each) each = path.dirname(each);
    return each;
  });
}

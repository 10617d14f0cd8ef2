import { access, readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { nameBelow, type NameStart, normalName } from './imageName';

/** `folder` becomes `imageRoot`. */
export interface ImageRoot extends NameStart {
  /** How many of the looked-at names are files below it. */
  readonly found: number;
  readonly of: number;
  readonly missing: readonly string[];
}

const below = ['', 'images', 'image', 'imgs', 'img', 'data', 'JPEGImages', 'train2017', 'val2017', 'train2014', 'val2014', 'train', 'val', 'test'];
/** Folders in `images` that are looked into: CVAT has one for each subset. */
const mostSubsets = 16;

/**
 * The folder that the image paths of the records start from: of the source's folder, the one above, and the usual folders in them, the first that has most of
 * `names`. For absolute paths it is the folder that they share; where that is on another machine, the ends of the paths are looked for here.
 */
export async function findImageRoot(folder: string, names: readonly string[]): Promise<ImageRoot> {
  const unique = [...new Set(names)];
  const absolute = unique.filter(isAbsolute);
  const upward = unique.filter(name => normalName(name).startsWith('../'));
  const above = upward.length * 2 > unique.length ? await checkImageRoot(sharedFolder(upward.map(name => path.resolve(folder, normalName(name)))), unique, { base: folder }) : undefined;
  if (above && above.found > 0) return above;
  const places = await placesAround(folder);
  const asWritten = absolute.length * 2 > unique.length ? [sharedFolder(absolute)] : places;
  const best = await bestOf(asWritten.map(place => () => checkImageRoot(place, unique)));
  if (best && best.found > 0) return best;
  const ends = await bestOf(places.flatMap(place => prefixesOf(unique).map(prefix => () => checkImageRoot(place, unique, { prefix }))));
  return ends && ends.found > 0 ? ends : above ?? best ?? { folder, base: folder, found: 0, of: 0, missing: [] };
}

/** The folder that a person named. Where the paths are not below it as they are written, their ends are looked for in it. */
export async function namedImageRoot(folder: string, names: readonly string[]): Promise<ImageRoot> {
  const asWritten = await checkImageRoot(folder, names);
  if (asWritten.found > 0) return asWritten;
  const ends = await bestOf(prefixesOf([...new Set(names)]).map(prefix => () => checkImageRoot(folder, names, { prefix })));
  return ends && ends.found > 0 ? ends : asWritten;
}

async function checkImageRoot(folder: string, names: readonly string[], { base = folder, prefix }: { readonly base?: string; readonly prefix?: string } = {}): Promise<ImageRoot> {
  const start: NameStart = { folder, base, ...(prefix === undefined ? {} : { prefix }) };
  const unique = [...new Set(names)];
  const there = await Promise.all(unique.map(async name => {
    const inRoot = nameBelow(start, name);
    return inRoot !== undefined && (await access(path.join(folder, inRoot)).then(() => true, () => false));
  }));
  return { ...start, found: there.filter(each => each).length, of: unique.length, missing: unique.filter((_, index) => !there[index]).slice(0, 5) };
}

/** The first that has all names, else the one that has most. */
async function bestOf(checks: readonly (() => Promise<ImageRoot>)[]): Promise<ImageRoot | undefined> {
  let best: ImageRoot | undefined;
  for (const check of checks) {
    const checked = await check();
    if (!best || checked.found > best.found) best = checked;
    if (checked.found === checked.of) break;
  }
  return best;
}

async function placesAround(folder: string): Promise<readonly string[]> {
  const bases = [folder, path.dirname(folder), path.dirname(path.dirname(folder))];
  const places = await Promise.all(bases.map(async base => {
    const entries = await readdir(path.join(base, 'images'), { withFileTypes: true }).catch(() => []); // there is none
    const subsets = entries.filter(entry => entry.isDirectory()).slice(0, mostSubsets).map(entry => path.join(base, 'images', entry.name));
    return [...below.map(name => path.join(base, name)), ...subsets];
  }));
  return places.flat();
}

/** What the names begin with in common, the longest first: the folders that may not be here. */
function prefixesOf(names: readonly string[]): readonly string[] {
  const folders = names.map(name => normalName(name).split('/').slice(0, -1));
  const [first = []] = folders;
  const length = first.findIndex((part, index) => folders.some(each => each[index] !== part));
  const common = length === -1 ? first : first.slice(0, length);
  return common.map((_, index) => `${common.slice(0, common.length - index).join('/')}/`);
}

/** Also as Windows writes it. */
function isAbsolute(name: string): boolean {
  return path.isAbsolute(name) || /^[a-z]:[\\/]/i.test(name);
}

function sharedFolder(files: readonly string[]): string {
  return files.map(file => path.dirname(file)).reduce((common, folder) => {
    let each = common;
    while (!`${folder}${path.sep}`.startsWith(each.endsWith(path.sep) ? each : `${each}${path.sep}`) && path.dirname(each) !== each) each = path.dirname(each);
    return each;
  });
}

import { mkdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { yoloFolderName, yoloName } from '../../core/formats/yolo/exportYolo';

/** A folder of images that an export links as a whole. */
export interface LinkedFolder {
  /** Where it is, absolute. */
  readonly folder: string;
  /** Its path in the export's folder. */
  readonly name: string;
  isLinked?: boolean;
}

/** How an image is named in the export, and the linked folder that it is seen through; without one it needs a link of its own. */
export interface LinkedImage {
  readonly name: string;
  readonly folder?: LinkedFolder;
}

/**
 * Links to folders of images instead of to each image: half the files of a YOLO folder. A loader finds the label file of an image by putting `labels` in the
 * place of the last folder called `images` of its path, so that none of a linked folder's own folders may stand behind it: each folder that holds images has a link itself.
 */
export class LinkedFolders {
  private readonly folders = new Map<string, LinkedFolder>();
  private readonly taken = new Set<string>();
  /** Paths of label files, without their ending. */
  private readonly stems = new Set<string>();

  constructor(
    /** Where the export is made before it is moved into its folder. */
    private readonly staging: string,
  ) {}

  /** The name of an image in `under` (`images/train`); `inside` is its path in its image root, with `/`. */
  nameOf(file: string, inside: string, under: string): LinkedImage {
    const { dir, name, ext } = path.posix.parse(inside);
    const folder = this.folderOf(path.dirname(file), dir, under);
    const stem = `${folder.name}/${name}`;
    if (isInOneLine(inside) && !this.stems.has(stem)) {
      this.stems.add(stem);
      return { name: `${stem}${ext}`, folder };
    }
    // Another image of this name has the label file, or a list of images cannot say this one.
    const own = `${under}/${ownLinks}/${yoloName(inside).slice(0, -ext.length || undefined).replace(/[\p{Cc}\u2028\u2029]/gu, '_')}`;
    let free = own;
    for (let number = 2; this.stems.has(free); number++) free = `${own}~${number}`;
    this.stems.add(free);
    return { name: `${free}${ext}` };
  }

  /** Whether the folder could be linked: a link to a folder takes no privilege, but some disks have none. */
  link(folder: LinkedFolder): boolean {
    return folder.isLinked ??= this.made(folder);
  }

  private made({ folder, name }: LinkedFolder): boolean {
    const place = path.join(this.staging, name);
    try {
      mkdirSync(path.dirname(place), { recursive: true });
      symlinkSync(folder, place, 'junction');
      return true;
    } catch {
      return false; // its images are linked one by one
    }
  }

  private folderOf(folder: string, inside: string, under: string): LinkedFolder {
    const key = `${under}\0${folder}`;
    const known = this.folders.get(key);
    if (known) return known;
    const name = `${under}/${yoloFolderName(inside)}`;
    let free = name;
    for (let number = 2; this.taken.has(free.toLowerCase()); number++) free = `${name}~${number}`;
    this.taken.add(free.toLowerCase());
    const linked: LinkedFolder = { folder, name: free };
    this.folders.set(key, linked);
    return linked;
  }
}

/** Holds the links to single images; no linked folder has this name. */
const ownLinks = '~';

/** Python's `splitlines` ends a line at each of these. */
function isInOneLine(name: string): boolean {
  return !/[\p{Cc}\u2028\u2029]/u.test(name);
}

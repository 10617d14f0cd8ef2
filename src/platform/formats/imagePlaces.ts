import { constants, mkdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { yoloName } from '../../core/formats/yolo/exportYolo';
import { AtOnce } from './atOnce';
import type { ExportInput, ExportPlan } from './exportPlan';
import { type LinkedFolder, LinkedFolders } from './linkedFolders';
import type { SmallFiles } from './smallFiles';

interface Copy {
  /** Its path in the export's folder. */
  readonly name: string;
  /** The linked folder that it is seen through. */
  readonly folder?: LinkedFolder;
  isPlaced: boolean;
}

/** Where the images of an export are, as its rows name them, and their copies or links. */
export class ImagePlaces {
  /** Image file → where it goes, for those that come along; YOLO's splits have folders of their own, elsewhere an image is copied once. */
  private readonly copies = { train: new Map<string, Copy>(), heldOut: new Map<string, Copy>() };
  private readonly stems = new Set<string>();
  /** Image root → the same as seen from the export's folder. */
  private readonly prefixes = new Map<string, string>();
  private readonly folders = new Set<string>();
  private readonly linked: LinkedFolders;
  private readonly copying = new AtOnce(32);

  constructor(
    private readonly plan: ExportPlan,
    /** Where the export is made before it is moved into its folder. */
    private readonly staging: string,
    private readonly links: SmallFiles,
  ) {
    this.linked = new LinkedFolders(staging);
  }

  /** What a row says for an image. */
  readonly nameOf = (file: string, input: ExportInput): string => {
    const { images, folder, target } = this.plan;
    switch (images) {
      case 'relative': return `${this.fromFolder(input.imageRoot, folder)}${inside(file, input)}`;
      case 'absolute': return file;
      case 'embed': return inside(file, input);
      case 'copy': case 'link': {
        const copies = this.copiesOf(input);
        const known = copies.get(file);
        const copy = known ?? this.choose(file, input);
        if (!known) copies.set(file, copy);
        return target.absoluteCopies ? path.join(folder, copy.name) : copy.name;
      }
    }
  };

  /** Brings an image along if it is to; each file once. Waits only while many copies are on their way. Throws `file.unwritable`. */
  place(file: string, input: ExportInput): Promise<void> | undefined {
    const copy = this.copiesOf(input).get(file);
    if (!copy || copy.isPlaced) return undefined;
    copy.isPlaced = true;
    if (copy.folder && this.linked.link(copy.folder)) return undefined;
    const destination = path.join(this.staging, copy.name);
    if (this.plan.images === 'link') return this.links.add({ kind: 'link', file: destination, image: file });
    const folder = path.dirname(destination);
    try {
      if (!this.folders.has(folder)) mkdirSync(folder, { recursive: true });
      this.folders.add(folder);
    } catch (error) {
      throw unwritable(destination, error);
    }
    return this.copying.add(copyFile(file, destination, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL).catch((error: unknown) => Promise.reject(unwritable(destination, error))));
  }

  /** Waits for all of them. Throws `file.unwritable`. */
  async finish(): Promise<void> {
    await Promise.all([this.copying.finish(), this.links.finish()]);
  }

  /** Brings no more along; settles when none is on its way. */
  async abandon(): Promise<void> {
    await this.links.abandon();
    await this.copying.finish().catch(() => undefined); // the failure that ended the export is told
  }

  private choose(file: string, input: ExportInput): Copy {
    if (this.plan.target.id !== 'yolo') return { name: `${this.plan.name}-images/${inside(file, input)}`, isPlaced: false };
    const folder = `images/${input.split === 'train' ? 'train' : 'val'}`;
    if (this.plan.images === 'link') return { ...this.linked.nameOf(file, inside(file, input), folder), isPlaced: false };
    // A label file is found by the image's name without its ending: two images of one name need two names.
    const { name, ext } = path.parse(yoloName(inside(file, input)));
    let stem = `${folder}/${name}`;
    for (let number = 2; this.stems.has(stem); number++) stem = `${folder}/${name}~${number}`;
    this.stems.add(stem);
    return { name: `${stem}${ext}`, isPlaced: false };
  }

  private fromFolder(imageRoot: string, folder: string): string {
    const known = this.prefixes.get(imageRoot) ?? slashes(path.relative(folder, imageRoot)).replace(/(.)$/, '$1/');
    this.prefixes.set(imageRoot, known);
    return known;
  }

  private copiesOf({ split }: ExportInput): Map<string, Copy> {
    return this.copies[this.plan.target.id === 'yolo' ? split : 'train'];
  }
}

function unwritable(file: string, error: unknown): AppError {
  return new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
}

/** An image's path in its root; the root itself is never an image. */
function inside(file: string, { imageRoot }: ExportInput): string {
  return slashes(file.slice(imageRoot.endsWith(path.sep) ? imageRoot.length : imageRoot.length + 1));
}

function slashes(name: string): string {
  return path.sep === '/' ? name : name.split(path.sep).join('/');
}

import type { EncodedSample } from '../exportSample';
import type { ExportTarget } from '../exportTarget';
import type { ClassNumbers } from '../classNumbers';

/** YOLO (Ultralytics): an image folder, a label file an image, and data.yaml. The loader finds labels by the paths of images, so images come along as copies, or through links to their folders. */
export const yolo: ExportTarget = {
  id: 'yolo',
  title: 'YOLO',
  detail: 'data.yaml, images/ and labels/ (boxes alone: questions and answers stay behind)',
  containers: ['yolo'],
  images: ['copy', 'link'],
  absoluteCopies: false,
  frame: 'yolo-cxcywh',
  frames: ['yolo-cxcywh'],
  needs: { noImage: 'error', placeholders: false, answer: false, conversations: false, sameQid: 'warning', boxes: true, turnsImages: true, marks: [], reserved: [], extraColumns: false },
  hints: ({ folder }) => [`yolo detect train data=${folder}/data.yaml`],
};

/** The lines of a label file, without their ends: class, centre and size in parts of 1. */
export function yoloLines({ boxes }: EncodedSample, classes: ClassNumbers): readonly string[] {
  return boxes.map(({ label, bbox: [x, y, width, height] }) => `${classes.of(label)} ${part(x)} ${part(y)} ${part(width)} ${part(height)}`);
}

function part(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** `data.yaml`: names by their number. Without `path`, folders and lists are taken from where the file is, wherever the loader is started. */
export function yoloYaml({ train, val }: { readonly train: string; readonly val: string }, names: readonly string[]): string {
  const list = names.map((name, number) => `  ${number}: ${JSON.stringify(name)}`).join('\n');
  return `train: ${train}\nval: ${val}\nnames:${names.length === 0 ? ' {}' : `\n${list}`}\n`;
}

/** In letters; a disk takes 255 bytes, and a number may follow. */
const longestName = 60;

/** A name for a link to a folder of images, which is in none called `images` and says all of its path in one name. */
export function yoloFolderName(relative: string): string {
  const name = relative.split('/').filter(part => part !== 'images').join('__').replace(/[\p{Cc}\u2028\u2029]/gu, '_').slice(-longestName);
  return name === '' ? 'root' : /^[~.]|\.$/.test(name) ? `_${name}_` : name; // older loaders take every "./" of a path for the place of the list
}

/** A file name for an image in `images/train`. No folder of it may be called `images`: the loader finds the labels by replacing that name. */
export function yoloName(relative: string): string {
  return relative.split(/[\\/]/).filter((part, at, parts) => at === parts.length - 1 || part !== 'images').join('__');
}

import type { EncodedSample } from '../exportSample';
import type { ExportTarget } from '../exportTarget';
import type { ClassNumbers } from '../classNumbers';

/** YOLO (Ultralytics): an image folder, a label file an image, and data.yaml. The loader finds labels beside images, so images come along as copies or links. */
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

/** The lines of a label file: class, centre and size in parts of 1. */
export function yoloLines({ boxes }: EncodedSample, classes: ClassNumbers): string {
  return boxes.map(({ label, bbox }) => `${classes.of(label)} ${bbox.map(value => Math.min(1, Math.max(0, value))).join(' ')}\n`).join('');
}

/** `data.yaml`: names by their number. Without `path`, folders are taken from where the file is, wherever the loader is started. */
export function yoloYaml(folders: { readonly train: string; readonly val: string }, names: readonly string[]): string {
  const list = names.map((name, number) => `  ${number}: ${JSON.stringify(name)}`).join('\n');
  return `train: ${folders.train}\nval: ${folders.val}\nnames:${names.length === 0 ? ' {}' : `\n${list}`}\n`;
}

/** A file name for an image in `images/train`. No folder of it may be called `images`: the loader finds the labels by replacing that name. */
export function yoloName(relative: string): string {
  return relative.split(/[\\/]/).filter((part, at, parts) => at === parts.length - 1 || part !== 'images').join('__');
}

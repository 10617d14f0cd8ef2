import type { EncodedBox, EncodedSample } from '../exportSample';
import type { ExportTarget } from '../exportTarget';
import type { JsonObject } from '../../parsedLine';

/** COCO detection: images, annotations, categories. The question and its answer stay on the image as fields that detectors ignore. */
export const coco: ExportTarget = {
  id: 'coco',
  title: 'COCO',
  detail: 'JSON with images, annotations and categories',
  containers: ['coco'],
  images: ['relative', 'absolute', 'copy'],
  absoluteCopies: false,
  frame: 'coco-xywh',
  frames: ['coco-xywh'],
  needs: {
    noImage: 'error', placeholders: false, answer: false, conversations: false, sameQid: 'warning', boxes: true, turnsImages: false, marks: [],
    reserved: ['id', 'file_name', 'width', 'height', 'problem', 'answer', 'key_words', 'qid'], extraColumns: false,
  },
  hints: ({ files, folder }) => Object.values(files).map(file => `${folder}/${file}; file names are relative to ${folder}`),
};

/** One image with what the row asks about it. */
export function cocoImage({ qid, problem, answer, key_words, images: [image], extra }: EncodedSample, id: number): JsonObject {
  return { id, file_name: image?.name ?? '', width: image?.size.width ?? 0, height: image?.size.height ?? 0, qid, problem, answer, key_words, ...extra };
}

/** What an annotation says of its box, as the end of its JSON text. */
export function cocoBox({ bbox: [x, y, width, height] }: EncodedBox, categoryId: number): string {
  return `"category_id":${categoryId},"bbox":[${x},${y},${width},${height}],"area":${width * height},"iscrowd":0}`;
}

/** An annotation as JSON; `box` is what `cocoBox` wrote. */
export function cocoAnnotation(box: string, id: number, imageId: number): string {
  return `{"id":${id},"image_id":${imageId},${box}`;
}

import { boxesOf } from '../foreignBoxes';
import type { FrameBox } from '../../dataset/row';
import { type ForeignBox, type Imported, type ImportOptions, type JsonObject, own } from '../importedRow';
import { labelledRow } from '../labelledRow';
import { RecordFields } from '../recordFields';
import { sizeOf } from '../sizeOf';

/** What one annotation comes to; a file of a million is held as these, so they are small. */
export interface CocoAnnotation {
  readonly category: number | string;
  readonly bbox?: FrameBox;
  readonly caption?: string;
  /** Why it has no box of an object, or that its box was made from its outline. */
  readonly note?: 'crowd' | 'outline' | 'mask' | 'malformed';
  readonly extra?: JsonObject;
}

/** An image with its annotations, as the reader of the file joins them. */
export interface CocoImage {
  readonly image: JsonObject;
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: ReadonlyMap<number | string, string>;
}

const known = ['id', 'image_id', 'category_id', 'bbox', 'segmentation', 'area', 'iscrowd', 'caption', 'ignore'];

/** An id that refers to one written elsewhere: some tools write 2 here and "2" there. Undefined where it is neither number nor text. */
export function cocoId(id: unknown): number | string | undefined {
  if (typeof id === 'string') return /^(?:0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id;
  return typeof id === 'number' ? id : undefined;
}

/** COCO's own rules: `[x, y, width, height]`; regions marked `iscrowd` are no objects; an annotation without `bbox` has the extent of its polygons. */
export function cocoAnnotation(record: JsonObject): CocoAnnotation {
  const category = cocoId(own(record, 'category_id')) ?? -1;
  const caption = own(record, 'caption');
  const rest = Object.entries(record).filter(([key]) => !known.includes(key) && key !== '__proto__');
  const base = { category, ...(typeof caption === 'string' ? { caption } : {}), ...(rest.length > 0 ? { extra: Object.fromEntries(rest) } : {}) };
  if (own(record, 'iscrowd') === 1 || own(record, 'iscrowd') === true) return { ...base, note: 'crowd' };
  const bbox = own(record, 'bbox');
  const [box] = Array.isArray(bbox) ? boxesOf([bbox]).boxes : [];
  if (box) return { ...base, bbox: box.numbers };
  const outline = extentOf(own(record, 'segmentation'));
  if (outline) return { ...base, bbox: outline, note: 'outline' };
  if (own(record, 'segmentation') !== undefined) return { ...base, note: 'mask' };
  return bbox === undefined && typeof caption === 'string' ? base : { ...base, note: 'malformed' };
}

const noteWords: Readonly<Record<NonNullable<CocoAnnotation['note']>, readonly [words: string, remedy: string]>> = {
  crowd: ['marked as crowds (iscrowd) and left out', 'A crowd region is no object; the source file keeps it.'],
  outline: ['without bbox; their boxes are the extents of their polygons', 'Check a few of them.'],
  mask: ['masks (RLE) without bbox and left out', 'Write their boxes with pycocotools: mask.toBbox(rle).'],
  malformed: ['without four finite numbers in bbox and left out', 'Correct them in the source.'],
};

/** A COCO image is a row: its boxes, labels by name, and its own `qid`, `problem`, `answer`, `key_words` where it has them. */
export function importCoco({ image, annotations, categories }: CocoImage, options: ImportOptions): Imported {
  const fields = new RecordFields(image, options);
  const named = fields.images(['images', 'file_name', 'path']);
  const images = named.length > 0 ? named : nameInUrl(own(image, 'coco_url')); // LVIS has no file names
  const qid = fields.text('qid', ['qid', 'id']);
  const problem = fields.text('problem', ['problem']);
  const answer = fields.text('answer', ['answer']);
  const keyWords = fields.keyWords(['key_words']);
  const boxes = annotations.flatMap(({ bbox, category, extra }): readonly ForeignBox[] =>
    (bbox ? [{ label: categories.get(category) ?? String(category), numbers: bbox, claim: 'coco-xywh', ...(extra ? { extra } : {}) }] : []));
  for (const key of ['id', 'file_name', 'width', 'height', 'license', 'coco_url', 'flickr_url', 'date_captured']) fields.took(key);
  fields.from('boxes', 'annotations');
  for (const [note, [words, remedy]] of Object.entries(noteWords)) {
    const count = annotations.filter(each => each.note === note).length;
    if (count > 0) fields.faults.push({ severity: note === 'malformed' ? 'warning' : 'info', rule: `import/coco-${note}`, message: `${count} of its annotations ${count === 1 ? 'is' : 'are'} ${words}.`, remedy });
  }
  const caption = annotations.find(each => each.caption !== undefined)?.caption ?? (typeof own(image, 'caption') === 'string' ? String(own(image, 'caption')) : undefined);
  const bare = fields.row({ qid, problem, answer, images, key_words: keyWords, boxes, ...sizeOf(image) });
  const made = labelledRow({ ...bare, ...(caption === undefined ? {} : { caption }) }, options);
  return {
    rows: [{ ...made, problem: problem || made.problem, answer: answer || made.answer, key_words: own(image, 'key_words') === undefined ? made.key_words : keyWords }],
    faults: fields.faults,
  };
}

/** `train2017/000000391895.jpg` of COCO's address of an image. */
function nameInUrl(url: unknown): readonly string[] {
  return typeof url === 'string' ? [url.split('/').slice(-2).join('/')] : [];
}

/** `[x, y, width, height]` around polygons; undefined for masks. */
function extentOf(segmentation: unknown): FrameBox | undefined {
  if (!Array.isArray(segmentation)) return undefined;
  const points = (segmentation as unknown[]).flat().filter(number => typeof number === 'number' && Number.isFinite(number)) as number[];
  if (points.length < 6) return undefined;
  const range = (values: readonly number[]): readonly [number, number] => values.reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const [x1, x2] = range(points.filter((_, index) => index % 2 === 0));
  const [y1, y2] = range(points.filter((_, index) => index % 2 === 1));
  return [x1, y1, x2 - x1, y2 - y1];
}

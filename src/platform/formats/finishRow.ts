import * as path from 'node:path';
import type { FrameBox } from '../../core/dataset/row';
import { messageOf } from '../../core/errors';
import { type ForeignFrame, foreignToPixels, inLayout, needsSize } from '../../core/formats/foreignFrame';
import type { ForeignBox, ForeignImage, ImportedRow, ImportFault, JsonObject } from '../../core/formats/importedRow';
import { frameDecimals, fromPixels, type ImageSize } from '../../core/geometry/boxFrame';
import type { ImageHeader } from '../../core/lint/lintImage';
import type { BoxFrame } from '../../core/project/project';
import type { EmbeddedImages } from './embeddedImages';
import { nameBelow, type NameStart, normalName } from './imageName';
import { RecentHeaders } from './recentHeaders';
import { orientationOf, turnedBox } from './turnedBox';

/** What every row of an import is finished with. */
export interface RowPlan {
  /** Where image paths start from, and what becomes the image root. */
  readonly root: NameStart;
  /** Whether images are there to be looked at. */
  readonly hasImages: boolean;
  /** The frame of boxes that do not say their own. */
  readonly frame: ForeignFrame;
  /** A person's word: it goes before what the boxes say. */
  readonly isChosen: boolean;
  /** The frame that the dataset is written in. */
  readonly written: BoxFrame;
  /** Begins the ids and file names that are made. */
  readonly stem: string;
}

export interface FinishedRow {
  readonly record: JsonObject;
  readonly faults: readonly ImportFault[];
  /** Size of the first image, where it is known. */
  readonly size: ImageSize | undefined;
  readonly addedMarks: boolean;
  /** Boxes were turned with their image. */
  readonly isTurned: boolean;
}

/** Makes rows as they are written: images below the root, `<image>` for each, boxes in the dataset's frame. */
export class RowFinisher {
  private readonly headers = new RecentHeaders();

  constructor(private readonly plan: RowPlan, private readonly embedded: EmbeddedImages) {}

  /** `number` is the row's, from 1. Throws `file.unwritable` where an image cannot be written. */
  async finish(row: ImportedRow, number: number): Promise<FinishedRow> {
    const faults: ImportFault[] = [];
    const images: string[] = [];
    let first: ImageHeader | undefined;
    for (const [index, image] of row.images.entries()) {
      const placed = await this.placed(image, `${this.plan.stem}-${number}${row.images.length > 1 ? `-${index + 1}` : ''}`, faults);
      if (!placed) continue;
      images.push(placed.name);
      if (index === 0) first = placed.header;
    }
    const name = typeof row.images[0] === 'string' ? images[0] : undefined;
    const place = this.placeOf(row, name, first, faults);
    const boxes = this.boxesOf(row, place, faults);
    this.tellAnswer(row, faults);
    const marks = marked(row.problem, images.length, faults);
    const record: JsonObject = {
      qid: row.qid === '' ? `${this.plan.stem}-${number}` : row.qid,
      problem: marks.problem,
      answer: this.answerOf(row, boxes.written),
      images,
      ...(row.key_words.length > 0 ? { key_words: row.key_words } : {}),
      ...(boxes.written.length > 0 ? { boxes: boxes.written } : {}),
      ...boxes.kept,
      ...withoutBytes(row.extra, faults),
    };
    return { record, faults, size: place.size, addedMarks: marks.isAdded, isTurned: place.orientation > 1 };
  }

  private answerOf(row: ImportedRow, boxes: readonly WrittenBox[]): string {
    const isAsMeant = row.answer !== '' && !row.answer.includes('\n') && row.boxes.every(box => this.frameOf(box) === this.plan.written);
    if (row.answersWithBox === undefined || boxes.length === 0 || isAsMeant) return row.answer;
    if (row.answersWithBox === 'bbox_2d') return JSON.stringify(boxes.map(({ label, bbox }) => ({ bbox_2d: bbox, label })));
    return JSON.stringify(boxes.length === 1 ? boxes[0]?.bbox : boxes.map(box => box.bbox));
  }

  private tellAnswer({ boxes, sources, answersWithBox }: ImportedRow, faults: ImportFault[]): void {
    const [box] = boxes;
    const isInAnswer = !answersWithBox && /answer|solution/.test(sources.boxes ?? '');
    if (!isInAnswer || !box || this.frameOf(box) === this.plan.written) return;
    faults.push({ severity: 'info', rule: 'import/answer-frame', message: `The answer itself writes its boxes in ${this.frameOf(box)}; "boxes" has them in ${this.plan.written}.`, remedy: 'The text of the answer stays as it is.' });
  }

  private async placed(image: ForeignImage, otherwise: string, faults: ImportFault[]): Promise<{ readonly name: string; readonly header?: ImageHeader } | undefined> {
    if (typeof image !== 'string') {
      const placed = await this.embedded.place(image, otherwise);
      if ('fault' in placed) faults.push(placed.fault);
      return 'fault' in placed ? undefined : placed;
    }
    if (/^[a-z][a-z\d+.-]{1,20}:\/\//i.test(image)) {
      faults.push({ severity: 'warning', rule: 'import/remote-image', message: `The image "${shortened(image)}" is an address.`, remedy: 'Nothing is downloaded here: save the images into a folder and name the files.' });
      return { name: image };
    }
    const name = nameBelow(this.plan.root, image);
    if (name === undefined) faults.push({ severity: 'error', rule: 'import/image-outside', message: `The image "${shortened(image)}" is outside ${this.plan.root.folder}.`, remedy: 'Images outside the image root are not read: name the folder that holds them all with --images.' });
    return { name: name ?? image };
  }

  /** The size that the row's boxes are on, and how far the image is turned from it. */
  private placeOf(row: ImportedRow, name: string | undefined, embedded: ImageHeader | undefined, faults: ImportFault[]): Place {
    const declared = row.size;
    const isNeeded = row.boxes.length > 0 && (declared !== undefined || row.boxes.some(box => needsSize(this.frameOf(box))));
    const looked = embedded ?? (isNeeded && this.plan.hasImages && name !== undefined ? this.headers.of(path.resolve(this.plan.root.folder, normalName(name))) : undefined);
    if (looked === undefined || typeof looked === 'string') return { size: declared, orientation: 1, reason: looked ?? (name === undefined ? 'the row names no image' : `there are no images under ${this.plan.root.folder}`) };
    const isSame = !declared || (declared.width === looked.width && declared.height === looked.height);
    if (isSame) return { size: looked, orientation: 1 };
    if (looked.isTurned && name !== undefined && declared.width === looked.height && declared.height === looked.width) {
      return { size: declared, orientation: orientationOf(path.resolve(this.plan.root.folder, normalName(name))) };
    }
    faults.push({
      severity: 'warning', rule: 'import/size-differs', message: `The data say ${declared.width} × ${declared.height} px, the image is ${looked.width} × ${looked.height} px.`,
      remedy: 'Boxes in pixels are taken as they are and may be off: check that these are the images that were labelled.',
    });
    return { size: looked, orientation: 1 };
  }

  private boxesOf(row: ImportedRow, { size, orientation, reason }: Place, faults: ImportFault[]): { readonly written: readonly WrittenBox[]; readonly kept: JsonObject } {
    const written: WrittenBox[] = [];
    const kept = new Map<string, WrittenBox[]>();
    let why = reason ?? '';
    for (const box of row.boxes) {
      const frame = this.frameOf(box);
      const entry = (bbox: readonly number[]): WrittenBox => ({ label: box.label, bbox, ...box.extra });
      if (frame === this.plan.written && orientation === 1) {
        written.push(entry(box.numbers));
        continue;
      }
      try {
        if (!size && (needsSize(frame) || needsSize(this.plan.written))) throw new Error(why);
        written.push(entry(this.converted(box.numbers, frame, size ?? { width: 1, height: 1 }, orientation)));
      } catch (error) {
        why = messageOf(error);
        const key = `boxes_${frame}`;
        kept.set(key, [...(kept.get(key) ?? []), entry(box.numbers)]);
      }
    }
    if (kept.size > 0) {
      faults.push({
        severity: 'error', rule: 'import/box-without-size', message: `Its boxes in ${[...kept.keys()].map(key => key.slice('boxes_'.length)).join(', ')} cannot be turned into pixels: ${why}.`,
        remedy: `They are kept under ${[...kept.keys()].map(key => `"${key}"`).join(', ')}. Bring the image and import again.`,
      });
    }
    return { written, kept: Object.fromEntries(kept) };
  }

  private converted(numbers: FrameBox, frame: ForeignFrame, size: ImageSize, orientation: number): FrameBox {
    const stored = foreignToPixels(numbers, frame, size);
    const bbox = orientation === 1 ? stored : turnedBox(stored, orientation, size);
    const seen = orientation >= 5 ? { width: size.height, height: size.width } : size;
    if (this.plan.written !== 'pixel') return fromPixels(bbox, this.plan.written, seen, frameDecimals(this.plan.written, []));
    const digits = needsSize(frame) ? 100 : 1e6; // what other frames come to is no finer than a hundredth; sums of decimals are
    return bbox.map(value => Math.round(value * digits) / digits + 0) as unknown as FrameBox;
  }

  private frameOf(box: ForeignBox): ForeignFrame {
    return inLayout(this.plan.isChosen ? this.plan.frame : (box.frame ?? this.plan.frame), box.layout);
  }
}

interface Place {
  readonly size: ImageSize | undefined;
  readonly orientation: number;
  readonly reason?: string;
}

type WrittenBox = { readonly label: string; readonly bbox: readonly number[] } & JsonObject;

/** One `<image>` for each image, put at the start where the format has none. */
function marked(problem: string, images: number, faults: ImportFault[]): { readonly problem: string; readonly isAdded: boolean } {
  const count = problem.split('<image>').length - 1;
  if (count === 0 && images > 0) return { problem: '<image>'.repeat(images) + problem, isAdded: true };
  if (count !== images) {
    faults.push({
      severity: 'warning', rule: 'import/image-marks', message: `The question has ${count} <image> for ${images} image${images === 1 ? '' : 's'}.`, remedy: 'Trainers refuse such a row; correct the question or the images.',
    });
  }
  return { problem, isAdded: false };
}

/** Bytes that are no image of the row have no place in a text file. */
function withoutBytes(extra: JsonObject, faults: ImportFault[]): JsonObject {
  const binary = Object.entries(extra).filter(([, value]) => hasBytes(value, 0)).map(([key]) => key);
  if (binary.length === 0) return extra;
  faults.push({ severity: 'info', rule: 'import/binary-field', message: `${binary.map(key => `"${key}"`).join(', ')} holds bytes.`, remedy: 'It is left out: rows are text. If it is an image, map it with --map images=FIELD.' });
  return Object.fromEntries(Object.entries(extra).filter(([key]) => !binary.includes(key)));
}

function hasBytes(value: unknown, depth: number): boolean {
  if (value instanceof Uint8Array) return true;
  return typeof value === 'object' && value !== null && depth < 6 && Object.values(value).some(inner => hasBytes(inner, depth + 1));
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

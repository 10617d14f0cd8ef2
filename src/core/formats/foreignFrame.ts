import type { FrameBox } from '../dataset/row';
import type { Bbox } from '../dataset/sample';
import { type ImageSize, toPixels } from '../geometry/boxFrame';
import { resizedFrameOf } from '../geometry/resizedSize';
import type { BoxFrame } from '../project/project';

/** The order of a box's four numbers. */
export type BoxLayout = 'xyxy' | 'xywh' | 'cxcywh';

/** What the numbers of a box in somebody else's file mean: the frames that a dataset can declare, and those that only files of others have. */
export type ForeignFrame = BoxFrame | OnlyForeign;

type OnlyForeign = 'voc' | 'norm1-xywh' | 'norm999' | 'norm1024' | 'percent';
type Plain = Exclude<BoxFrame, `qwen2.5-resized{${string}`>;

interface FrameFacts {
  readonly layout: BoxLayout;
  readonly words: string;
  /** The largest number that means a place in the image; none for frames that count in pixels. */
  readonly scale?: number;
}

const facts: Readonly<Record<Plain | OnlyForeign, FrameFacts>> = {
  pixel: { layout: 'xyxy', words: 'pixels of the original image, two corners' },
  'coco-xywh': { layout: 'xywh', words: 'pixels of the original image, corner and size' },
  voc: { layout: 'xyxy', words: 'pixels counted from 1, last pixel included (Pascal VOC)' },
  norm1: { layout: 'xyxy', words: 'parts of 1, two corners', scale: 1 },
  'norm1-xywh': { layout: 'xywh', words: 'parts of 1, corner and size', scale: 1 },
  'yolo-cxcywh': { layout: 'cxcywh', words: 'parts of 1, centre and size', scale: 1 },
  norm1000: { layout: 'xyxy', words: 'thousandths, two corners', scale: 1000 },
  norm999: { layout: 'xyxy', words: '999ths, two corners', scale: 999 },
  norm1024: { layout: 'xyxy', words: '1024ths, two corners', scale: 1024 },
  percent: { layout: 'xyxy', words: 'per cent, two corners', scale: 100 },
  'percent-xywh': { layout: 'xywh', words: 'per cent, corner and size', scale: 100 },
  'qwen2.5-resized': { layout: 'xyxy', words: 'pixels of the image as Qwen2.5-VL resizes it, two corners' },
};

export const foreignFrames = Object.keys(facts) as readonly ForeignFrame[];

/** A frame by its name on the command line and in data; `qwen2.5-resized{28,3136,12845056}` names patch factor, smallest and largest area. */
export function parseForeignFrame(text: string): ForeignFrame | undefined {
  if (Object.hasOwn(facts, text)) return text as ForeignFrame;
  return resizedFrameOf(text as BoxFrame) ? (text as BoxFrame) : undefined;
}

export function factsOf(frame: ForeignFrame): FrameFacts {
  return facts[plainName(frame)];
}

/** Whether the numbers can be turned into pixels only with the image's size. */
export function needsSize(frame: ForeignFrame): boolean {
  return frame !== 'pixel' && frame !== 'coco-xywh' && frame !== 'voc';
}

/** To pixels `[x1, y1, x2, y2]` of the image, not rounded and not clipped. Throws RangeError where Qwen's processor refuses the image. */
export function foreignToPixels(numbers: FrameBox, frame: ForeignFrame, size: ImageSize): Bbox {
  const [a, b, c, d] = numbers;
  const scaled = (x: number, y: number): Bbox => [a * x, b * y, c * x, d * y];
  switch (frame) {
    case 'voc': return [a - 1, b - 1, c, d];
    case 'norm1-xywh': return toPixels([a, b, a + c, b + d], 'norm1', size);
    case 'percent': return scaled(size.width / 100, size.height / 100);
    case 'norm999': return scaled(size.width / 999, size.height / 999);
    case 'norm1024': return scaled(size.width / 1024, size.height / 1024);
    default: return toPixels(numbers, frame, size);
  }
}

/** Frames of one unit, by the order of their numbers. */
const siblings: readonly Readonly<Partial<Record<BoxLayout, ForeignFrame>>>[] = [
  { xyxy: 'pixel', xywh: 'coco-xywh' }, { xyxy: 'norm1', xywh: 'norm1-xywh', cxcywh: 'yolo-cxcywh' }, { xyxy: 'percent', xywh: 'percent-xywh' },
];

/** The frame of a person's choice for a box whose numbers have names: `width` and `height` are no corner, whatever the unit. */
export function inLayout(frame: ForeignFrame, layout: BoxLayout | undefined): ForeignFrame {
  if (layout === undefined || factsOf(frame).layout === layout) return frame;
  return siblings.find(group => Object.values(group).includes(frame))?.[layout] ?? frame;
}

/** The frame that a dataset can declare for these numbers as they are; undefined where they must be turned into pixels. */
export function declaredFrame(frame: ForeignFrame): BoxFrame | undefined {
  return onlyForeign.includes(frame) ? undefined : (frame as BoxFrame);
}

const onlyForeign: readonly string[] = ['voc', 'norm1-xywh', 'norm999', 'norm1024', 'percent'] satisfies readonly OnlyForeign[];

function plainName(frame: ForeignFrame): Plain | OnlyForeign {
  return frame.startsWith('qwen2.5-resized') ? 'qwen2.5-resized' : (frame as Plain | OnlyForeign);
}

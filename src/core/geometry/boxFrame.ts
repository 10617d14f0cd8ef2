import type { Bbox } from '../dataset/sample';
import type { FrameBox } from '../dataset/row';
import type { BoxFrame } from '../project/project';
import { isTooUnequal, resizedFrameOf, resizedSize } from './resizedSize';

/** Pixels of the original image after EXIF rotation. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Decimals that a number of the frame is written with where the row shows no finer ones; fine enough for 0.1 px of a 4000 px image. */
const decimals: Readonly<Partial<Record<BoxFrame, number>>> = { norm1: 5, 'percent-xywh': 3, 'yolo-cxcywh': 6 };

const names: readonly string[] = ['pixel', 'norm1', 'norm1000', 'percent-xywh', 'coco-xywh', 'yolo-cxcywh'] satisfies readonly BoxFrame[];

/** Whether a text names a frame. */
export function isBoxFrame(text: string): text is BoxFrame {
  return names.includes(text) || resizedFrameOf(text as BoxFrame) !== undefined;
}

/** Frames whose numbers mean nothing without the image. */
export function needsImageSize(frame: BoxFrame): boolean {
  return frame !== 'pixel' && frame !== 'coco-xywh';
}

/** From the dataset's frame to pixels `[x1, y1, x2, y2]`, not rounded and not clipped. */
export function toPixels(numbers: FrameBox, frame: BoxFrame, size: ImageSize): Bbox {
  const [a, b, c, d] = numbers;
  const { width, height } = size;
  switch (frame) {
    case 'pixel': return [a, b, c, d];
    case 'norm1': return [a * width, b * height, c * width, d * height];
    case 'norm1000': return [(a * width) / 1000, (b * height) / 1000, (c * width) / 1000, (d * height) / 1000];
    case 'percent-xywh': return [(a * width) / 100, (b * height) / 100, ((a + c) * width) / 100, ((b + d) * height) / 100];
    case 'coco-xywh': return [a, b, a + c, b + d];
    case 'yolo-cxcywh': return [(a - c / 2) * width, (b - d / 2) * height, (a + c / 2) * width, (b + d / 2) * height];
    default: {
      const seen = seenSize(frame, size);
      return [(a * width) / seen.width, (b * height) / seen.height, (c * width) / seen.width, (d * height) / seen.height];
    }
  }
}

/** From pixels to the dataset's frame, rounded to `digits` decimals (see `frameDecimals`). */
export function fromPixels(bbox: Bbox, frame: BoxFrame, size: ImageSize, digits: number): FrameBox {
  const [x1, y1, x2, y2] = bbox;
  const { width, height } = size;
  const rounded = (...numbers: [number, number, number, number]): FrameBox => {
    const factor = 10 ** digits;
    return numbers.map(number => Math.round(number * factor) / factor + 0) as unknown as FrameBox; // + 0 turns -0 into 0
  };
  switch (frame) {
    case 'pixel': return rounded(x1, y1, x2, y2);
    case 'norm1': return rounded(x1 / width, y1 / height, x2 / width, y2 / height);
    case 'norm1000': return rounded((x1 / width) * 1000, (y1 / height) * 1000, (x2 / width) * 1000, (y2 / height) * 1000);
    case 'percent-xywh': return rounded((x1 / width) * 100, (y1 / height) * 100, ((x2 - x1) / width) * 100, ((y2 - y1) / height) * 100);
    case 'coco-xywh': return rounded(x1, y1, x2 - x1, y2 - y1);
    case 'yolo-cxcywh': return rounded((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height);
    default: {
      const seen = seenSize(frame, size);
      return rounded((x1 / width) * seen.width, (y1 / height) * seen.height, (x2 / width) * seen.width, (y2 / height) * seen.height);
    }
  }
}

/** The size that the frame's processor gives the image. It refuses too unequal sides; the linter tells such an image, and its numbers are taken as they are. */
function seenSize(frame: BoxFrame, size: ImageSize): ImageSize {
  return isTooUnequal(size) ? size : resizedSize(size, resizedFrameOf(frame));
}

/** Decimals to write a frame's numbers with: the frame's own, or as many as the row's boxes already have (at most 6). */
export function frameDecimals(frame: BoxFrame, present: readonly FrameBox[]): number {
  const seen = present.flat().map(number => /\.(\d+)$/.exec(String(number))?.[1]?.length ?? 0);
  return Math.min(6, Math.max(decimals[frame] ?? 0, ...seen));
}

/** The smallest step in pixels that the frame can tell apart, at least one pixel: a nudge below it would change nothing. */
export function nudgeStep(frame: BoxFrame, size: ImageSize, digits: number): { readonly x: number; readonly y: number } {
  const unit = 10 ** -digits;
  const spans: Readonly<Partial<Record<BoxFrame, number>>> = { norm1: 1, 'yolo-cxcywh': 1, norm1000: 1000, 'percent-xywh': 100 };
  const span = spans[frame];
  const whole = span !== undefined ? { width: span, height: span } : resizedFrameOf(frame) && seenSize(frame, size);
  if (whole === undefined) return { x: 1, y: 1 };
  return { x: Math.max(1, (unit * size.width) / whole.width), y: Math.max(1, (unit * size.height) / whole.height) };
}

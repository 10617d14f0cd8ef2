import type { Bbox } from '../dataset/sample';
import type { BoxFrame } from '../project/project';
import { type ImageSize, toPixels } from './boxFrame';

/** Pixels of the image after a processor has resized it: both sides whole multiples of `factor`, the area within limits. */
export interface ResizedFrame {
  /** Patch size times merge size; 28 for Qwen2.5-VL. */
  readonly factor?: number;
  readonly minPixels?: number;
  readonly maxPixels?: number;
}

/** What the numbers of a box in a response mean: a dataset's frame, 1024ths, or pixels of the image that the model saw (`resized`). */
export type WrittenFrame = BoxFrame | 'norm1024' | 'qwen2.5-resized' | { readonly resized: ResizedFrame };

/** The limits of Qwen2.5-VL's processor, where its configuration does not say others. */
const qwen = { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 16_384 * 28 * 28 };

/** To pixels of the original image, not rounded and not clipped. */
export function writtenToPixels(bbox: Bbox, frame: WrittenFrame, size: ImageSize): Bbox {
  if (frame === 'norm1024') return scaled(bbox, size.width / 1024, size.height / 1024);
  if (frame === 'qwen2.5-resized' || typeof frame === 'object') {
    const seen = resizedSize(size, frame === 'qwen2.5-resized' ? {} : frame.resized);
    return scaled(bbox, size.width / seen.width, size.height / seen.height);
  }
  return toPixels(bbox, frame, size);
}

/** The frame in words, for notes. */
export function frameInWords(frame: WrittenFrame): string {
  if (typeof frame === 'object' || frame === 'qwen2.5-resized') return 'pixels of the resized image';
  switch (frame) {
    case 'pixel': return 'pixels';
    case 'norm1': return 'parts of 1';
    case 'norm1000': return 'thousandths';
    case 'norm1024': return '1024ths';
    case 'percent-xywh': return 'per cent, corner and size';
    case 'coco-xywh': return 'pixels, corner and size';
    case 'yolo-cxcywh': return 'parts of 1, centre and size';
  }
}

/**
 * The size that Qwen2-VL's and Qwen2.5-VL's processors give an image (`smart_resize` of Transformers; test/parity runs it beside this one).
 * Throws RangeError for sides so unequal that the processor refuses them.
 */
export function resizedSize({ width, height }: ImageSize, { factor = qwen.factor, minPixels = qwen.minPixels, maxPixels = qwen.maxPixels }: ResizedFrame = {}): ImageSize {
  if (!(width > 0 && height > 0)) throw new RangeError('The image has no size.');
  if (Math.max(width, height) / Math.min(width, height) > 200) throw new RangeError(`The image is ${width} × ${height}: its sides are too unequal for this processor.`);
  const whole = (side: number): number => roundHalfToEven(side / factor) * factor;
  const area = whole(width) * whole(height);
  if (area > maxPixels) {
    const shrink = Math.sqrt((width * height) / maxPixels);
    const floor = (side: number): number => Math.max(factor, Math.floor(side / shrink / factor) * factor);
    return { width: floor(width), height: floor(height) };
  }
  if (area < minPixels) {
    const grow = Math.sqrt(minPixels / (width * height));
    const ceil = (side: number): number => Math.ceil((side * grow) / factor) * factor;
    return { width: ceil(width), height: ceil(height) };
  }
  return { width: whole(width), height: whole(height) };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function scaled([x1, y1, x2, y2]: Bbox, x: number, y: number): Bbox {
  return [x1 * x, y1 * y, x2 * x, y2 * y];
}

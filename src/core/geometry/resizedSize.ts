import type { BoxFrame } from '../project/project';
import type { ImageSize } from './boxFrame';

/** Pixels of the image after a processor has resized it: both sides whole multiples of `factor`, the area within limits. */
export interface ResizedFrame {
  /** Patch size times merge size; 28 for Qwen2.5-VL. */
  readonly factor?: number;
  readonly minPixels?: number;
  readonly maxPixels?: number;
}

/** The limits of Qwen2.5-VL's processor, where its configuration does not say others. */
const qwen = { factor: 28, minPixels: 4 * 28 * 28, maxPixels: 16_384 * 28 * 28 };

/**
 * The size that Qwen2-VL's and Qwen2.5-VL's processors give an image (`smart_resize` of Transformers; test/parity runs it beside this one).
 * Throws RangeError for sides so unequal that the processor refuses them.
 */
export function resizedSize({ width, height }: ImageSize, { factor = qwen.factor, minPixels = qwen.minPixels, maxPixels = qwen.maxPixels }: ResizedFrame = {}): ImageSize {
  if (!(width > 0 && height > 0)) throw new RangeError('The image has no size.');
  if (isTooUnequal({ width, height })) throw new RangeError(`The image is ${width} × ${height}: its sides are too unequal for this processor.`);
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

/** Whether Qwen2-VL's and Qwen2.5-VL's processors refuse the image for its shape. */
export function isTooUnequal({ width, height }: ImageSize): boolean {
  return Math.max(width, height) / Math.min(width, height) > 200;
}

const written = /^qwen2\.5-resized(?:\{(\d{1,9}),(\d{1,12}),(\d{1,12})\})?$/;
const known = new Map<BoxFrame, ResizedFrame | undefined>();

/** The limits that a frame's name says (`qwen2.5-resized{28,3136,802816}`: factor, least and most pixels); undefined for other frames. */
export function resizedFrameOf(frame: BoxFrame): ResizedFrame | undefined {
  if (known.has(frame)) return known.get(frame);
  const match = written.exec(frame);
  const limits = match?.[1] === undefined ? {} : { factor: Number(match[1]), minPixels: Number(match[2]), maxPixels: Number(match[3]) };
  known.set(frame, match ? limits : undefined);
  return known.get(frame);
}

/** The name of the frame with these limits. */
export function resizedFrameName({ factor = qwen.factor, minPixels = qwen.minPixels, maxPixels = qwen.maxPixels }: ResizedFrame): BoxFrame {
  const isUsual = factor === qwen.factor && minPixels === qwen.minPixels && maxPixels === qwen.maxPixels;
  return isUsual ? 'qwen2.5-resized' : `qwen2.5-resized{${factor},${minPixels},${maxPixels}}`;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

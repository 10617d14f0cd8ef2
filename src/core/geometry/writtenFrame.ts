import type { Bbox } from '../dataset/sample';
import type { BoxFrame } from '../project/project';
import { type ImageSize, toPixels } from './boxFrame';
import { type ResizedFrame, resizedFrameOf, resizedSize } from './resizedSize';

/** What the numbers of a box in a response mean: a dataset's frame, 1024ths, or pixels of the image that the model saw (`resized`). */
export type WrittenFrame = BoxFrame | 'norm1024' | { readonly resized: ResizedFrame };

/** To pixels of the original image, not rounded and not clipped. Throws RangeError for an image that the frame's processor refuses. */
export function writtenToPixels(bbox: Bbox, frame: WrittenFrame, size: ImageSize): Bbox {
  if (frame === 'norm1024') return scaled(bbox, size.width / 1024, size.height / 1024);
  const limits = typeof frame === 'object' ? frame.resized : resizedFrameOf(frame);
  if (limits) {
    const seen = resizedSize(size, limits);
    return scaled(bbox, size.width / seen.width, size.height / seen.height);
  }
  return toPixels(bbox, frame as BoxFrame, size);
}

/** The frame in words, for notes. */
export function frameInWords(frame: WrittenFrame): string {
  switch (frame) {
    case 'pixel': return 'pixels';
    case 'norm1': return 'parts of 1';
    case 'norm1000': return 'thousandths';
    case 'norm1024': return '1024ths';
    case 'percent-xywh': return 'per cent, corner and size';
    case 'coco-xywh': return 'pixels, corner and size';
    case 'yolo-cxcywh': return 'parts of 1, centre and size';
    default: return 'pixels of the resized image';
  }
}

function scaled([x1, y1, x2, y2]: Bbox, x: number, y: number): Bbox {
  return [x1 * x, y1 * y, x2 * x, y2 * y];
}

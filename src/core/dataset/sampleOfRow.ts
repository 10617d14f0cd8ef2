import { AppError } from '../errors';
import { type ImageSize, needsImageSize, toPixels } from '../geometry/boxFrame';
import type { BoxFrame } from '../project/project';
import type { Row } from './row';
import type { Sample } from './sample';

/**
 * The row with its boxes in pixels of the original image. `size` is the first image's (boxes belong to it); it may be left out
 * only for frames that count in pixels.
 */
export function sampleOfRow(row: Row, frame: BoxFrame, size: ImageSize | undefined): Sample {
  if (!size && needsImageSize(frame) && row.boxes.length > 0) {
    throw new AppError('argument.invalid', {
      argument: `sample ${row.qid}`, reason: `its boxes are in the frame ${frame}, and without the image they cannot be turned into pixels`,
    });
  }
  const scale = size ?? { width: 1, height: 1 };
  return { ...row, boxes: row.boxes.map(box => ({ label: box.label, bbox: toPixels(box.numbers, frame, scale) })) };
}

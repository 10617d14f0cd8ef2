import type { FrameBox } from '../dataset/row';
import { type ImageSize, fromPixels, toPixels } from '../geometry/boxFrame';
import type { BoxFrame } from '../project/project';
import { isBoxAnswer, mapBoxes } from './boxAnswer';
import type { EncodedSample, ExportSample } from './exportSample';

/** Decimals that each frame is written with; thousandths and resized pixels are whole, as their models write them. */
export const exportDigits = (frame: BoxFrame): number => {
  switch (frame) {
    case 'pixel': case 'coco-xywh': return 2;
    case 'percent-xywh': return 3;
    case 'norm1': return 5;
    case 'yolo-cxcywh': return 6;
    default: return 0;
  }
};

/**
 * Boxes in the frame of the model. `from` is the dataset's own frame, in which an answer that is boxes is taken to be; such an answer
 * is written anew where `withAnswer` (a detector's file has its own boxes, and keeps the answer as it is).
 */
export function encodeSample(sample: ExportSample, from: BoxFrame, to: BoxFrame, withAnswer: boolean): { readonly encoded: EncodedSample; readonly isAnswerChanged: boolean } {
  const digits = exportDigits(to);
  const size: ImageSize = sample.images[0]?.size ?? { width: 1, height: 1 };
  const encode = (numbers: FrameBox): FrameBox => fromPixels(numbers, to, size, digits);
  const boxes = sample.boxes.map(({ label, bbox }) => ({ label, bbox: encode(bbox) }));
  const isAnswerChanged = withAnswer && from !== to && sample.images.length > 0 && isBoxAnswer(sample.answer);
  const answer = isAnswerChanged ? mapBoxes(sample.answer, numbers => encode(toPixels(numbers, from, size))) : sample.answer;
  return { encoded: { ...sample, boxes, answer }, isAnswerChanged };
}

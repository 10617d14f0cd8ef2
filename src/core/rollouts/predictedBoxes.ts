import type { Bbox, Box } from '../dataset/sample';
import type { ImageSize } from '../geometry/boxFrame';
import { boxIou } from '../geometry/iou';
import type { WrittenFrame } from '../geometry/writtenFrame';
import { boxGrammars, parseBoxes } from '../grading/boxes/parseBoxes';
import { placeBoxes } from '../rewards/components/placedBoxes';
import type { Rollout } from './rollout';

/** A box of a response in its image. */
export interface PredictedBox {
  readonly label: string;
  /** Pixels of the original image. */
  readonly bbox: Bbox;
  /** With the gold box that it was matched with, or else the best one; null where there is no gold box. */
  readonly iou: number | null;
}

export interface PredictedBoxes {
  readonly boxes: readonly PredictedBox[];
  /** Where they come from: the reward's evidence, or a grammar in the text with what its numbers were taken for. */
  readonly from: 'evidence' | 'text' | 'none';
  /** Boxes that mean no place in the image. */
  readonly unplaced: number;
}

/** What the numbers of boxes in the text are taken for: what the reward took them for, what each grammar's usual model writes, or one frame for all. */
export type BoxReading = 'reward' | 'grammar' | WrittenFrame;

/**
 * The boxes of a response. `reward` takes those that the reward saw, and reads the text in `fallback` (the dataset's frame) only where it saw none; the others read
 * the text anew. Grammars that decide their frame themselves (PaliGemma) are always read in it.
 */
export function predictedBoxes({ response, evidence }: Pick<Rollout, 'response' | 'evidence'>, gold: readonly Box[], size: ImageSize, reading: BoxReading, fallback: WrittenFrame): PredictedBoxes {
  const seen = evidence.flatMap(({ kind, bbox, text, note, iou }) => (kind === 'box' && bbox ? [{ label: text ?? note ?? '', bbox, iou: iou ?? bestIou(bbox, gold) }] : []));
  if (reading === 'reward' && seen.length > 0) return { boxes: seen, from: 'evidence', unplaced: 0 };
  const written = parseBoxes(response);
  if (written.length === 0) return { boxes: [], from: 'none', unplaced: 0 };
  const placed = written.flatMap(box => {
    const frame = reading === 'reward' ? fallback : reading === 'grammar' ? (boxGrammars[box.grammar].usual ?? fallback) : reading;
    try {
      return placeBoxes([box], frame, () => size);
    } catch {
      return []; // an image that the frame's processor refuses: its boxes mean no place, and are counted
    }
  });
  const boxes = placed.flatMap(({ bbox, fault, written: { label } }) => (bbox && fault === undefined ? [{ label: label ?? '', bbox, iou: bestIou(bbox, gold) }] : []));
  return { boxes, from: 'text', unplaced: written.length - boxes.length };
}

function bestIou(bbox: Bbox, gold: readonly Box[]): number | null {
  return gold.length === 0 ? null : Math.max(...gold.map(box => boxIou(bbox, box.bbox)));
}

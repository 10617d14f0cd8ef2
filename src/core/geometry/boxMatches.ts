import type { Bbox } from '../dataset/sample';
import { boxIou } from './iou';
import { matchBest, type Pair } from './matching';

export interface BoxMatches {
  /** Predicted box (`row`) and gold box (`column`) of each match. */
  readonly pairs: readonly Pair[];
  /** Matches over the predicted boxes; 0 where there is none. */
  readonly precision: number;
  /** Matches over the gold boxes; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of the two. */
  readonly f1: number;
}

/**
 * One-to-one matches of predicted with gold boxes whose IoU reaches `threshold`: as many as can be had (the Hungarian method), and of
 * those the closest. `worth` is what a match counts, by default 1.
 */
export function matchBoxes(predicted: readonly Bbox[], gold: readonly Bbox[], threshold: number, worth: (row: number, column: number) => number = () => 1): BoxMatches {
  const scores = predicted.map((box, row) => gold.map((goldBox, column) => {
    const overlap = boxIou(box, goldBox);
    return overlap >= threshold && overlap > 0 ? worth(row, column) + overlap * 1e-6 : 0; // closeness decides only between equal counts
  }));
  const pairs = matchBest(scores).filter(({ row, column }) => (scores[row]?.[column] ?? 0) > 0);
  const matched = pairs.reduce((sum, { row, column }) => sum + worth(row, column), 0);
  const share = (of: number): number => (of === 0 ? 0 : matched / of);
  return { pairs, precision: share(predicted.length), recall: share(gold.length), f1: share((predicted.length + gold.length) / 2) };
}

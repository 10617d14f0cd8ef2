import type { Bbox } from '../dataset/sample';
import type { FrameBox } from '../dataset/row';
import { toPixels } from '../geometry/boxFrame';
import { boxIou } from '../geometry/iou';
import { matchBest } from '../geometry/matching';
import { gradeAnswer } from '../grading/gradeAnswer';
import type { BoxFrame } from '../project/project';
import type { Labels, SecondLabels } from './secondLabels';

/** A box of each labeling that mean the same thing; places in their lists. */
export interface MatchedPair {
  readonly first: number;
  readonly second: number;
  readonly iou: number;
  readonly isSameLabel: boolean;
}

/** How two labelings of one sample agree. What neither of them says is null, and counts for nothing. */
export interface Agreement {
  readonly answer: boolean | null;
  readonly pairs: readonly MatchedPair[];
  /** Boxes that only one of them has; places in their lists. */
  readonly onlyFirst: readonly number[];
  readonly onlySecond: readonly number[];
  /** Sum of the IoUs of the pairs over the larger number of boxes: a box without a partner is a zero. */
  readonly meanIou: number | null;
  /** Of pairs with an IoU of at least 0.5 and the same label. */
  readonly f1: number | null;
  /** Share of the key words that both have, of those that either has. */
  readonly keyWords: number | null;
  /** The least of them: 1 or 0 for the answer, the IoU where pairs with different labels are zeros; 1 where neither says anything. */
  readonly score: number;
}

/** Pairs below it are no pairs: two people who draw different things may touch. */
const leastIou = 0.1;
const closeIou = 0.5;

/** IoU does not change when an axis is scaled, so relative frames need no image. */
const anySize = { width: 1000, height: 1000 };

/** Boxes are matched so that their IoUs add up to the most (Hungarian method); of equal overlap, those of one label. Answers are told apart by the grader, either way round. */
export function agreementOf(first: Labels, second: Labels, frame: BoxFrame): Agreement {
  const answer = sameAnswer(first.answer.trim(), second.answer.trim());
  const pairs = matchLabeled(first, second, frame);
  const most = Math.max(first.boxes.length, second.boxes.length);
  const over = (total: number, of: number): number | null => (of === 0 ? null : total / of);
  const meanIou = over(pairs.reduce((sum, { iou }) => sum + iou, 0), most);
  const close = pairs.filter(({ iou, isSameLabel }) => iou >= closeIou && isSameLabel).length;
  const named = over(pairs.reduce((sum, { iou, isSameLabel }) => sum + (isSameLabel ? iou : 0), 0), most);
  return {
    answer,
    pairs,
    onlyFirst: placesWithout(first.boxes.length, pairs.map(pair => pair.first)),
    onlySecond: placesWithout(second.boxes.length, pairs.map(pair => pair.second)),
    meanIou,
    f1: over(2 * close, first.boxes.length + second.boxes.length),
    keyWords: sharedWords(first.key_words, second.key_words),
    score: Math.min(answer === false ? 0 : 1, named ?? 1),
  };
}

/** How far a second labeling agreed with the first: with the labels that the row has, or had when a person decided between the two. */
export function secondAgreement(row: Labels, second: SecondLabels, frame: BoxFrame): Agreement {
  return agreementOf(second.settled ?? row, second, frame);
}

function sameAnswer(first: string, second: string): boolean | null {
  if (first === '' && second === '') return null;
  return first !== '' && second !== '' && (first === second || gradeAnswer(second, first) || gradeAnswer(first, second));
}

function matchLabeled(first: Labels, second: Labels, frame: BoxFrame): readonly MatchedPair[] {
  const corners = (numbers: FrameBox): Bbox => toPixels(numbers, frame, anySize);
  const [ours, theirs] = [first.boxes.map(box => corners(box.bbox)), second.boxes.map(box => corners(box.bbox))];
  const isSame = (row: number, column: number): boolean => plain(first.boxes[row]?.label) === plain(second.boxes[column]?.label);
  const ious = ours.map(a => theirs.map(b => boxIou(a, b)));
  const scores = ious.map((row, at) => row.map((iou, to) => (iou < leastIou ? 0 : iou + (isSame(at, to) ? 1e-3 : 0))));
  return matchBest(scores)
    .map(({ row, column }) => ({ first: row, second: column, iou: ious[row]?.[column] ?? 0, isSameLabel: isSame(row, column) }))
    .filter(({ iou }) => iou >= leastIou);
}

function plain(label = ''): string {
  return label.trim().toLowerCase();
}

function placesWithout(count: number, taken: readonly number[]): readonly number[] {
  const without = new Set(taken);
  return Array.from({ length: count }, (_, place) => place).filter(place => !without.has(place));
}

function sharedWords(first: readonly string[], second: readonly string[]): number | null {
  const [a, b] = [new Set(first.map(plain)), new Set(second.map(plain))];
  const all = new Set([...a, ...b]);
  return all.size === 0 ? null : [...all].filter(word => a.has(word) && b.has(word)).length / all.size;
}

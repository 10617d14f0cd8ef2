import type { Bbox, Box } from '../../dataset/sample';
import { matchBoxes } from '../../geometry/boxMatches';
import { boxGiou, boxIou } from '../../geometry/iou';
import { matchBest, type Pair } from '../../geometry/matching';
import type { WrittenFrame } from '../../geometry/writtenFrame';
import { parseBoxes, type WrittenBox } from '../../grading/boxes/parseBoxes';
import type { ComponentEvidence, RewardContext, RewardInput, SingleComponent } from '../reward';
import { type PlacedBox, placeBoxes, placesInWords } from './placedBoxes';

export interface IouOptions {
  /** Which boxes count; those of the description by default. */
  readonly within?: 'description' | 'response';
  /**
   * Frame of the numbers in the response; pixels of the original image by default. PaliGemma's `<loc0001>` are 1024ths whatever stands
   * here; `grammar` takes only such, and fails on a grammar that does not say its frame.
   */
  readonly frame?: WrittenFrame | 'grammar';
  /** What a box is worth whose label is another one than the gold box's, as a factor; 0.5 by default. */
  readonly mislabelled?: number;
  /**
   * `iou`: the overlap of the best matching, over the larger count. `giou`: a near miss counts too, (1 + GIoU) / 2. `precision`, `recall`,
   * `f1`: matches whose IoU reaches `threshold`, over the predicted boxes, the gold ones, both.
   */
  readonly measure?: 'iou' | 'giou' | 'precision' | 'recall' | 'f1';
  /** IoU from which a box is found; 0.5 by default. */
  readonly threshold?: number;
}

/** More predicted boxes than this are no answer; the rest counts as wrong without being matched. */
const mostBoxes = 2000;
/** Boxes without a match that the evidence lists; a flood of them would hide what matters. */
const mostListed = 100;

/**
 * How well the response's boxes cover the gold ones, by the best one-to-one matching, so that a missing box and a box too many both cost.
 * Does not apply to a sample without gold boxes.
 */
export function iou({ within = 'description', frame = 'pixel', mislabelled = 0.5, measure = 'iou', threshold = 0.5 }: IouOptions = {}): SingleComponent {
  if (!(threshold > 0 && threshold <= 1)) throw new Error(`iou({ threshold: ${String(threshold)} }): the threshold is an IoU above 0, at most 1.`);
  return (input, context) => {
    const gold = input.sample.boxes;
    if (gold.length === 0) return { value: null, evidence: [{ kind: 'note', note: 'the sample has no boxes' }] };
    const written = boxesOf(input, within);
    const boxes = placeBoxes(written.slice(0, mostBoxes), frame, () => sizeOf(input, context));
    const labels = { written: boxes.map(box => plain(box.written.label)), gold: gold.map(box => plain(box.label)) };
    /** A response that names no label is not wrong about it. */
    const isSame = ({ row, column }: Pair): boolean => !labels.written[row] || !labels.gold[column] || labels.written[row] === labels.gold[column];
    const worth = (row: number, column: number): number => (isSame({ row, column }) ? 1 : mislabelled);
    const { value, pairs } = measured(boxes.map(box => (box.fault === undefined ? box.bbox : null) ?? nowhere), gold, written.length, { measure, threshold, worth });
    return { value, evidence: [...evidenceOf(boxes, gold, pairs, isSame, threshold), ...noteOf(written, frame)] };
  };
}

const nowhere: Bbox = [0, 0, 0, 0];

function measured(
  boxes: readonly Bbox[],
  gold: readonly Box[],
  count: number,
  { measure, threshold, worth }: { readonly measure: NonNullable<IouOptions['measure']>; readonly threshold: number; readonly worth: (row: number, column: number) => number },
): { readonly value: number; readonly pairs: readonly Pair[] } {
  if (measure === 'precision' || measure === 'recall' || measure === 'f1') {
    const { pairs, recall } = matchBoxes(boxes, gold.map(box => box.bbox), threshold, worth);
    const matched = recall * gold.length;
    const over = measure === 'precision' ? count : measure === 'recall' ? gold.length : (count + gold.length) / 2;
    return { value: over === 0 ? 0 : matched / over, pairs };
  }
  const overlap = (box: Bbox, goldBox: Box): number => (measure === 'iou' ? boxIou(box, goldBox.bbox) : box === nowhere ? 0 : (1 + boxGiou(box, goldBox.bbox)) / 2);
  const scores = boxes.map((box, row) => gold.map((goldBox, column) => overlap(box, goldBox) * worth(row, column)));
  const pairs = matchBest(scores).filter(({ row, column }) => (scores[row]?.[column] ?? 0) > 0);
  const total = pairs.reduce((sum, { row, column }) => sum + (scores[row]?.[column] ?? 0), 0);
  return { value: total / Math.max(gold.length, count), pairs };
}

function boxesOf({ response, sections }: RewardInput, within: 'description' | 'response'): readonly WrittenBox[] {
  if (within === 'response') return parseBoxes(response);
  return sections.description ? parseBoxes(sections.description.text, sections.description.start) : [];
}

function sizeOf({ sample }: RewardInput, context: RewardContext): { readonly width: number; readonly height: number } {
  const image = sample.images[0];
  if (image === undefined) throw new Error('The boxes of the response are parts of the image, and the sample has no image to measure.');
  return context.imageSize(image);
}

function plain(label: string | null): string {
  return (label ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
}

function noteOf(written: readonly WrittenBox[], frame: WrittenFrame | 'grammar'): readonly ComponentEvidence[] {
  if (written.length === 0) return [];
  const more = written.length > mostBoxes ? `; the ${written.length - mostBoxes} after the first ${mostBoxes} count as wrong` : '';
  return [{ kind: 'note', note: `${placesInWords(written, frame)}${more}` }];
}

function evidenceOf(boxes: readonly PlacedBox[], gold: readonly Box[], pairs: readonly Pair[], isSame: (pair: Pair) => boolean, threshold: number): readonly ComponentEvidence[] {
  const pairOf = new Map(pairs.map(pair => [pair.row, pair]));
  const matchedGold = new Set(pairs.map(pair => pair.column));
  const predicted = boxes.flatMap(({ written: box, bbox, fault }, row): readonly ComponentEvidence[] => {
    if (row >= mostListed && !pairOf.has(row)) return [];
    const { start, end } = box.span;
    const text = box.label || undefined;
    const place = bbox ?? undefined; // with the other fields as they stand: spreading little objects here is what scoring would mostly do
    const pair = pairOf.get(row);
    const match = pair && gold[pair.column];
    if (!pair || !match) return [{ kind: 'box', start, end, bbox: place, text, ok: false, note: fault ?? 'matches no gold box' }];
    const value = boxIou(bbox ?? nowhere, match.bbox);
    const isRight = isSame(pair);
    return [{ kind: 'box', start, end, bbox: place, text, gold: match.bbox, iou: value, ok: value >= threshold && isRight, note: isRight ? undefined : `label is not “${match.label}”` }];
  });
  const missed = gold.filter((_, column) => !matchedGold.has(column)).map((box): ComponentEvidence => ({ kind: 'box', text: box.label, gold: box.bbox, ok: false, note: 'missed' }));
  return [...predicted, ...missed];
}

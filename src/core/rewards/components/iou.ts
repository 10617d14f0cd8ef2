import type { Bbox, Box } from '../../dataset/sample';
import { boxGiou, boxIou } from '../../geometry/iou';
import { matchBest } from '../../geometry/matching';
import { parseBoxes, type WrittenBox } from '../../grading/parseBoxes';
import { toPixels } from '../../geometry/boxFrame';
import type { BoxFrame } from '../../project/project';
import type { ComponentEvidence, RewardContext, RewardInput, SingleComponent } from '../reward';

export interface IouOptions {
  /** Which boxes count; those of the description by default. */
  readonly within?: 'description' | 'response';
  /** Frame of the numbers in the response; pixels of the original image by default. */
  readonly frame?: BoxFrame;
  /** What a box is worth whose label is another one than the gold box's, as a factor; 0.5 by default. */
  readonly mislabelled?: number;
  /** `giou` rewards a near miss too: (1 + GIoU) / 2. */
  readonly measure?: 'iou' | 'giou';
}

/**
 * How well the response's boxes cover the gold ones: the best one-to-one matching, summed, over the larger of the two counts,
 * so that a missing box and a box too many both cost. Does not apply to a sample without gold boxes.
 */
export function iou({ within = 'description', frame = 'pixel', mislabelled = 0.5, measure = 'iou' }: IouOptions = {}): SingleComponent {
  return (input, context) => {
    const gold = input.sample.boxes;
    if (gold.length === 0) return { value: null, evidence: [{ kind: 'note', note: 'the sample has no boxes' }] };
    const written = boxesOf(input, within);
    const boxes = written.map(box => pixelsOf(box.bbox, frame, input, context));
    const overlap = (box: Bbox, goldBox: Box): number => (measure === 'iou' ? boxIou(box, goldBox.bbox) : (1 + boxGiou(box, goldBox.bbox)) / 2);
    const scores = boxes.map((box, row) => gold.map(goldBox => overlap(box, goldBox) * (isSameLabel(written[row], goldBox) ? 1 : mislabelled)));
    const pairs = matchBest(scores).filter(({ row, column }) => (scores[row]?.[column] ?? 0) > 0);
    const total = pairs.reduce((sum, { row, column }) => sum + (scores[row]?.[column] ?? 0), 0);
    return { value: total / Math.max(gold.length, written.length), evidence: evidenceOf(written, boxes, gold, pairs) };
  };
}

function boxesOf({ response, sections }: RewardInput, within: 'description' | 'response'): readonly WrittenBox[] {
  if (within === 'response') return parseBoxes(response);
  return sections.description ? parseBoxes(sections.description.text, sections.description.start) : [];
}

function pixelsOf(bbox: Bbox, frame: BoxFrame, { sample }: RewardInput, context: RewardContext): Bbox {
  if (frame === 'pixel') return bbox;
  const image = sample.images[0];
  if (image === undefined) throw new Error(`The boxes are in the frame "${frame}" and the sample has no image to measure.`);
  return toPixels(bbox, frame, context.imageSize(image));
}

/** A response that names no label is not wrong about it. */
function isSameLabel(written: WrittenBox | undefined, gold: Box): boolean {
  return !written?.label || !gold.label || plain(written.label) === plain(gold.label);
}

function plain(label: string): string {
  return label.toLowerCase().replace(/\s+/g, ' ').trim();
}

function evidenceOf(
  written: readonly WrittenBox[],
  boxes: readonly Bbox[],
  gold: readonly Box[],
  pairs: readonly { readonly row: number; readonly column: number }[],
): readonly ComponentEvidence[] {
  const predicted = written.map((box, row): ComponentEvidence => {
    const place = { kind: 'box', start: box.span.start, end: box.span.end, bbox: boxes[row], ...(box.label ? { text: box.label } : {}) } as const;
    const match = gold[pairs.find(pair => pair.row === row)?.column ?? -1];
    if (!match) return { ...place, ok: false, note: 'matches no gold box' };
    const value = boxIou(boxes[row] ?? [0, 0, 0, 0], match.bbox);
    const wrongLabel = !isSameLabel(box, match);
    return { ...place, gold: match.bbox, iou: value, ok: value >= 0.5 && !wrongLabel, ...(wrongLabel ? { note: `label is not “${match.label}”` } : {}) };
  });
  const missed = gold.filter((_, column) => !pairs.some(pair => pair.column === column)).map((box): ComponentEvidence => ({ kind: 'box', text: box.label, gold: box.bbox, ok: false, note: 'missed' }));
  return [...predicted, ...missed];
}

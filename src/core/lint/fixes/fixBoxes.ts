import { parseRow } from '../../dataset/parseRow';
import type { FrameBox, RowBox } from '../../dataset/row';
import { frameDecimals, fromPixels, toPixels } from '../../geometry/boxFrame';
import { isDegenerate } from '../../geometry/shapeBox';
import { JsonLine } from '../../labels/jsonLine';
import { applyChange } from '../../labels/labelChange';
import type { FixFacts, RowFix } from './fixOf';

/** Frames whose numbers are position and size. */
const sized: ReadonlySet<string> = new Set(['percent-xywh', 'coco-xywh', 'yolo-cxcywh']);

export const swapCorners: RowFix = (text, facts) => eachBox(text, facts, ({ numbers: [a, b, c, d] }) => {
  if (facts.boxFrame === 'yolo-cxcywh') return [a, b, Math.abs(c), Math.abs(d)];
  if (sized.has(facts.boxFrame)) return [c < 0 ? a + c : a, d < 0 ? b + d : b, Math.abs(c), Math.abs(d)];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
});

/** A box that would have no area left stays as it is: it is off altogether, and only a person knows where it belongs. */
export const clipBoxes: RowFix = (text, facts) => {
  const { size, boxFrame } = facts;
  if (!size) return text;
  return eachBox(text, facts, ({ numbers }, all) => {
    const [x1, y1, x2, y2] = toPixels(numbers, boxFrame, size);
    if (x1 >= 0 && y1 >= 0 && x2 <= size.width && y2 <= size.height) return numbers;
    const clipped = [Math.max(0, x1), Math.max(0, y1), Math.min(size.width, x2), Math.min(size.height, y2)] as const;
    return isDegenerate(clipped) ? numbers : fromPixels(clipped, boxFrame, size, frameDecimals(boxFrame, all.map(box => box.numbers)));
  });
};

type BoxTest = (box: RowBox, earlier: readonly RowBox[], facts: FixFacts) => boolean;

/** Deletes the boxes that the test is true for. */
export function dropBoxes(test: BoxTest): RowFix {
  return (text, facts) => {
    const boxes = boxesOf(text, facts);
    const dropped = boxes.filter((box, index) => test(box, boxes.slice(0, index), facts));
    return dropped.reduceRight((now, box) => new JsonLine(now).remove([facts.columns.boxes], box.index), text);
  };
}

export const isWithoutArea: BoxTest = (box, _, { boxFrame, size }) => {
  const [x1, y1, x2, y2] = toPixels(box.numbers, boxFrame, size ?? { width: 1, height: 1 });
  return x2 >= x1 && y2 >= y1 && isDegenerate([x1, y1, x2, y2]); // swapped corners are put in order instead
};

export const isRepeatedBox: BoxTest = (box, earlier) => earlier.some(other => other.label === box.label && other.numbers.every((number, side) => number === box.numbers[side]));

function eachBox(text: string, facts: FixFacts, change: (box: RowBox, all: readonly RowBox[]) => FrameBox): string {
  const boxes = boxesOf(text, facts);
  return boxes.reduce((now, box) => applyChange(now, { type: 'setBox', index: box.index, numbers: change(box, boxes) }, facts.columns), text);
}

function boxesOf(text: string, { columns }: FixFacts): readonly RowBox[] {
  return parseRow(text, columns).row?.boxes ?? [];
}

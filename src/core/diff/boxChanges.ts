import type { RowBox } from '../dataset/row';
import type { Bbox } from '../dataset/sample';
import { toPixels } from '../geometry/boxFrame';
import { boxIou } from '../geometry/iou';
import { matchBest } from '../geometry/matching';
import type { BoxFrame } from '../project/project';

/** What became of a box. `old` and `now` are places in the rows' lists of boxes that could be read. */
export type BoxChange =
  | { readonly kind: 'added'; readonly now: number }
  | { readonly kind: 'removed'; readonly old: number }
  | { readonly kind: 'moved' | 'relabelled'; readonly old: number; readonly now: number; readonly iou: number };

/** More boxes than this are matched in their order: the best matching takes the cube of their number. */
const mostMatched = 200;
/** Overlap from which a box of another label is the same box with a new one. */
const sameThing = 0.5;

/**
 * How the boxes of a row differ. Boxes of one label are matched so that they overlap most (moved, however far), what is left by overlap (relabelled).
 * IoU does not change with the size of the image, so the frame's numbers are enough.
 */
export function boxChanges(old: readonly RowBox[], now: readonly RowBox[], frame: BoxFrame): readonly BoxChange[] {
  const { left: gone, right: come } = withoutEqual(old, now);
  const changes: BoxChange[] = [];
  const pair = (isSame: (a: RowBox, b: RowBox) => boolean, least: number, kind: 'moved' | 'relabelled'): void => {
    for (const { a, b, iou } of bestPairs(gone.map(at => old[at]), come.map(at => now[at]), frame, isSame, least)) {
      const [oldAt, nowAt] = [gone[a], come[b]];
      if (oldAt !== undefined && nowAt !== undefined) changes.push({ kind, old: oldAt, now: nowAt, iou });
    }
    for (const change of changes) {
      if ('old' in change) remove(gone, change.old);
      if ('now' in change) remove(come, change.now);
    }
  };
  pair((a, b) => a.label === b.label, 0, 'moved');
  pair((a, b) => a.label !== b.label, sameThing, 'relabelled');
  changes.push(...gone.map((at): BoxChange => ({ kind: 'removed', old: at })), ...come.map((at): BoxChange => ({ kind: 'added', now: at })));
  return changes;
}

/** Places of the boxes that the other side does not have just so. */
function withoutEqual(old: readonly RowBox[], now: readonly RowBox[]): { readonly left: number[]; readonly right: number[] } {
  const keyOf = ({ label, numbers }: RowBox): string => `${label}\0${numbers.join()}`;
  const waiting = new Map<string, number[]>();
  old.forEach((box, at) => waiting.set(keyOf(box), [...(waiting.get(keyOf(box)) ?? []), at]));
  const right: number[] = [];
  now.forEach((box, at) => {
    if (waiting.get(keyOf(box))?.shift() === undefined) right.push(at);
  });
  return { left: [...waiting.values()].flat().sort((a, b) => a - b), right };
}

interface Match {
  readonly a: number;
  readonly b: number;
  readonly iou: number;
}

function bestPairs(a: readonly (RowBox | undefined)[], b: readonly (RowBox | undefined)[], frame: BoxFrame, isSame: (a: RowBox, b: RowBox) => boolean, least: number): readonly Match[] {
  if (a.length === 0 || b.length === 0) return [];
  const iou = (left: RowBox | undefined, right: RowBox | undefined): number => (left && right && isSame(left, right) ? boxIou(pixels(left, frame), pixels(right, frame)) : -1);
  const pairs = a.length > mostMatched || b.length > mostMatched
    ? inOrder(a, b, isSame)
    // Two boxes that may not be paired cost more than any that may.
    : matchBest(a.map(left => b.map(right => {
        const overlap = iou(left, right);
        return overlap < 0 || overlap < least ? -1e6 : overlap + 1;
      }))).map(({ row, column }) => ({ a: row, b: column }));
  return pairs.map(pair => ({ ...pair, iou: iou(a[pair.a], b[pair.b]) })).filter(match => match.iou >= Math.max(0, least));
}

function inOrder(a: readonly (RowBox | undefined)[], b: readonly (RowBox | undefined)[], isSame: (a: RowBox, b: RowBox) => boolean): readonly { readonly a: number; readonly b: number }[] {
  const taken = new Set<number>();
  return a.flatMap((left, at) => {
    const found = b.findIndex((right, other) => !taken.has(other) && left !== undefined && right !== undefined && isSame(left, right));
    if (found === -1) return [];
    taken.add(found);
    return [{ a: at, b: found }];
  });
}

function pixels({ numbers }: RowBox, frame: BoxFrame): Bbox {
  return toPixels(numbers, frame, { width: 1, height: 1 });
}

function remove(list: number[], value: number): void {
  const at = list.indexOf(value);
  if (at !== -1) list.splice(at, 1);
}

import type { Bbox } from '../dataset/sample';
import type { Point } from './viewTransform';

/**
 * Indices of the boxes under a point, the smallest first, so that a box inside another can be reached.
 * `reach` widens the boxes, in image pixels (screen pixels / scale): thin boxes can be hit too.
 */
export function boxesAt(boxes: readonly Bbox[], point: Point, reach: number): readonly number[] {
  const hits: number[] = [];
  boxes.forEach(([x1, y1, x2, y2], index) => {
    if (point.x >= x1 - reach && point.x <= x2 + reach && point.y >= y1 - reach && point.y <= y2 + reach) hits.push(index);
  });
  const area = (index: number): number => {
    const box = boxes[index];
    return box ? (box[2] - box[0]) * (box[3] - box[1]) : 0;
  };
  return hits.sort((a, b) => area(a) - area(b));
}

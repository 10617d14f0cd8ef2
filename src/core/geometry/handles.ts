import type { Bbox } from '../dataset/sample';
import { boxBetween } from './shapeBox';
import type { Point } from './viewTransform';

export type Handle = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w';
export const handles: readonly Handle[] = ['nw', 'ne', 'se', 'sw', 'n', 'e', 's', 'w']; // corners first: they win where handles overlap

/** Where a handle sits on its box, in the box's own coordinates. */
export function handlePoint([x1, y1, x2, y2]: Bbox, handle: Handle): Point {
  const x = handle.includes('w') ? x1 : handle.includes('e') ? x2 : (x1 + x2) / 2;
  const y = handle.includes('n') ? y1 : handle.includes('s') ? y2 : (y1 + y2) / 2;
  return { x, y };
}

/** The handle within `reach` of the point, if any; `reach` in the box's coordinates (screen pixels / scale). */
export function handleAt(bbox: Bbox, point: Point, reach: number): Handle | undefined {
  return handles.find(handle => {
    const at = handlePoint(bbox, handle);
    return Math.abs(at.x - point.x) <= reach && Math.abs(at.y - point.y) <= reach;
  });
}

/** The box with one handle dragged to `to`; dragging over the opposite side turns the box over. */
export function resizeBox([x1, y1, x2, y2]: Bbox, handle: Handle, to: Point): Bbox {
  const left = handle.includes('w') ? to.x : x1;
  const right = handle.includes('e') ? to.x : x2;
  const top = handle.includes('n') ? to.y : y1;
  const bottom = handle.includes('s') ? to.y : y2;
  return boxBetween({ x: left, y: top }, { x: right, y: bottom });
}

/** CSS cursor of a handle. */
export function handleCursor(handle: Handle): string {
  return `${handle}-resize`;
}

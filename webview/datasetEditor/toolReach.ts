import type { Bbox } from '../../src/core/dataset/sample';
import { type SnapLines, snapLines } from '../../src/core/geometry/snap';
import type { Point } from '../../src/core/geometry/viewTransform';
import type { BoxToolTarget } from './boxTool';

/** Screen pixels: how near a handle, an edge or a line must be, how far a drag must go to be one, and how far boxes are snapped to. */
export const reachPx = 6;
export const smallestPx = 3;
const nearPx = 160;
/** In a crowd every pixel is some box's edge, and snapping would only be in the way. */
const mostNear = 120;

/** Whether a pointer has gone so far from where it was pressed that it is a drag. */
export function isFarFrom(start: Point, scale: number): (point: Point) => boolean {
  return point => Math.hypot(point.x - start.x, point.y - start.y) * scale >= smallestPx;
}

/** What a shape can snap to: the image's edges, and those of boxes around it. */
export function linesNear(target: BoxToolTarget, [x1, y1, x2, y2]: Bbox, scale: number, without: ReadonlySet<number>): SnapLines {
  const far = nearPx / scale;
  const boxes = target.near.within([x1 - far, y1 - far, x2 + far, y2 + far]).flatMap(at => target.boxes[at] ?? []).filter(box => !without.has(box.index));
  return snapLines(target.size, boxes.length > mostNear ? [] : boxes.map(box => box.bbox));
}

import type { Bbox } from '../dataset/sample';
import type { ImageSize } from './boxFrame';
import type { Point } from './viewTransform';

/** Lines that an edge can snap to, image pixels. */
export interface SnapLines {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The lines that something snapped to. */
export interface Guides {
  readonly x?: number;
  readonly y?: number;
}

/** The edges of the image and of boxes. */
export function snapLines(image: ImageSize, boxes: readonly Bbox[]): SnapLines {
  return { x: [0, image.width, ...boxes.flatMap(([x1, , x2]) => [x1, x2])], y: [0, image.height, ...boxes.flatMap(([, y1, , y2]) => [y1, y2])] };
}

/** A point with each coordinate on the nearest line within `reach`. */
export function snapPoint(point: Point, lines: SnapLines, reach: number): { readonly point: Point; readonly guides: Guides } {
  const x = nearest([point.x], lines.x, reach);
  const y = nearest([point.y], lines.y, reach);
  return { point: { x: point.x + (x?.by ?? 0), y: point.y + (y?.by ?? 0) }, guides: guidesOf(x, y) };
}

/** How far a box has to move so that one of its upright and one of its level edges lies on a line within `reach`. */
export function snapShift([x1, y1, x2, y2]: Bbox, lines: SnapLines, reach: number): { readonly dx: number; readonly dy: number; readonly guides: Guides } {
  const x = nearest([x1, x2], lines.x, reach);
  const y = nearest([y1, y2], lines.y, reach);
  return { dx: x?.by ?? 0, dy: y?.by ?? 0, guides: guidesOf(x, y) };
}

interface Found {
  readonly by: number;
  readonly line: number;
}

function nearest(edges: readonly number[], lines: readonly number[], reach: number): Found | undefined {
  let best: Found | undefined;
  for (const line of lines) {
    for (const edge of edges) {
      const by = line - edge;
      if (Math.abs(by) <= reach && (!best || Math.abs(by) < Math.abs(best.by))) best = { by, line };
    }
  }
  return best;
}

function guidesOf(x: Found | undefined, y: Found | undefined): Guides {
  return { ...(x && { x: x.line }), ...(y && { y: y.line }) };
}

import type { Bbox } from '../dataset/sample';
import type { ImageSize } from './boxFrame';
import type { Point } from './viewTransform';

/** The box between two corners, in whatever order they are given. */
export function boxBetween(a: Point, b: Point): Bbox {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)];
}

/** The part of a box that lies inside the image; it may have no area. */
export function clipBox([x1, y1, x2, y2]: Bbox, image: ImageSize): Bbox {
  const x = (value: number): number => Math.min(image.width, Math.max(0, value));
  const y = (value: number): number => Math.min(image.height, Math.max(0, value));
  return [x(x1), y(y1), x(x2), y(y2)];
}

/** Moves a box without changing its size; it stops at the image's edges unless it was outside already. */
export function moveBox([x1, y1, x2, y2]: Bbox, dx: number, dy: number, image: ImageSize): Bbox {
  const shift = (low: number, high: number, by: number, length: number): number => {
    const least = Math.min(0, -low);
    const most = Math.max(0, length - high);
    return Math.min(most, Math.max(least, by));
  };
  const sx = shift(x1, x2, dx, image.width);
  const sy = shift(y1, y2, dy, image.height);
  return [x1 + sx, y1 + sy, x2 + sx, y2 + sy];
}

export function boxSides([x1, y1, x2, y2]: Bbox): ImageSize {
  return { width: x2 - x1, height: y2 - y1 };
}

/** Whether a box has no area, or its corners are swapped. */
export function isDegenerate([x1, y1, x2, y2]: Bbox): boolean {
  return !(x2 > x1 && y2 > y1);
}

/** Rounds the corners to whole pixels. */
export function roundBox([x1, y1, x2, y2]: Bbox): Bbox {
  return [Math.round(x1), Math.round(y1), Math.round(x2), Math.round(y2)];
}

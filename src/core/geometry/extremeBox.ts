import type { Bbox } from '../dataset/sample';
import type { Point } from './viewTransform';

/** The box around points: four clicks at the outermost points of a thing, in any order, are its box. */
export function boxAround(points: readonly Point[]): Bbox {
  const x = points.map(point => point.x);
  const y = points.map(point => point.y);
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

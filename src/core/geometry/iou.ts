import type { Bbox } from '../dataset/sample';

/** Area of a box; 0 for one that is turned inside out. */
export function boxArea([x1, y1, x2, y2]: Bbox): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

/** Intersection over union, in [0, 1]. */
export function boxIou(a: Bbox, b: Bbox): number {
  const both = intersection(a, b);
  const union = boxArea(a) + boxArea(b) - both;
  return union > 0 ? both / union : 0;
}

/** Generalised IoU, in [-1, 1]: below zero the further two boxes lie apart (Rezatofighi et al., 2019). */
export function boxGiou(a: Bbox, b: Bbox): number {
  const both = intersection(a, b);
  const union = boxArea(a) + boxArea(b) - both;
  const hull = boxArea([Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  if (hull <= 0) return 0;
  return (union > 0 ? both / union : 0) - (hull - union) / hull;
}

function intersection(a: Bbox, b: Bbox): number {
  return Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
}

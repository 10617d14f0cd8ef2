import type { Bbox } from '../dataset/sample';
import type { ImageSize } from './boxFrame';
import { moveBox } from './shapeBox';

/** How far a copy is moved where the original already is, image pixels. */
const apart = 8;

/** Where a copied box goes in an image: its own place, moved inside where it would hang out, and cut only where it is larger than the image. */
export function fitInside([x1, y1, x2, y2]: Bbox, image: ImageSize): Bbox {
  const width = Math.min(x2 - x1, image.width);
  const height = Math.min(y2 - y1, image.height);
  const x = Math.min(Math.max(0, x1), image.width - width);
  const y = Math.min(Math.max(0, y1), image.height - height);
  return [x, y, x + width, y + height];
}

/** Boxes put into an image; where all of them would cover boxes that are there, they are moved together, so that the copies can be seen. */
export function pasteBoxes(copied: readonly Bbox[], image: ImageSize, present: readonly Bbox[]): readonly Bbox[] {
  const placed = copied.map(bbox => fitInside(bbox, image));
  const taken = new Set(present.map(String));
  if (placed.length === 0 || !placed.every(bbox => taken.has(String(bbox)))) return placed;
  const moved = placed.map(bbox => moveBox(bbox, apart, apart, image));
  return moved.every((bbox, at) => String(bbox) === String(placed[at])) ? placed.map(bbox => moveBox(bbox, -apart, -apart, image)) : moved;
}

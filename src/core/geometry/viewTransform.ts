import type { Bbox } from '../dataset/sample';
import type { ImageSize } from './boxFrame';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where an image is on the screen: `screen = image * scale + offset`, in CSS pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const largestScale = 64;

export function toScreen(view: View, point: Point): Point {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

export function toImage(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

export function boxOnScreen(view: View, [x1, y1, x2, y2]: Bbox): Rect {
  return { x: x1 * view.scale + view.x, y: y1 * view.scale + view.y, width: (x2 - x1) * view.scale, height: (y2 - y1) * view.scale };
}

/** The view that shows `bbox` whole and centred, `margin` screen pixels around it, not larger than `limit` times. */
export function viewOfBox([x1, y1, x2, y2]: Bbox, viewport: ImageSize, margin: number, limit = largestScale): View {
  const width = Math.max(1, x2 - x1);
  const height = Math.max(1, y2 - y1);
  const room = { width: Math.max(1, viewport.width - 2 * margin), height: Math.max(1, viewport.height - 2 * margin) };
  const scale = Math.min(limit, room.width / width, room.height / height);
  return { scale, x: viewport.width / 2 - (x1 + width / 2) * scale, y: viewport.height / 2 - (y1 + height / 2) * scale };
}

/** The whole image; small images are enlarged, at most 16 times. */
export function fitView(image: ImageSize, viewport: ImageSize, margin = 16): View {
  return viewOfBox([0, 0, image.width, image.height], viewport, margin, 16);
}

/** Zooms so that the image point under `at` (screen) stays there. */
export function zoomAt(view: View, factor: number, at: Point, image: ImageSize): View {
  const smallest = Math.min(1, 32 / Math.max(image.width, image.height));
  const scale = Math.min(largestScale, Math.max(smallest, view.scale * factor));
  const point = toImage(view, at);
  return { scale, x: at.x - point.x * scale, y: at.y - point.y * scale };
}

/** Moves the view; some of the image always stays in the viewport, so that it cannot be lost. */
export function panBy(view: View, dx: number, dy: number, image: ImageSize, viewport: ImageSize): View {
  const keep = 48;
  const bound = (offset: number, length: number, room: number): number => Math.min(room - keep, Math.max(keep - length, offset));
  return {
    scale: view.scale,
    x: bound(view.x + dx, image.width * view.scale, viewport.width),
    y: bound(view.y + dy, image.height * view.scale, viewport.height),
  };
}

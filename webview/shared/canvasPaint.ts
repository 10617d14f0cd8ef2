import type { ImageSize } from '../../src/core/geometry/boxFrame';
import { handlePoint, handles } from '../../src/core/geometry/handles';
import { boxOnScreen, type Point, type Rect, toScreen, type View } from '../../src/core/geometry/viewTransform';
import type { Bbox } from '../../src/core/dataset/sample';
import type { BoxLook, CanvasColors } from './canvasColors';

/** A box to draw over an image; `bbox` in pixels of the original image. */
export interface CanvasBox {
  readonly bbox: Bbox;
  readonly label: string;
  readonly look: BoxLook;
  /** Predictions and proposals are dashed, labels are solid. */
  readonly isDashed?: boolean;
  /** Selected boxes are drawn last, with a fuller line, and with handles where `hasHandles`. */
  readonly isSelected?: boolean;
  readonly hasHandles?: boolean;
  readonly isHovered?: boolean;
}

export interface Scene {
  readonly image: CanvasImageSource | undefined;
  readonly size: ImageSize;
  readonly view: View;
  readonly viewport: ImageSize;
  readonly boxes: readonly CanvasBox[];
  readonly colors: CanvasColors;
  /** Where lines across the whole picture meet, in image pixels: what a new box's corner would line up with. */
  readonly crosshair?: Point | undefined;
}

const handleSide = 8;

/** Paints one frame, in CSS pixels; the caller has scaled the context for the screen's density. */
export function paintScene(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, viewport, size, image, boxes } = scene;
  context.clearRect(0, 0, viewport.width, viewport.height);
  if (image) {
    context.imageSmoothingEnabled = view.scale < 3; // enlarged pixels stay pixels: an edge is placed on one of them
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, view.x, view.y, size.width * view.scale, size.height * view.scale);
  }
  const order = [...boxes].sort((a, b) => rank(a) - rank(b));
  const labels: (() => void)[] = [];
  for (const box of order) {
    const rect = boxOnScreen(view, box.bbox);
    if (isOutside(rect, viewport)) continue;
    paintBox(context, scene, box, rect);
    // A label that is larger than its box hides what is labelled: only shown where there is room, or where asked for.
    if (box.label && (box.isSelected || box.isHovered || rect.width > 24)) labels.push(() => paintLabel(context, scene, box, rect));
  }
  for (const paint of labels) paint();
  for (const box of order) if (box.hasHandles) paintHandles(context, scene, box);
  if (scene.crosshair) paintCrosshair(context, scene, scene.crosshair);
}

function paintCrosshair(context: CanvasRenderingContext2D, { view, viewport, size }: Scene, point: Point): void {
  const at = toScreen(view, { x: Math.max(0, Math.min(size.width, Math.round(point.x))), y: Math.max(0, Math.min(size.height, Math.round(point.y))) });
  for (const [color, dash] of [['rgba(0, 0, 0, 0.6)', []], ['rgba(255, 255, 255, 0.8)', [4, 4]]] as const) {
    context.setLineDash([...dash]);
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, Math.round(at.y) + 0.5);
    context.lineTo(viewport.width, Math.round(at.y) + 0.5);
    context.moveTo(Math.round(at.x) + 0.5, 0);
    context.lineTo(Math.round(at.x) + 0.5, viewport.height);
    context.stroke();
  }
  context.setLineDash([]);
}

function rank(box: CanvasBox): number {
  return box.isSelected ? 2 : box.isHovered ? 1 : 0;
}

function isOutside(rect: Rect, viewport: ImageSize): boolean {
  return rect.x + rect.width < -20 || rect.y + rect.height < -20 || rect.x > viewport.width + 20 || rect.y > viewport.height + 20;
}

function paintBox(context: CanvasRenderingContext2D, { colors }: Scene, box: CanvasBox, rect: Rect): void {
  const x = Math.round(rect.x) + 0.5;
  const y = Math.round(rect.y) + 0.5;
  const width = Math.max(1, Math.round(rect.width) - 1);
  const height = Math.max(1, Math.round(rect.height) - 1);
  const line = box.isSelected ? 2 : 1.5;
  context.setLineDash([]);
  context.strokeStyle = 'rgba(0, 0, 0, 0.55)'; // a dark rim, so that the line is seen on any picture
  context.lineWidth = line + 2;
  context.strokeRect(x, y, width, height);
  context.setLineDash(box.isDashed ? [6, 4] : []);
  context.strokeStyle = colors.box[box.look];
  context.lineWidth = line;
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
  if (box.isSelected || box.isHovered) {
    context.globalAlpha = box.isSelected ? 0.12 : 0.08;
    context.fillStyle = colors.box[box.look];
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }
}

function paintLabel(context: CanvasRenderingContext2D, { colors, viewport }: Scene, box: CanvasBox, rect: Rect): void {
  context.font = colors.font.replace(/^[\d.]+px/, '11px');
  context.textBaseline = 'middle';
  const width = context.measureText(box.label).width + 8;
  const height = 16;
  const above = rect.y - height;
  const x = Math.min(Math.max(0, rect.x), Math.max(0, viewport.width - width));
  const y = above >= 0 ? above : Math.max(0, rect.y);
  context.fillStyle = colors.box[box.look];
  context.fillRect(Math.round(x), Math.round(y), Math.ceil(width), height);
  context.fillStyle = textOn(colors.box[box.look]);
  context.fillText(box.label, Math.round(x) + 4, Math.round(y) + height / 2 + 0.5);
}

function paintHandles(context: CanvasRenderingContext2D, { view, colors }: Scene, box: CanvasBox): void {
  const rect = boxOnScreen(view, box.bbox);
  // On a small box the eight would cover it; the corners are enough there.
  const shown = Math.min(rect.width, rect.height) < 3 * handleSide ? handles.slice(0, 4) : handles;
  for (const handle of shown) {
    const at = toScreen(view, handlePoint(box.bbox, handle));
    const left = Math.round(at.x) - handleSide / 2;
    const top = Math.round(at.y) - handleSide / 2;
    context.fillStyle = '#ffffff';
    context.fillRect(left, top, handleSide, handleSide);
    context.lineWidth = 1.5;
    context.strokeStyle = colors.focus;
    context.strokeRect(left + 0.5, top + 0.5, handleSide - 1, handleSide - 1);
  }
}

/** Black or white, whichever is read better on a `#rrggbb` or `rgb()` colour. */
export function textOn(color: string): '#000000' | '#ffffff' {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(color);
  const parts = hex ? hex.slice(1, 4).map(part => parseInt(part, 16)) : (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const [red = 128, green = 128, blue = 128] = parts;
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? '#000000' : '#ffffff';
}

import type { ImageSize } from '../../src/core/geometry/boxFrame';
import { handlePoint, handles } from '../../src/core/geometry/handles';
import { boxOnScreen, type Rect, toScreen, type View } from '../../src/core/geometry/viewTransform';
import type { Bbox } from '../../src/core/dataset/sample';
import { type BoxLook, type CanvasColors, textOn } from './canvasColors';
import { type CanvasHints, paintHints, paintPixelGrid } from './canvasHints';
import { paintCrowd } from './crowdPaint';

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
  /** The label stands under the box, where that of another box on the same place stands above. */
  readonly isLabelBelow?: boolean;
}

export interface Scene {
  readonly image: CanvasImageSource | undefined;
  readonly size: ImageSize;
  readonly view: View;
  readonly viewport: ImageSize;
  readonly boxes: readonly CanvasBox[];
  readonly colors: CanvasColors;
  readonly over?: OverBoxes | undefined;
  readonly hints?: CanvasHints | undefined;
}

/** Boxes that are drawn over the others, some of them in place of one of `boxes`; what changes with every movement is here, so that a list of thousands need not. */
export interface OverBoxes {
  /** Places in `boxes`. */
  readonly replaces: ReadonlySet<number>;
  readonly boxes: readonly CanvasBox[];
}

const handleSide = 8;
const mostLabels = 300;
const mostLines = 1500;
const rimWidth = 2;

/** Paints one frame, in CSS pixels; the caller has scaled the context for the screen's density. */
export function paintScene(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, viewport, size, image, boxes, over } = scene;
  context.clearRect(0, 0, viewport.width, viewport.height);
  if (image) {
    context.imageSmoothingEnabled = view.scale < 3; // enlarged pixels stay pixels: an edge is placed on one of them
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, view.x, view.y, size.width * view.scale, size.height * view.scale);
  }
  paintPixelGrid(context, scene);
  const isReplaced = (at: number): boolean => over?.replaces.has(at) ?? false;
  const isCrowd = boxes.length > mostLines && isCrowded(scene);
  if (isCrowd) paintCrowd(context, scene, boxes, at => isReplaced(at) || rank(boxes[at]) > 0);
  const placed: PlacedBox[] = [];
  const place = (box: CanvasBox): void => {
    const rect = boxOnScreen(view, box.bbox);
    if (!isOutside(rect, viewport)) placed.push({ box, rect });
  };
  boxes.forEach((box, at) => isReplaced(at) || (isCrowd && rank(box) === 0) || place(box));
  over?.boxes.forEach(place);
  const [plain, marked] = [placed.filter(({ box }) => rank(box) === 0), placed.filter(({ box }) => rank(box) > 0).sort((a, b) => rank(a.box) - rank(b.box))];
  paintPlain(context, scene, plain);
  if (marked.length > mostLines) paintCrowd(context, scene, marked.map(({ box }) => box), () => false, 2);
  else for (const each of marked) paintMarked(context, scene, each);
  // A label that is larger than its box hides what is labelled, and hundreds hide everything: only where there is room, or where asked for.
  for (const { box, rect } of plain.length <= mostLabels ? plain : []) if (rect.width > 24) paintLabel(context, scene, box, rect);
  for (const { box, rect } of marked.length <= mostLabels ? marked : marked.slice(-1)) paintLabel(context, scene, box, rect);
  for (const { box } of marked) if (box.hasHandles) paintHandles(context, scene, box);
  paintHints(context, scene);
}

/** Whether so many boxes are in view that single lines would take longer than a frame. */
function isCrowded({ boxes, view, viewport }: Scene): boolean {
  let inView = 0;
  for (const { bbox } of boxes) if (!isOutside(boxOnScreen(view, bbox), viewport) && ++inView > mostLines) return true;
  return false;
}

function rank(box: CanvasBox | undefined): number {
  return box?.isSelected ? 2 : box?.isHovered ? 1 : 0;
}

function isOutside(rect: Rect, viewport: ImageSize): boolean {
  return rect.x + rect.width < -20 || rect.y + rect.height < -20 || rect.x > viewport.width + 20 || rect.y > viewport.height + 20;
}

interface PlacedBox {
  readonly box: CanvasBox;
  readonly rect: Rect;
}

/** Boxes of one look are drawn in one go, the rims before the lines. */
function paintPlain(context: CanvasRenderingContext2D, { colors }: Scene, placed: readonly PlacedBox[]): void {
  const width = 1.5 * colors.lineWidth;
  const looks = [...new Set(placed.map(({ box }) => box.look))].map(look => ({ look, boxes: placed.filter(({ box }) => box.look === look) }));
  for (const { look, boxes } of looks) strokeAll(context, boxes, colors.rim[look], width + rimWidth * colors.lineWidth, false);
  for (const { look, boxes } of looks) {
    for (const isDashed of [false, true]) {
      strokeAll(context, boxes.filter(({ box }) => (box.isDashed ?? false) === isDashed), colors.box[look], width, isDashed);
    }
  }
}

function paintMarked(context: CanvasRenderingContext2D, { colors }: Scene, placed: PlacedBox): void {
  const { box, rect } = placed;
  const width = (box.isSelected ? 2 : 1.5) * colors.lineWidth;
  strokeAll(context, [placed], colors.rim[box.look], width + rimWidth * colors.lineWidth, false);
  strokeAll(context, [placed], colors.box[box.look], width, box.isDashed ?? false);
  context.globalAlpha = box.isSelected ? 0.12 : 0.08;
  context.fillStyle = colors.box[box.look];
  context.fillRect(...onPixels(rect));
  context.globalAlpha = 1;
}

/** One rectangle at a time: measured four times faster than one path of them all. */
function strokeAll(context: CanvasRenderingContext2D, placed: readonly PlacedBox[], color: string, width: number, isDashed: boolean): void {
  context.setLineDash(isDashed ? [6, 4] : []);
  context.strokeStyle = color;
  context.lineWidth = width;
  for (const { rect } of placed) context.strokeRect(...onPixels(rect));
  context.setLineDash([]);
}

/** On the middle of pixels, where lines are sharp. */
function onPixels({ x, y, width, height }: Rect): [number, number, number, number] {
  return [Math.round(x) + 0.5, Math.round(y) + 0.5, Math.max(1, Math.round(width) - 1), Math.max(1, Math.round(height) - 1)];
}

function paintLabel(context: CanvasRenderingContext2D, { colors, viewport }: Scene, box: CanvasBox, rect: Rect): void {
  if (!box.label) return;
  context.font = colors.font.replace(/^[\d.]+px/, '11px');
  context.textBaseline = 'middle';
  const width = context.measureText(box.label).width + 8;
  const height = 16;
  const above = rect.y - height;
  const x = Math.min(Math.max(0, rect.x), Math.max(0, viewport.width - width));
  const below = Math.min(rect.y + rect.height, viewport.height - height);
  const y = box.isLabelBelow ? below : above >= 0 ? above : Math.max(0, rect.y);
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

import type { Bbox } from '../../src/core/dataset/sample';
import type { Guides } from '../../src/core/geometry/snap';
import { boxOnScreen, type Point, type Rect, toImage, toScreen } from '../../src/core/geometry/viewTransform';
import type { Scene } from './canvasPaint';

/** What helps a hand to place something; image pixels. */
export interface CanvasHints {
  /** Where lines across the whole picture meet: what a new box's corner would line up with. */
  readonly crosshair?: Point | undefined;
  /** Lines that something snapped to. */
  readonly guides?: Guides | undefined;
  /** Points clicked so far. */
  readonly points?: readonly Point[] | undefined;
  /** A region that is being selected. */
  readonly band?: Bbox | undefined;
  /** Whether a small picture shows which part of the image is in view, where not all of it is. */
  readonly hasMap?: boolean;
}

/** From this scale on the pixels of the image are told apart. */
const gridScale = 10;
const mapSide = 128;
const mapMargin = 12;

export function paintHints(context: CanvasRenderingContext2D, scene: Scene): void {
  const { crosshair, guides, points, band } = scene.hints ?? {};
  const { view, viewport, size, colors } = scene;
  if (crosshair) {
    const at = toScreen(view, { x: Math.max(0, Math.min(size.width, Math.round(crosshair.x))), y: Math.max(0, Math.min(size.height, Math.round(crosshair.y))) });
    for (const [color, dash] of [['rgba(0, 0, 0, 0.6)', []], ['rgba(255, 255, 255, 0.8)', [4, 4]]] as const) lines(context, viewport, at.x, at.y, color, dash);
  }
  if (guides) lines(context, viewport, guides.x === undefined ? undefined : guides.x * view.scale + view.x, guides.y === undefined ? undefined : guides.y * view.scale + view.y, colors.focus, []);
  for (const point of points ?? []) {
    const { x, y } = toScreen(view, point);
    context.fillStyle = colors.focus;
    context.strokeStyle = '#ffffff';
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  if (band) {
    const { x, y, width, height } = boxOnScreen(view, band);
    context.strokeStyle = colors.focus;
    context.lineWidth = 1;
    context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), Math.round(height));
    context.globalAlpha = 0.1;
    context.fillStyle = colors.focus;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
  }
  paintMap(context, scene);
}

/** An upright and a level line through the whole viewport. */
function lines(context: CanvasRenderingContext2D, viewport: Scene['viewport'], x: number | undefined, y: number | undefined, color: string, dash: readonly number[]): void {
  context.setLineDash([...dash]);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  if (y !== undefined) {
    context.moveTo(0, Math.round(y) + 0.5);
    context.lineTo(viewport.width, Math.round(y) + 0.5);
  }
  if (x !== undefined) {
    context.moveTo(Math.round(x) + 0.5, 0);
    context.lineTo(Math.round(x) + 0.5, viewport.height);
  }
  context.stroke();
  context.setLineDash([]);
}

/** Lines between the pixels of the image, where they are large enough to be aimed at. */
export function paintPixelGrid(context: CanvasRenderingContext2D, { view, viewport, size, image }: Scene): void {
  if (view.scale < gridScale || !image) return;
  const from = toImage(view, { x: 0, y: 0 });
  const to = toImage(view, { x: viewport.width, y: viewport.height });
  const [left, right] = [Math.max(0, Math.floor(from.x)), Math.min(size.width, Math.ceil(to.x))];
  const [top, bottom] = [Math.max(0, Math.floor(from.y)), Math.min(size.height, Math.ceil(to.y))];
  const start = toScreen(view, { x: left, y: top });
  const end = toScreen(view, { x: right, y: bottom });
  for (const [color, offset] of [['rgba(0, 0, 0, 0.25)', 0.5], ['rgba(255, 255, 255, 0.2)', 1.5]] as const) {
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = left; x <= right; x++) {
      const at = Math.round(x * view.scale + view.x) + offset;
      context.moveTo(at, start.y);
      context.lineTo(at, end.y);
    }
    for (let y = top; y <= bottom; y++) {
      const at = Math.round(y * view.scale + view.y) + offset;
      context.moveTo(start.x, at);
      context.lineTo(end.x, at);
    }
    context.stroke();
  }
}

/** Where the map lies on the screen; nothing where the whole image is in view. */
export function mapRect({ view, viewport, size }: Pick<Scene, 'view' | 'viewport' | 'size'>): Rect | undefined {
  const whole = boxOnScreen(view, [0, 0, size.width, size.height]);
  const isWhole = whole.x >= -1 && whole.y >= -1 && whole.x + whole.width <= viewport.width + 1 && whole.y + whole.height <= viewport.height + 1;
  if (isWhole || viewport.width < 4 * mapSide || viewport.height < 2.5 * mapSide) return undefined;
  const scale = mapSide / Math.max(size.width, size.height);
  const [width, height] = [Math.max(8, size.width * scale), Math.max(8, size.height * scale)];
  return { x: viewport.width - width - mapMargin, y: viewport.height - height - mapMargin, width, height };
}

/** Small copies of images: shrinking a photograph for every frame would take longer than the frame. */
const small = new WeakMap<object, OffscreenCanvas>();

function paintMap(context: CanvasRenderingContext2D, scene: Scene): void {
  const { image, view, viewport, size, colors } = scene;
  const rect = scene.hints?.hasMap ? mapRect(scene) : undefined;
  if (!rect || !image) return;
  context.fillStyle = colors.background;
  context.fillRect(rect.x - 2, rect.y - 2, rect.width + 4, rect.height + 4);
  context.drawImage(smallCopy(image, rect), rect.x, rect.y, rect.width, rect.height);
  context.lineWidth = 1;
  context.strokeStyle = colors.foreground;
  context.strokeRect(Math.round(rect.x) - 1.5, Math.round(rect.y) - 1.5, Math.round(rect.width) + 3, Math.round(rect.height) + 3);
  const scale = rect.width / size.width;
  const from = toImage(view, { x: 0, y: 0 });
  const to = toImage(view, { x: viewport.width, y: viewport.height });
  const [x1, y1, x2, y2] = [Math.max(0, from.x), Math.max(0, from.y), Math.min(size.width, to.x), Math.min(size.height, to.y)];
  context.lineWidth = 2;
  context.strokeStyle = colors.focus;
  context.strokeRect(rect.x + x1 * scale, rect.y + y1 * scale, Math.max(2, (x2 - x1) * scale), Math.max(2, (y2 - y1) * scale));
}

function smallCopy(image: CanvasImageSource, { width, height }: Rect): CanvasImageSource {
  const known = small.get(image);
  if (known) return known;
  const copy = new OffscreenCanvas(Math.ceil(width * 2), Math.ceil(height * 2));
  const context = copy.getContext('2d');
  if (!context) return image;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, copy.width, copy.height);
  small.set(image, copy);
  return copy;
}

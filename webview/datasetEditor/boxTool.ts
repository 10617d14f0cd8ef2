import type { Bbox } from '../../src/core/dataset/sample';
import type { ImageSize } from '../../src/core/geometry/boxFrame';
import { type BoxIndex, nextInStack } from '../../src/core/geometry/boxIndex';
import { boxAround } from '../../src/core/geometry/extremeBox';
import { type Handle, handleAt, handleCursor, resizeBox } from '../../src/core/geometry/handles';
import { boxBetween, clipBox, moveBox } from '../../src/core/geometry/shapeBox';
import { type Guides, snapPoint, snapShift } from '../../src/core/geometry/snap';
import type { Point } from '../../src/core/geometry/viewTransform';
import type { CanvasTool, Drag, GestureKeys } from '../shared/canvasTool';
import { type DrawMode, drawTool } from './drawTool';
import { isFarFrom, linesNear, reachPx } from './toolReach';

/** A box as the tool sees it; `index` names it in the row. */
export interface ToolBox {
  readonly index: number;
  readonly bbox: Bbox;
}

/** What a gesture would do if it ended now. */
export interface Preview {
  /** Boxes of the row by their index, in their new shape. */
  readonly changed?: ReadonlyMap<number, Bbox>;
  readonly drawn?: Bbox;
  /** The region whose boxes would be selected. */
  readonly band?: Bbox;
  /** Clicked so far. */
  readonly points?: readonly Point[];
  readonly guides?: Guides;
}

/** What the tool works on. Previews change nothing but the picture; `commit…` is called once, when the gesture ends well. */
export interface BoxToolTarget {
  readonly size: ImageSize;
  readonly boxes: readonly ToolBox[];
  /** Finds places in `boxes`. */
  readonly near: BoxIndex;
  /** Indexes of the selected boxes; the last one was selected last. */
  readonly selection: readonly number[];
  readonly isDrawing: boolean;
  readonly drawMode: DrawMode;
  select(indexes: readonly number[]): void;
  hover(index: number | undefined, point: Point | undefined): void;
  preview(preview: Preview | undefined): void;
  commitBoxes(boxes: ReadonlyMap<number, Bbox>): void;
  commitDrawn(bbox: Bbox): void;
  rename(index: number): void;
  /** Tells something that a person may not expect. */
  note(text: string): void;
}

export const cutNote = 'Cut at the edge of the image';

/** Drawing, selecting, moving and resizing with the pointer. A gesture that is cancelled, or too small to be meant, leaves no trace. */
export function boxTool(target: BoxToolTarget): CanvasTool {
  const drawing = drawTool(target);
  let beforeCycle: number | undefined;
  const stack = (point: Point, scale: number): readonly number[] => target.near.at(point, reachPx / scale).flatMap(at => target.boxes[at]?.index ?? []);
  const chosen = (): readonly ToolBox[] => target.boxes.filter(box => target.selection.includes(box.index));
  const handleUnder = (point: Point, scale: number): Handle | undefined => {
    const [box, second] = target.selection.length === 1 ? chosen() : [];
    return box && !second ? handleAt(box.bbox, point, reachPx / scale) : undefined;
  };
  /** A selected box keeps the pointer where it is, so that a smaller one under it does not slip away during work. */
  const movable = (point: Point, scale: number): number | undefined => {
    const hits = stack(point, scale);
    return hits.find(index => target.selection.includes(index)) ?? hits[0];
  };
  const cycle = (point: Point, scale: number): void => {
    beforeCycle = target.selection.at(-1);
    const next = nextInStack(stack(point, scale), beforeCycle);
    if (next !== undefined && next !== beforeCycle) target.select([next]);
  };
  const click = (point: Point, scale: number): void => {
    const hits = stack(point, scale);
    const last = target.selection.at(-1);
    if (last !== undefined && hits.includes(last)) cycle(point, scale);
    else target.select(hits.slice(0, 1));
  };

  return {
    cursor(point, scale) {
      const handle = handleUnder(point, scale);
      if (handle) return handleCursor(handle);
      if (target.isDrawing) return 'crosshair';
      return movable(point, scale) === undefined ? 'grab' : 'move';
    },
    hover(point, scale, keys) {
      if (target.isDrawing && point) drawing.hover(point, scale, keys);
      target.hover(point && !target.isDrawing ? movable(point, scale) : undefined, point);
    },
    cancel: () => drawing.cancel(),
    doubleClick(point, scale) {
      if (target.isDrawing && target.drawMode !== 'drag') return;
      const hits = stack(point, scale);
      const index = beforeCycle !== undefined && hits.includes(beforeCycle) ? beforeCycle : hits[0];
      beforeCycle = undefined;
      if (index !== undefined) target.rename(index);
    },
    down(start, scale, keys) {
      const handle = handleUnder(start, scale);
      const [box] = chosen();
      if (handle && box) return resize(target, box, handle, start, scale);
      if (keys.isShift) return band(target, start, scale, () => toggle(target, stack(start, scale)[0]));
      if (target.isDrawing) return drawing.down(start, scale, keys, () => click(start, scale));
      const index = movable(start, scale);
      if (index === undefined) {
        if (target.selection.length > 0) target.select([]);
        return undefined; // dragging on nothing pans
      }
      const wasSelected = target.selection.includes(index);
      beforeCycle = undefined;
      if (!wasSelected) target.select([index]);
      return move(target, start, scale, () => {
        if (!wasSelected) return;
        if (target.selection.length > 1) target.select([index]);
        else cycle(start, scale);
      });
    },
  };
}

function toggle(target: BoxToolTarget, index: number | undefined): void {
  if (index === undefined) return;
  target.select(target.selection.includes(index) ? target.selection.filter(each => each !== index) : [...target.selection, index]);
}

/** Moves every selected box by the same way; together they stay inside the image. */
function move(target: BoxToolTarget, start: Point, scale: number, click: () => void): Drag {
  const moving = new Set(target.selection);
  const boxes = target.boxes.filter(box => moving.has(box.index));
  const around = boxAround(boxes.flatMap(({ bbox: [x1, y1, x2, y2] }) => [{ x: x1, y: y1 }, { x: x2, y: y2 }]));
  return shape(target, start, scale, click, (point, keys) => {
    const [dx, dy] = [point.x - start.x, point.y - start.y];
    const wanted: Bbox = [around[0] + dx, around[1] + dy, around[2] + dx, around[3] + dy];
    const snap = keys.isFree ? undefined : snapShift(wanted, linesNear(target, wanted, scale, moving), reachPx / scale);
    const moved = moveBox(around, dx + (snap?.dx ?? 0), dy + (snap?.dy ?? 0), target.size);
    const [byX, byY] = [moved[0] - around[0], moved[1] - around[1]];
    const changed = new Map(boxes.map(({ index, bbox: [x1, y1, x2, y2] }) => [index, [x1 + byX, y1 + byY, x2 + byX, y2 + byY] as Bbox]));
    return { preview: { changed, ...(snap && { guides: snap.guides }) }, isCut: false };
  });
}

function resize(target: BoxToolTarget, { index, bbox }: ToolBox, handle: Handle, start: Point, scale: number): Drag {
  return shape(target, start, scale, () => {}, (at, keys) => {
    const snap = keys.isFree ? undefined : snapPoint(at, linesNear(target, resizeBox(bbox, handle, at), scale, new Set([index])), reachPx / scale);
    const resized = resizeBox(bbox, handle, snap?.point ?? at);
    const cut = clipBox(resized, target.size);
    const guides: Guides = { ...(/[ew]/.test(handle) && snap?.guides.x !== undefined && { x: snap.guides.x }), ...(/[ns]/.test(handle) && snap?.guides.y !== undefined && { y: snap.guides.y }) };
    return { preview: { changed: new Map([[index, cut]]), guides }, isCut: String(cut) !== String(resized) };
  });
}

function shape(
  target: BoxToolTarget, start: Point, scale: number, click: () => void, at: (point: Point, keys: GestureKeys) => { readonly preview: Preview; readonly isCut: boolean },
): Drag {
  const isFar = isFarFrom(start, scale);
  let last: ReturnType<typeof at> | undefined;
  const end = (): void => target.preview(undefined);
  return {
    move(point, keys) {
      if (!last && !isFar(point)) return;
      last = at(point, keys);
      target.preview(last.preview);
    },
    up() {
      end();
      if (!last?.preview.changed) return click();
      if (last.isCut) target.note(cutNote);
      target.commitBoxes(last.preview.changed);
    },
    cancel: end,
  };
}

/** Selects, besides what is selected, every box that lies in a region. */
function band(target: BoxToolTarget, start: Point, scale: number, click: () => void): Drag {
  const isFar = isFarFrom(start, scale);
  let region: Bbox | undefined;
  const end = (): void => target.preview(undefined);
  return {
    move(point) {
      if (!region && !isFar(point)) return;
      region = boxBetween(start, point);
      target.preview({ band: region });
    },
    up() {
      end();
      if (!region) return click();
      const [x1, y1, x2, y2] = region;
      const inside = target.near.within(region).flatMap(at => target.boxes[at] ?? []).filter(({ bbox }) => bbox[0] >= x1 && bbox[1] >= y1 && bbox[2] <= x2 && bbox[3] <= y2);
      target.select([...new Set([...target.selection, ...inside.map(box => box.index)])]);
    },
    cancel: end,
  };
}

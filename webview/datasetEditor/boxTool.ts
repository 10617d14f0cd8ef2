import type { Bbox } from '../../src/core/dataset/sample';
import type { ImageSize } from '../../src/core/geometry/boxFrame';
import { handleAt, handleCursor, resizeBox } from '../../src/core/geometry/handles';
import { boxesAt } from '../../src/core/geometry/hitTest';
import { boxBetween, boxSides, clipBox, moveBox } from '../../src/core/geometry/shapeBox';
import type { Point } from '../../src/core/geometry/viewTransform';
import type { CanvasTool, Drag } from '../shared/canvasViewport';

/** Screen pixels: how near a handle or an edge must be, and how far a drag must go to be one. */
const reachPx = 6;
const smallestPx = 3;

/** A box as the tool sees it; `index` names it in the row. */
export interface ToolBox {
  readonly index: number;
  readonly bbox: Bbox;
}

/** What the tool works on. Previews change nothing but the picture; `commit…` is called once, when the gesture ends well. */
export interface BoxToolTarget {
  readonly size: ImageSize;
  readonly boxes: readonly ToolBox[];
  readonly selected: number | undefined;
  readonly isDrawing: boolean;
  select(index: number | undefined): void;
  hover(index: number | undefined, point: Point | undefined): void;
  preview(bbox: Bbox | undefined, index: number | undefined): void;
  commitBox(index: number, bbox: Bbox): void;
  commitDrawn(bbox: Bbox): void;
  rename(index: number): void;
}

/** Drawing, selecting, moving and resizing with the pointer. A gesture that is cancelled, or too small to be meant, leaves no trace. */
export function boxTool(target: BoxToolTarget): CanvasTool {
  const under = (point: Point, scale: number): number | undefined => {
    const hit = boxesAt(target.boxes.map(box => box.bbox), point, reachPx / scale)[0];
    return hit === undefined ? undefined : target.boxes[hit]?.index;
  };
  const bboxOf = (index: number | undefined): Bbox | undefined => target.boxes.find(box => box.index === index)?.bbox;
  const handleUnder = (point: Point, scale: number): ReturnType<typeof handleAt> => {
    const bbox = bboxOf(target.selected);
    return bbox && handleAt(bbox, point, reachPx / scale);
  };
  /** The selected box keeps the pointer where it is, so that a smaller one under it does not slip away during work. */
  const movable = (point: Point, scale: number): number | undefined => {
    const hit = under(point, scale);
    const bbox = bboxOf(target.selected);
    const isOnSelected = bbox && boxesAt([bbox], point, reachPx / scale).length > 0;
    return isOnSelected && hit !== undefined ? target.selected : hit;
  };

  const change = (index: number, shape: (point: Point) => Bbox, isFar: (point: Point) => boolean): Drag => {
    let last: Bbox | undefined;
    const end = (): void => target.preview(undefined, undefined);
    return {
      move(point) {
        if (!last && !isFar(point)) return;
        last = shape(point);
        target.preview(last, index);
      },
      up() {
        end();
        if (last) target.commitBox(index, last);
      },
      cancel: end,
    };
  };

  return {
    cursor(point, scale) {
      const handle = handleUnder(point, scale);
      if (handle) return handleCursor(handle);
      if (target.isDrawing) return 'crosshair';
      return movable(point, scale) === undefined ? 'grab' : 'move';
    },
    hover: (point, scale) => target.hover(point && !target.isDrawing ? movable(point, scale) : undefined, point),
    doubleClick(point, scale) {
      const index = under(point, scale);
      if (index !== undefined) target.rename(index);
    },
    down(start, scale) {
      const isFar = (point: Point): boolean => Math.hypot(point.x - start.x, point.y - start.y) * scale >= smallestPx;
      const handle = handleUnder(start, scale);
      const selected = bboxOf(target.selected);
      if (handle && selected && target.selected !== undefined) {
        return change(target.selected, point => clipBox(resizeBox(selected, handle, point), target.size), isFar);
      }
      if (target.isDrawing) return draw(target, start, scale, () => target.select(under(start, scale)));
      const index = movable(start, scale);
      if (index !== target.selected) target.select(index);
      const bbox = bboxOf(index);
      if (index === undefined || !bbox) return undefined; // dragging on nothing pans
      return change(index, point => moveBox(bbox, point.x - start.x, point.y - start.y, target.size), isFar);
    },
  };
}

function draw(target: BoxToolTarget, start: Point, scale: number, click: () => void): Drag {
  let last: Bbox | undefined;
  const end = (): void => target.preview(undefined, undefined);
  return {
    move(point) {
      last = clipBox(boxBetween(start, point), target.size);
      target.preview(last, undefined);
    },
    up() {
      end();
      const sides = last && boxSides(last);
      if (last && sides && sides.width * scale >= smallestPx && sides.height * scale >= smallestPx) target.commitDrawn(last);
      else click();
    },
    cancel: end,
  };
}

import type { Bbox } from '../../src/core/dataset/sample';
import { boxAround } from '../../src/core/geometry/extremeBox';
import { boxBetween, boxSides, clipBox } from '../../src/core/geometry/shapeBox';
import { type Guides, snapPoint } from '../../src/core/geometry/snap';
import type { Point } from '../../src/core/geometry/viewTransform';
import type { Drag, GestureKeys } from '../shared/canvasTool';
import { type BoxToolTarget, cutNote } from './boxTool';
import { linesNear, reachPx, smallestPx } from './toolReach';

/** How clicks draw; a drag draws in every mode, and in `drag` a click selects. */
export type DrawMode = 'drag' | 'corners' | 'extremes';

export const drawModes: readonly { readonly mode: DrawMode; readonly title: string; readonly hint: string; readonly points: number }[] = [
  { mode: 'drag', title: 'Drag', hint: 'Drag from corner to corner', points: 0 },
  { mode: 'corners', title: '2 clicks', hint: 'Click two opposite corners, or drag', points: 2 },
  { mode: 'extremes', title: '4 points', hint: 'Click the outermost points of the thing: top, left, bottom, right, in any order', points: 4 },
];

export interface DrawTool {
  /** `click` is called where the press was no drag and clicks do not draw. */
  down(start: Point, scale: number, keys: GestureKeys, click: () => void): Drag;
  hover(point: Point, scale: number, keys: GestureKeys): void;
  /** Forgets the points clicked so far; false where there are none. */
  cancel(): boolean;
}

/** New boxes by a drag, by two corners, or by four extreme points. */
export function drawTool(target: BoxToolTarget): DrawTool {
  let points: readonly Point[] = [];
  let mode: DrawMode = 'drag';
  const snapped = (point: Point, scale: number, keys: GestureKeys): { readonly point: Point; readonly guides: Guides } =>
    keys.isFree ? { point, guides: {} } : snapPoint(point, linesNear(target, boxAround([point]), scale, new Set()), reachPx / scale);
  const inside = (bbox: Bbox): Bbox => clipBox(bbox, target.size);
  const commit = (bbox: Bbox, scale: number): boolean => {
    const cut = inside(bbox);
    const { width, height } = boxSides(cut);
    if (width * scale < smallestPx || height * scale < smallestPx) return false;
    if (String(cut) !== String(bbox)) target.note(cutNote);
    target.commitDrawn(cut);
    return true;
  };
  const addPoint = (point: Point, scale: number): void => {
    if (mode !== target.drawMode) points = [];
    mode = target.drawMode;
    points = [...points, point];
    if (points.length < (drawModes.find(each => each.mode === mode)?.points ?? 0)) return target.preview({ points, drawn: inside(boxAround(points)) });
    const bbox = boxAround(points);
    points = [];
    target.preview(undefined);
    commit(bbox, scale);
  };

  return {
    cancel() {
      const wasBegun = points.length > 0;
      points = [];
      if (wasBegun) target.preview(undefined);
      return wasBegun;
    },
    hover(at, scale, keys) {
      if (points.length === 0) return;
      const { point, guides } = snapped(at, scale, keys);
      target.preview({ points, drawn: inside(boxAround([...points, point])), guides });
    },
    down(pressed, scale, pressedKeys, click) {
      const start = snapped(pressed, scale, pressedKeys).point;
      let last: Bbox | undefined;
      const end = (): void => target.preview(undefined);
      return {
        move(at, keys) {
          if (points.length > 0) return; // a hand that trembles at the third point
          const { point, guides } = snapped(at, scale, keys);
          last = boxBetween(start, point);
          target.preview({ drawn: inside(last), guides });
        },
        up() {
          end();
          if (last && commit(last, scale)) return;
          if (target.drawMode === 'drag') click();
          else addPoint(start, scale);
        },
        cancel: end,
      };
    },
  };
}

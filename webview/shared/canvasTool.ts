import type { Point } from '../../src/core/geometry/viewTransform';

/** Keys that are held during a gesture: Shift, and Ctrl or Cmd, which frees it of what it would snap to. */
export interface GestureKeys {
  readonly isShift: boolean;
  readonly isFree: boolean;
}

/** A gesture in progress. Points are image pixels. Exactly one of `up` and `cancel` ends it. */
export interface Drag {
  move(point: Point, keys: GestureKeys): void;
  up(point: Point): void;
  cancel(): void;
}

/** What the primary button does on the image. Without a tool, or where `down` returns nothing, dragging pans. */
export interface CanvasTool {
  cursor(point: Point, scale: number): string;
  down(point: Point, scale: number, keys: GestureKeys): Drag | undefined;
  hover?(point: Point | undefined, scale: number, keys: GestureKeys): void;
  /** Takes back a gesture of several clicks; false where there is none. */
  cancel?(): boolean;
  doubleClick?(point: Point, scale: number): void;
}

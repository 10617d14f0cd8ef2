import type { Point } from '../../src/core/geometry/viewTransform';
import type { CanvasCamera } from './canvasCamera';
import type { CanvasTool, Drag, GestureKeys } from './canvasTool';

type Gesture = { readonly kind: 'tool'; readonly drag: Drag } | { readonly kind: 'pan'; last: Point } | { readonly kind: 'map' };

/** What the pointer works on; asked anew at each event. */
export interface PointerTarget {
  readonly canvas: HTMLCanvasElement | null;
  readonly tool: CanvasTool | undefined;
  readonly hasMap: boolean;
}

const keysOf = (event: PointerEvent): GestureKeys => ({ isShift: event.shiftKey, isFree: event.ctrlKey || event.metaKey });

/** What a hand does to a canvas: the tool's gestures; panning with the middle button, space and drag, or a drag on nothing; the map; the wheel and pinching. */
export class CanvasPointer {
  private gesture: Gesture | undefined;
  private isSpaceDown = false;

  constructor(
    private readonly camera: CanvasCamera,
    private readonly target: () => PointerTarget,
  ) {}

  /** Gives the picture the focus without the ring that keyboard walking shows. */
  focusQuietly(): void {
    const { canvas } = this.target();
    canvas?.classList.add('is-quiet');
    canvas?.focus({ preventScroll: true });
  }

  down(event: PointerEvent): void {
    if (!this.camera.image || this.gesture || (event.button !== 0 && event.button !== 1)) return;
    const { canvas, tool, hasMap } = this.target();
    this.focusQuietly();
    canvas?.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (hasMap && this.camera.showOnMap(this.pointOf(event), false)) {
      this.gesture = { kind: 'map' };
      return;
    }
    const mayUseTool = event.button === 0 && !this.isSpaceDown;
    const drag = mayUseTool ? tool?.down(this.onImage(event), this.camera.view.scale, keysOf(event)) : undefined;
    this.gesture = drag ? { kind: 'tool', drag } : { kind: 'pan', last: this.pointOf(event) };
    if (!drag) this.setCursor('grabbing');
  }

  move(event: PointerEvent): void {
    const { gesture, camera } = this;
    if (gesture?.kind === 'tool') return gesture.drag.move(this.onImage(event), keysOf(event));
    if (gesture?.kind === 'map') return void camera.showOnMap(this.pointOf(event), true);
    if (gesture?.kind === 'pan') {
      const next = this.pointOf(event);
      camera.pan(next.x - gesture.last.x, next.y - gesture.last.y);
      gesture.last = next;
      return;
    }
    const { tool } = this.target();
    tool?.hover?.(this.onImage(event), camera.view.scale, keysOf(event));
    this.setCursor(this.isSpaceDown ? 'grab' : (tool?.cursor(this.onImage(event), camera.view.scale) ?? 'grab'));
  }

  up(event: PointerEvent): void {
    this.finish(drag => drag.up(this.onImage(event)));
  }

  /** Ends the gesture in progress as if it had not begun; false when there is none. */
  cancel(): boolean {
    return this.finish(drag => drag.cancel()) || (this.target().tool?.cancel?.() ?? false);
  }

  /** The pointer was taken away in the midst of a gesture. */
  lose(): void {
    this.finish(drag => drag.cancel());
  }

  leave(event: PointerEvent): void {
    this.target().tool?.hover?.(undefined, this.camera.view.scale, keysOf(event));
  }

  doubleClick(event: MouseEvent): void {
    this.target().tool?.doubleClick?.(this.onImage(event), this.camera.view.scale);
  }

  wheel(event: WheelEvent): void {
    if (!this.camera.image) return;
    event.preventDefault();
    // A trackpad's pinch comes as a wheel with Ctrl; deltaMode 1 counts lines.
    const amount = event.deltaY * (event.deltaMode === 1 ? 16 : 1) * (event.ctrlKey ? 4 : 1);
    this.camera.zoom(Math.exp(-Math.max(-240, Math.min(240, amount)) / 400), this.pointOf(event));
  }

  key(event: KeyboardEvent): void {
    if (event.code !== 'Space') return;
    this.isSpaceDown = event.type === 'keydown' && document.activeElement === this.target().canvas;
    if (this.isSpaceDown) event.preventDefault();
  }

  /** A pan has nothing to commit or take back. */
  private finish(end: (drag: Drag) => void): boolean {
    const { gesture } = this;
    this.gesture = undefined;
    if (gesture?.kind === 'tool') end(gesture.drag);
    if (gesture?.kind === 'pan') this.setCursor('default');
    return gesture !== undefined;
  }

  private pointOf(event: { readonly clientX: number; readonly clientY: number }): Point {
    const box = this.target().canvas?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  private onImage(event: { readonly clientX: number; readonly clientY: number }): Point {
    return this.camera.onImage(this.pointOf(event));
  }

  private setCursor(cursor: string): void {
    const { canvas } = this.target();
    if (canvas) canvas.style.cursor = cursor;
  }
}

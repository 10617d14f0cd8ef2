import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ImageSize } from '../../src/core/geometry/boxFrame';
import type { Bbox } from '../../src/core/dataset/sample';
import { boxOnScreen, fitView, panBy, type Point, type Rect, toImage, toScreen, type View, viewOfBox, zoomAt } from '../../src/core/geometry/viewTransform';
import { onThemeChange, readCanvasColors } from './canvasColors';
import type { LoadedImage } from './canvasImage';
import { type CanvasHints, mapRect } from './canvasHints';
import { type CanvasBox, type OverBoxes, paintScene } from './canvasPaint';

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

const keysOf = (event: PointerEvent): GestureKeys => ({ isShift: event.shiftKey, isFree: event.ctrlKey || event.metaKey });

type Gesture = { readonly kind: 'tool'; readonly drag: Drag } | { readonly kind: 'pan'; last: Point } | { readonly kind: 'map' };

/** What a panel can ask of a mounted viewport. */
export interface ViewportHandle {
  fit(): void;
  zoomTo(bbox: Bbox): void;
  zoomBy(factor: number): void;
  /** Ends the gesture in progress as if it had not begun; false when there is none. */
  cancel(): boolean;
  /** Gives the picture the focus without the ring that keyboard walking shows. */
  focus(): void;
}

export interface CanvasViewportProps {
  readonly image: LoadedImage;
  readonly boxes: readonly CanvasBox[];
  /** Said to a screen reader: what the picture is and how many boxes it has. */
  readonly label: string;
  readonly tool?: CanvasTool;
  readonly handle?: RefObject<ViewportHandle | null>;
  /** Drawn over the picture, placed with `place`, and again at every pan and zoom. */
  readonly overlay?: (place: (bbox: Bbox) => Rect) => ComponentChildren;
  readonly onScale?: (scale: number) => void;
  /** Boxes over the others, and what helps to place one. */
  readonly over?: OverBoxes;
  readonly hints?: CanvasHints;
}

/**
 * An image with boxes that can be zoomed (wheel at the cursor, pinch) and panned (middle button, space and drag, or drag on nothing).
 * Shared by every panel that shows a picture. It paints at most once a frame and in the screen's own density.
 */
export function CanvasViewport(props: CanvasViewportProps): preact.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const state = useRef({ view: { scale: 1, x: 0, y: 0 } as View, viewport: { width: 0, height: 0 }, isFitted: true, frame: 0, isSpaceDown: false, gesture: undefined as Gesture | undefined });
  const colors = useRef(readCanvasColors());
  const [, redraw] = useState(0);
  const size: ImageSize | undefined = props.image.state === 'ready' ? props.image.size : undefined;

  const paint = (): void => {
    const now = state.current;
    now.frame = 0;
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const density = window.devicePixelRatio || 1;
    const width = Math.round(now.viewport.width * density);
    const height = Math.round(now.viewport.height * density);
    if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
    context.setTransform(density, 0, 0, density, 0, 0);
    const { image, boxes, over, hints } = latest.current;
    if (image.state !== 'ready') return context.clearRect(0, 0, now.viewport.width, now.viewport.height);
    paintScene(context, { image: image.image, size: image.size, view: now.view, viewport: now.viewport, boxes, colors: colors.current, over, hints });
  };
  const schedule = (): void => {
    state.current.frame ||= requestAnimationFrame(paint);
  };
  const show = (view: View, isFitted: boolean): void => {
    Object.assign(state.current, { view, isFitted });
    schedule();
    if (latest.current.overlay) redraw(count => count + 1);
    latest.current.onScale?.(view.scale);
  };
  const fit = (): void => {
    const { image } = latest.current;
    if (image.state === 'ready') show(fitView(image.size, state.current.viewport), true);
  };

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const resized = (): void => {
      state.current.viewport = { width: element.clientWidth, height: element.clientHeight };
      if (state.current.isFitted) fit();
      schedule();
    };
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    resized();
    const forgetTheme = onThemeChange(() => {
      colors.current = readCanvasColors();
      schedule();
    });
    return () => {
      observer.disconnect();
      forgetTheme();
      cancelAnimationFrame(state.current.frame);
      state.current.frame = 0;
    };
  }, []);
  useLayoutEffect(fit, [size?.width, size?.height, props.image.state === 'ready' ? props.image.image : undefined]);
  useEffect(schedule);

  const pointOf = (event: { clientX: number; clientY: number }): Point => {
    const box = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const onImage = (event: { clientX: number; clientY: number }): Point => toImage(state.current.view, pointOf(event));
  const setCursor = (cursor: string): void => {
    if (canvas.current) canvas.current.style.cursor = cursor;
  };

  /** Brings the part of the image that was pointed at on the map into view; false where there is no map. */
  const showOnMap = (at: Point, isOnMap = false): boolean => {
    const { view, viewport } = state.current;
    const map = size && latest.current.hints?.hasMap ? mapRect({ view, viewport, size }) : undefined;
    if (!size || !map || (!isOnMap && (at.x < map.x || at.y < map.y || at.x > map.x + map.width || at.y > map.y + map.height))) return false;
    const middle = toScreen(view, { x: ((at.x - map.x) / map.width) * size.width, y: ((at.y - map.y) / map.height) * size.height });
    show(panBy(view, viewport.width / 2 - middle.x, viewport.height / 2 - middle.y, size, viewport), false);
    return true;
  };
  const focusQuietly = (): void => {
    canvas.current?.classList.add('is-quiet');
    canvas.current?.focus({ preventScroll: true });
  };
  const pointerDown = (event: PointerEvent): void => {
    if (!size || state.current.gesture || (event.button !== 0 && event.button !== 1)) return;
    focusQuietly();
    canvas.current?.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (showOnMap(pointOf(event))) {
      state.current.gesture = { kind: 'map' };
      return;
    }
    const mayUseTool = event.button === 0 && !state.current.isSpaceDown;
    const drag = mayUseTool ? latest.current.tool?.down(onImage(event), state.current.view.scale, keysOf(event)) : undefined;
    state.current.gesture = drag ? { kind: 'tool', drag } : { kind: 'pan', last: pointOf(event) };
    if (!drag) setCursor('grabbing');
  };
  const pointerMove = (event: PointerEvent): void => {
    const { gesture, view, viewport, isSpaceDown } = state.current;
    const { tool } = latest.current;
    if (gesture?.kind === 'tool') return gesture.drag.move(onImage(event), keysOf(event));
    if (gesture?.kind === 'map') return void showOnMap(pointOf(event), true);
    if (gesture?.kind === 'pan') {
      const next = pointOf(event);
      if (size) show(panBy(view, next.x - gesture.last.x, next.y - gesture.last.y, size, viewport), false);
      gesture.last = next;
      return;
    }
    tool?.hover?.(onImage(event), view.scale, keysOf(event));
    setCursor(isSpaceDown ? 'grab' : (tool?.cursor(onImage(event), view.scale) ?? 'grab'));
  };
  /** Ends the gesture, if there is one; a pan has nothing to commit or take back. */
  const finish = (end: (drag: Drag) => void): boolean => {
    const { gesture } = state.current;
    state.current.gesture = undefined;
    if (gesture?.kind === 'tool') end(gesture.drag);
    if (gesture?.kind === 'pan') setCursor('default');
    return gesture !== undefined;
  };
  const wheel = (event: WheelEvent): void => {
    if (!size) return;
    event.preventDefault();
    // A trackpad's pinch comes as a wheel with Ctrl; deltaMode 1 counts lines.
    const amount = event.deltaY * (event.deltaMode === 1 ? 16 : 1) * (event.ctrlKey ? 4 : 1);
    show(zoomAt(state.current.view, Math.exp(-Math.max(-240, Math.min(240, amount)) / 400), pointOf(event), size), false);
  };
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.code !== 'Space') return;
      state.current.isSpaceDown = event.type === 'keydown' && document.activeElement === canvas.current;
      if (state.current.isSpaceDown) event.preventDefault();
    };
    const element = canvas.current;
    // Preact adds wheel listeners as passive, and a passive one could not keep the page from zooming.
    element?.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('keydown', key);
    window.addEventListener('keyup', key);
    return () => {
      element?.removeEventListener('wheel', wheel);
      window.removeEventListener('keydown', key);
      window.removeEventListener('keyup', key);
    };
  });

  const zoomBy = (factor: number): void => {
    const { view, viewport } = state.current;
    if (size) show(zoomAt(view, factor, { x: viewport.width / 2, y: viewport.height / 2 }, size), false);
  };
  if (props.handle) {
    props.handle.current = {
      fit,
      zoomTo: bbox => show(viewOfBox(bbox, state.current.viewport, 80, 24), false),
      zoomBy,
      cancel: () => finish(drag => drag.cancel()) || (latest.current.tool?.cancel?.() ?? false),
      focus: focusQuietly,
    };
  }
  return (
    <div class="canvas-viewport">
      <canvas
        ref={canvas}
        tabIndex={0}
        {...(props.tool ? { role: 'application', 'aria-roledescription': 'picture with boxes' } : { role: 'img' })} // a tool has keys of its own, which a screen reader must let through
        aria-label={props.label}
        aria-busy={props.image.state === 'loading'}
        onBlur={event => event.currentTarget.classList.remove('is-quiet')}
        onPointerDown={pointerDown}
        onPointerMove={pointerMove}
        onPointerUp={event => finish(drag => drag.up(onImage(event)))}
        onPointerCancel={() => finish(drag => drag.cancel())}
        onPointerLeave={event => props.tool?.hover?.(undefined, state.current.view.scale, keysOf(event))}
        onDblClick={event => props.tool?.doubleClick?.(onImage(event), state.current.view.scale)}
      />
      {size && props.overlay?.(bbox => boxOnScreen(state.current.view, bbox))}
    </div>
  );
}

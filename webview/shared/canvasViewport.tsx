import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Bbox } from '../../src/core/dataset/sample';
import { boxOnScreen, type Rect } from '../../src/core/geometry/viewTransform';
import { CanvasCamera } from './canvasCamera';
import { onThemeChange, readCanvasColors } from './canvasColors';
import type { CanvasHints } from './canvasHints';
import type { LoadedImage } from './canvasImage';
import { type CanvasBox, type OverBoxes, paintScene } from './canvasPaint';
import { CanvasPointer } from './canvasPointer';
import type { CanvasTool } from './canvasTool';

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

/** An image with boxes that can be zoomed and panned. Shared by every panel that shows a picture. */
export function CanvasViewport(props: CanvasViewportProps): preact.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [, redraw] = useState(0);
  const schedule = usePainting(canvas, latest, () => camera);
  const camera = useMemo(
    () =>
      new CanvasCamera(({ scale }) => {
        schedule();
        if (latest.current.overlay) redraw(count => count + 1);
        latest.current.onScale?.(scale);
      }),
    [],
  );
  const pointer = useMemo(() => new CanvasPointer(camera, () => ({ canvas: canvas.current, tool: latest.current.tool, hasMap: latest.current.hints?.hasMap ?? false })), []);
  const ready = props.image.state === 'ready' ? props.image : undefined;
  camera.image = ready?.size;

  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const resized = (): void => {
      camera.resize({ width: element.clientWidth, height: element.clientHeight });
      schedule();
    };
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    resized();
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => camera.fit(), [ready?.size.width, ready?.size.height, ready?.image]);
  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent): void => pointer.wheel(event);
    const key = (event: KeyboardEvent): void => pointer.key(event);
    // Preact adds wheel listeners as passive, and a passive one could not keep the page from zooming.
    element?.addEventListener('wheel', wheel, { passive: false });
    window.addEventListener('keydown', key);
    window.addEventListener('keyup', key);
    return () => {
      element?.removeEventListener('wheel', wheel);
      window.removeEventListener('keydown', key);
      window.removeEventListener('keyup', key);
    };
  }, []);
  if (props.handle) {
    props.handle.current = {
      fit: () => camera.fit(),
      zoomTo: bbox => camera.zoomTo(bbox),
      zoomBy: factor => camera.zoom(factor),
      cancel: () => pointer.cancel(),
      focus: () => pointer.focusQuietly(),
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
        onPointerDown={event => pointer.down(event)}
        onPointerMove={event => pointer.move(event)}
        onPointerUp={event => pointer.up(event)}
        onPointerCancel={() => pointer.lose()}
        onPointerLeave={event => pointer.leave(event)}
        onDblClick={event => pointer.doubleClick(event)}
      />
      {ready && props.overlay?.(bbox => boxOnScreen(camera.view, bbox))}
    </div>
  );
}

/** Paints the scene at most once a frame, in the screen's own density; returns how to ask for it. It is painted after every rendering too. */
function usePainting(canvas: { readonly current: HTMLCanvasElement | null }, latest: { readonly current: CanvasViewportProps }, camera: () => CanvasCamera): () => void {
  const frame = useRef(0);
  const colors = useRef(readCanvasColors());
  const paint = (): void => {
    frame.current = 0;
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const { view, viewport } = camera();
    const density = window.devicePixelRatio || 1;
    const width = Math.round(viewport.width * density);
    const height = Math.round(viewport.height * density);
    if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
    context.setTransform(density, 0, 0, density, 0, 0);
    const { image, boxes, over, hints } = latest.current;
    if (image.state !== 'ready') return context.clearRect(0, 0, viewport.width, viewport.height);
    paintScene(context, { image: image.image, size: image.size, view, viewport, boxes, colors: colors.current, over, hints });
  };
  const schedule = (): void => {
    frame.current ||= requestAnimationFrame(paint);
  };
  useLayoutEffect(() => {
    const forgetTheme = onThemeChange(() => {
      colors.current = readCanvasColors();
      schedule();
    });
    return () => {
      forgetTheme();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, []);
  useEffect(schedule);
  return schedule;
}

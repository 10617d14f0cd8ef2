import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Bbox } from '../../src/core/dataset/sample';
import { type ImageSize, nudgeStep } from '../../src/core/geometry/boxFrame';
import { clipBox, moveBox } from '../../src/core/geometry/shapeBox';
import type { ViewportHandle } from '../shared/canvasViewport';
import { isTextField } from './committedField';
import type { ToolBox } from './boxTool';
import type { EditorStore } from './editorStore';

const arrows: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Keys that need the picture: arrows move the selected box (Shift: ten times as far, Alt: its lower right corner), Escape leaves one
 * thing after the other, Tab walks through the boxes. Holding an arrow is one gesture: it is committed when the key is let go.
 */
export function useStageKeys(
  store: EditorStore,
  viewport: { current: ViewportHandle | null },
  latest: { readonly current: { readonly boxes: readonly ToolBox[]; readonly size: ImageSize | undefined } },
  preview: Signal<{ readonly bbox: Bbox; readonly index: number | undefined } | undefined>,
): void {
  const nudged = useRef<{ index: number; bbox: Bbox } | undefined>(undefined);
  useEffect(() => {
    const commitNudge = (): void => {
      const box = nudged.current;
      nudged.current = undefined;
      if (!box) return;
      preview.value = undefined;
      store.boxes.setBox(box.index, box.bbox);
    };
    const forget = store.addPending(commitNudge);
    const nudge = (event: KeyboardEvent, [dx, dy]: readonly [number, number]): void => {
      const { boxes, size } = latest.current;
      const row = store.current.value?.row;
      const box = boxes.find(each => each.index === store.boxes.selected.value);
      if (!box || !size || !row) return;
      event.preventDefault();
      const { frame, digits } = store.boxes.precision(row);
      const step = nudgeStep(frame, size, digits);
      const far = event.shiftKey ? 10 : 1;
      const [x1, y1, x2, y2] = box.bbox;
      const bbox: Bbox = event.altKey
        ? clipBox([x1, y1, Math.max(x1 + step.x, x2 + dx * step.x * far), Math.max(y1 + step.y, y2 + dy * step.y * far)], size)
        : moveBox(box.bbox, dx * step.x * far, dy * step.y * far, size);
      nudged.current = { index: box.index, bbox };
      preview.value = nudged.current;
    };
    const walk = (event: KeyboardEvent): void => {
      const { boxes } = latest.current;
      const at = boxes.findIndex(box => box.index === store.boxes.selected.value);
      const next = boxes[event.shiftKey ? (at < 0 ? boxes.length : at) - 1 : at + 1];
      store.boxes.selected.value = next?.index; // after the last one Tab goes on to the next control
      if (next) event.preventDefault();
    };
    const escape = (): void => {
      if (viewport.current?.cancel()) return;
      if (nudged.current) {
        nudged.current = undefined;
        preview.value = undefined;
      } else if (store.boxes.isDrawing.value) store.boxes.setDrawing(false);
      else store.boxes.selected.value = undefined;
    };
    const down = (event: KeyboardEvent): void => {
      if (isTextField(document.activeElement) || event.ctrlKey || event.metaKey) return;
      const arrow = arrows[event.key];
      if (arrow) nudge(event, arrow);
      else if (event.key === 'Escape') escape();
      else if (event.key === 'Tab' && document.activeElement instanceof HTMLCanvasElement) walk(event);
      else if (event.key === 'Enter' && document.activeElement instanceof HTMLCanvasElement && store.boxes.selected.value !== undefined) store.boxes.isRenaming.value = true;
    };
    const up = (event: KeyboardEvent): void => {
      if (event.key in arrows) commitNudge();
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', commitNudge);
    return () => {
      forget();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', commitNudge);
    };
  }, [store]);
}

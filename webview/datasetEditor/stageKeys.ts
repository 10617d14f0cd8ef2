import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Bbox } from '../../src/core/dataset/sample';
import { type ImageSize, nudgeStep } from '../../src/core/geometry/boxFrame';
import { boxAround } from '../../src/core/geometry/extremeBox';
import { clipBox, moveBox } from '../../src/core/geometry/shapeBox';
import type { ViewportHandle } from '../shared/canvasViewport';
import { isTextField } from '../shared/isTextField';
import type { Preview, ToolBox } from './boxTool';
import type { EditorStore } from './editorStore';

const arrows: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Keys that need the picture: arrows move the selected boxes (Shift: ten times as far, Alt: the lower right corner of one), Escape leaves one thing
 * after the other, Tab walks through the boxes, Ctrl+A selects all. Holding an arrow is one gesture: it is committed when the key is let go.
 */
export function useStageKeys(
  store: EditorStore,
  viewport: { current: ViewportHandle | null },
  latest: { readonly current: { readonly boxes: readonly ToolBox[]; readonly size: ImageSize | undefined } },
  preview: Signal<Preview | undefined>,
): void {
  const nudged = useRef<ReadonlyMap<number, Bbox> | undefined>(undefined);
  useEffect(() => {
    const commitNudge = (): void => {
      const shapes = nudged.current;
      nudged.current = undefined;
      if (!shapes) return;
      preview.value = undefined;
      store.boxes.setBoxes(shapes);
    };
    const forget = store.fields.add(commitNudge);
    const nudge = (event: KeyboardEvent, [dx, dy]: readonly [number, number]): void => {
      const { boxes, size } = latest.current;
      const row = store.cursor.current.value?.row;
      const chosen = new Set(store.boxes.selection.value);
      const moving = boxes.filter(each => chosen.has(each.index)).map(({ index, bbox }) => ({ index, bbox: nudged.current?.get(index) ?? bbox }));
      const [box, second] = moving;
      if (!box || !size || !row) return;
      event.preventDefault();
      const { frame, digits } = store.boxes.precision(row);
      const step = nudgeStep(frame, size, digits);
      const far = event.shiftKey ? 10 : 1;
      const [byX, byY] = [dx * step.x * far, dy * step.y * far];
      if (event.altKey && !second) {
        const [x1, y1, x2, y2] = box.bbox;
        nudged.current = new Map([[box.index, clipBox([x1, y1, Math.max(x1 + step.x, x2 + byX), Math.max(y1 + step.y, y2 + byY)], size)]]);
      } else {
        const around = boxAround(moving.flatMap(({ bbox: [x1, y1, x2, y2] }) => [{ x: x1, y: y1 }, { x: x2, y: y2 }]));
        const [x1, y1] = moveBox(around, byX, byY, size);
        nudged.current = new Map(moving.map(({ index, bbox: [a, b, c, d] }) => [index, [a + x1 - around[0], b + y1 - around[1], c + x1 - around[0], d + y1 - around[1]]]));
      }
      preview.value = { changed: nudged.current };
    };
    const walk = (event: KeyboardEvent): void => {
      const { boxes } = latest.current;
      const at = boxes.findIndex(box => box.index === store.boxes.selected.value);
      const next = boxes[event.shiftKey ? (at < 0 ? boxes.length : at) - 1 : at + 1];
      store.boxes.select(next ? [next.index] : []); // after the last one Tab goes on to the next control
      if (next) event.preventDefault();
    };
    const escape = (): void => {
      const { boxes } = store;
      if (viewport.current?.cancel()) return;
      if (nudged.current) {
        nudged.current = undefined;
        preview.value = undefined;
      } else if (boxes.isDrawing.value) boxes.setDrawing(false);
      else if (boxes.selection.value.length > 0) boxes.select([]);
      else boxes.armed.value = undefined;
    };
    const down = (event: KeyboardEvent): void => {
      if (isTextField(document.activeElement)) return;
      if (event.ctrlKey || event.metaKey) {
        if (event.key.toLowerCase() !== 'a' || event.shiftKey || event.altKey) return;
        event.preventDefault();
        store.boxes.selectAll();
        return;
      }
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

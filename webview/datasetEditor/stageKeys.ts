import { useEffect } from 'preact/hooks';
import type { Direction } from '../../src/protocol/editorCommand';
import type { ViewportHandle } from '../shared/canvasViewport';
import { isTextField } from '../shared/isTextField';
import type { ToolBox } from './boxTool';
import type { EditorStore } from './editorStore';

const arrows: Readonly<Record<string, Direction>> = { ArrowLeft: 'Left', ArrowRight: 'Right', ArrowUp: 'Up', ArrowDown: 'Down' };

/**
 * Keys that need the picture: arrows move the selected boxes (Shift: ten times as far, Alt: the lower right corner of one), Escape leaves one thing
 * after the other, Tab walks through the boxes, Ctrl+A selects all. An arrow that has moved a box is no key of VS Code any more, which may go back by it.
 */
export function useStageKeys(store: EditorStore, viewport: { current: ViewportHandle | null }, latest: { readonly current: { readonly boxes: readonly ToolBox[] } }): void {
  useEffect(() => {
    const { boxes, nudge } = store;
    const walk = (event: KeyboardEvent): void => {
      const all = latest.current.boxes;
      const at = all.findIndex(box => box.index === boxes.selected.value);
      const next = all[event.shiftKey ? (at < 0 ? all.length : at) - 1 : at + 1];
      boxes.select(next ? [next.index] : []); // after the last one Tab goes on to the next control
      if (next) event.preventDefault();
    };
    const escape = (): void => {
      if (viewport.current?.cancel() || nudge.drop()) return;
      if (boxes.isDrawing.value) boxes.setDrawing(false);
      else if (boxes.selection.value.length > 0) boxes.select([]);
      else boxes.armed.value = undefined;
    };
    const down = (event: KeyboardEvent): void => {
      if (isTextField(document.activeElement)) return;
      if (!/^(Control|Shift|Alt|Meta)$/.test(event.key)) nudge.hold(event.code);
      if (event.ctrlKey || event.metaKey) {
        if (event.key.toLowerCase() !== 'a' || event.shiftKey || event.altKey) return;
        event.preventDefault();
        boxes.selectAll();
        return;
      }
      const direction = arrows[event.key];
      if (direction) {
        if (!nudge.by(event.altKey ? 'resize' : event.shiftKey ? 'moveFar' : 'move', direction)) return;
        event.preventDefault();
        event.stopPropagation();
      } else if (event.key === 'Escape') escape();
      else if (event.key === 'Tab' && document.activeElement instanceof HTMLCanvasElement) walk(event);
      else if (event.key === 'Enter' && document.activeElement instanceof HTMLCanvasElement && boxes.selected.value !== undefined) boxes.isRenaming.value = true;
    };
    const up = (event: KeyboardEvent): void => nudge.letGo(event.code);
    const letAllGo = (): void => nudge.letAllGo();
    document.addEventListener('keydown', down); // before VS Code, which listens at the window
    window.addEventListener('keyup', up);
    window.addEventListener('blur', letAllGo);
    return () => {
      letAllGo();
      document.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', letAllGo);
    };
  }, [store]);
}

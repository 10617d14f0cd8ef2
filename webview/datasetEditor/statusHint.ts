import { drawModes } from './drawTool';
import type { EditorStore } from './editorStore';

/** What can be done next, or what the last gesture did that a person may not expect. */
export function statusHint(store: EditorStore): string {
  if (store.mode.value !== 'label') return 'Arrows move · Space selects · Shift extends · Enter labels · / searches';
  const { boxes } = store;
  if (boxes.note.value !== '') return boxes.note.value;
  const how = drawModes.find(({ mode }) => mode === boxes.drawMode.value)?.hint;
  if (store.proposals.open.value.length > 0 && !boxes.isDrawing.value) return 'G accepts · X rejects the marked proposed box · W marks the next · Shift+A accepts all';
  return boxes.isDrawing.value ? `${how} · Ctrl: no snapping · Esc ends drawing` : 'B draws · A D previous, next · 1 – 9 E name · C copies the boxes before · ? all keys';
}

import { nextInStack } from '../../src/core/geometry/boxIndex';
import { boxAround } from '../../src/core/geometry/extremeBox';
import { boxesAt } from '../../src/core/geometry/hitTest';
import type { BoxCommand, Direction, NudgeKind } from '../../src/protocol/editorCommand';
import type { ViewportHandle } from '../shared/canvasViewport';
import type { EditorStore } from './editorStore';

/** What the keys of boxes do while one sample is shown; over a list of rows they do nothing. `place`: of a label with a number key, from 1. */
export function boxCommands(store: EditorStore, viewport: { readonly current: ViewportHandle | null }): Readonly<Record<BoxCommand, (place?: number) => void>> {
  const { boxes, clipboard } = store;
  const labeling = (action: (place?: number) => void) => (place?: number) => {
    if (store.mode.value === 'label') action(place);
  };
  /** Drawing is what one comes from a list for: the first press shows the sample. */
  const drawing = (action: () => void) => () => (store.mode.value === 'label' ? action() : store.show('label'));
  /** What needs a selected box says so where there is none: a key never does nothing in silence. */
  const ofSelected = (action: () => void) =>
    labeling(() => {
      if (boxes.selection.value.length > 0) action();
      else boxes.note.value = 'No box is selected: click one, or press Tab in the picture';
    });
  const rename = ofSelected(() => (boxes.isRenaming.value = true));
  const nudge = (kind: NudgeKind, direction: Direction): (() => void) => ofSelected(() => void store.nudge.by(kind, direction));
  return {
    drawBox: drawing(() => boxes.setDrawing(!boxes.isDrawing.value)),
    nextDrawMode: drawing(() => boxes.nextDrawMode()),
    deleteBox: ofSelected(() => boxes.removeSelected()),
    renameBox: rename,
    setLabel: labeling(place => {
      const label = place === undefined ? undefined : boxes.labels.value[place - 1];
      if (place === undefined) rename();
      else if (label !== undefined) boxes.setLabel(label);
      else boxes.note.value = `There is no label ${place} yet: labels get their keys as they come up`;
    }),
    selectAllBoxes: labeling(() => boxes.selectAll()),
    nextBoxHere: labeling(() => {
      const placed = boxes.placed();
      const point = boxes.pointer.value;
      const stack = point ? boxesAt(placed.map(box => box.bbox), point, 2).flatMap(at => placed[at]?.index ?? []) : [];
      const next = nextInStack(stack, boxes.selected.value);
      if (next !== undefined) boxes.select([next]);
      else boxes.note.value = 'No box is under the pointer';
    }),
    copyBoxes: labeling(() => {
      if (document.getSelection()?.isCollapsed === false) document.execCommand('copy'); // text that was selected beside the picture
      else if (clipboard.copy() === undefined) boxes.note.value = 'No box is selected: click one, or Ctrl+A for all';
    }),
    pasteBoxes: labeling(() => clipboard.paste()),
    duplicateBoxes: ofSelected(() => clipboard.duplicate()),
    copyPreviousBoxes: labeling(() => clipboard.copyPrevious()),
    hideBoxes: labeling(() => boxes.nextVisibility()),
    zoomToBox: labeling(() => {
      const chosen = new Set(boxes.selection.value);
      const corners = boxes.placed().flatMap(({ index, bbox: [x1, y1, x2, y2] }) => (chosen.has(index) ? [{ x: x1, y: y1 }, { x: x2, y: y2 }] : []));
      if (corners.length > 0) viewport.current?.zoomTo(boxAround(corners));
      else viewport.current?.fit();
    }),
    moveLeft: nudge('move', 'Left'),
    moveRight: nudge('move', 'Right'),
    moveUp: nudge('move', 'Up'),
    moveDown: nudge('move', 'Down'),
    moveFarLeft: nudge('moveFar', 'Left'),
    moveFarRight: nudge('moveFar', 'Right'),
    moveFarUp: nudge('moveFar', 'Up'),
    moveFarDown: nudge('moveFar', 'Down'),
    resizeLeft: nudge('resize', 'Left'),
    resizeRight: nudge('resize', 'Right'),
    resizeUp: nudge('resize', 'Up'),
    resizeDown: nudge('resize', 'Down'),
  };
}

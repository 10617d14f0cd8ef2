import type { Row } from '../dataset/row';
import type { LabelChange } from '../labels/labelChange';
import { type Labels, labelsOfRow } from './secondLabels';

/** What makes a row say what the second person says; undefined where it does already. */
export function takeSecond(row: Row, second: Labels): LabelChange | undefined {
  const now = labelsOfRow(row);
  const changes: LabelChange[] = [];
  if (now.answer !== second.answer) changes.push({ type: 'setText', field: 'answer', value: second.answer });
  if (JSON.stringify(now.key_words) !== JSON.stringify(second.key_words)) changes.push({ type: 'setKeyWords', value: second.key_words });
  if (JSON.stringify(now.boxes) !== JSON.stringify(second.boxes)) {
    if (row.boxes.length > 0) changes.push({ type: 'removeBoxes', indexes: row.boxes.map(box => box.index) });
    if (second.boxes.length > 0) changes.push({ type: 'addBoxes', boxes: second.boxes.map(({ label, bbox }) => ({ label, numbers: bbox })), title: 'Take boxes' });
  }
  return changes.length === 0 ? undefined : { type: 'several', changes, title: 'Take the second labels' };
}

/** One box of the second person in the place of the first one's, or beside them; `first` alone takes a box away that only the first has. */
export function takeSecondBox(row: Row, second: Labels, { first, place }: { readonly first?: number; readonly place?: number }): LabelChange | undefined {
  const mine = first === undefined ? undefined : row.boxes[first];
  const theirs = place === undefined ? undefined : second.boxes[place];
  if (!mine) return theirs && { type: 'addBox', label: theirs.label, numbers: theirs.bbox };
  if (!theirs) return { type: 'removeBox', index: mine.index };
  const changes: LabelChange[] = [{ type: 'setBox', index: mine.index, numbers: theirs.bbox }, ...(mine.label === theirs.label ? [] : [{ type: 'renameBox', index: mine.index, label: theirs.label } as const])];
  return { type: 'several', changes, title: `Take the second ${theirs.label || 'box'}` };
}

import type { Row } from '../dataset/row';
import type { LabelChange } from './labelChange';

/** What the row will say after the change; a view shows this until the document tells the same. */
export function changeRow(row: Row, change: LabelChange): Row {
  switch (change.type) {
    case 'setText': return { ...row, [change.field]: change.value };
    case 'setKeyWords': return { ...row, key_words: change.value };
    case 'addBox': {
      const index = row.boxes.reduce((next, box) => Math.max(next, box.index + 1), 0);
      return { ...row, boxes: [...row.boxes, { index, label: change.label, numbers: change.numbers }] };
    }
    case 'setBox': return { ...row, boxes: row.boxes.map(box => (box.index === change.index ? { ...box, numbers: change.numbers } : box)) };
    case 'renameBox': return { ...row, boxes: row.boxes.map(box => (box.index === change.index ? { ...box, label: change.label } : box)) };
    case 'replaceLine': return row;
    case 'removeBox':
      return {
        ...row,
        boxes: row.boxes.filter(box => box.index !== change.index).map(box => (box.index > change.index ? { ...box, index: box.index - 1 } : box)),
      };
  }
}

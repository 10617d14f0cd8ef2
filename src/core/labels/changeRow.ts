import type { Row, RowBox } from '../dataset/row';
import type { LabelChange } from './labelChange';

/** What the row will say after the change; a view shows this until the document tells the same. */
export function changeRow(row: Row, change: LabelChange): Row {
  switch (change.type) {
    case 'setText': return { ...row, [change.field]: change.value };
    case 'setKeyWords': return { ...row, key_words: change.value };
    case 'addBox': return withBoxes(row, [change]);
    case 'setBox': return withNumbers(row, [change]);
    case 'renameBox': return withLabel(row, [change.index], change.label);
    case 'removeBox': return without(row, [change.index]);
    case 'addBoxes': return withBoxes(row, change.boxes);
    case 'setBoxes': return withNumbers(row, change.boxes);
    case 'renameBoxes': return withLabel(row, change.indexes, change.label);
    case 'removeBoxes': return without(row, change.indexes);
    case 'several': return change.changes.reduce(changeRow, row);
    case 'replaceLine': return row;
  }
}

/** The index that the next box of a row gets. */
export function nextIndex(row: Row): number {
  return row.boxes.reduce((next, box) => Math.max(next, box.index + 1), 0);
}

function withBoxes(row: Row, boxes: readonly Omit<RowBox, 'index'>[]): Row {
  const first = nextIndex(row);
  return { ...row, boxes: [...row.boxes, ...boxes.map(({ label, numbers }, place) => ({ index: first + place, label, numbers }))] };
}

function withNumbers(row: Row, boxes: readonly Pick<RowBox, 'index' | 'numbers'>[]): Row {
  const numbersOf = new Map(boxes.map(({ index, numbers }) => [index, numbers]));
  return { ...row, boxes: row.boxes.map(box => ({ ...box, numbers: numbersOf.get(box.index) ?? box.numbers })) };
}

function withLabel(row: Row, indexes: readonly number[], label: string): Row {
  const named = new Set(indexes);
  return { ...row, boxes: row.boxes.map(box => (named.has(box.index) ? { ...box, label } : box)) };
}

function without(row: Row, indexes: readonly number[]): Row {
  const gone = [...new Set(indexes)].sort((a, b) => a - b);
  const goneBefore = (index: number): number => gone.findLastIndex(each => each < index) + 1;
  const isGone = new Set(gone);
  return { ...row, boxes: row.boxes.filter(box => !isGone.has(box.index)).map(box => ({ ...box, index: box.index - goneBefore(box.index) })) };
}

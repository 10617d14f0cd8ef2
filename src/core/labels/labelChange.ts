import type { FrameBox, Row } from '../dataset/row';
import type { Columns } from '../project/project';
import { JsonLine } from './jsonLine';

/** What a person does to a sample. Box numbers are in the dataset's own frame, as they will stand in the file. */
export type LabelChange =
  | { readonly type: 'setText'; readonly field: 'problem' | 'answer'; readonly value: string }
  | { readonly type: 'setKeyWords'; readonly value: readonly string[] }
  | { readonly type: 'addBox'; readonly label: string; readonly numbers: FrameBox }
  | { readonly type: 'setBox'; readonly index: number; readonly numbers: FrameBox }
  | { readonly type: 'renameBox'; readonly index: number; readonly label: string }
  | { readonly type: 'removeBox'; readonly index: number }
  /** Several boxes at once are one step to undo. */
  | { readonly type: 'addBoxes'; readonly boxes: readonly { readonly label: string; readonly numbers: FrameBox }[]; readonly title: string }
  | { readonly type: 'setBoxes'; readonly boxes: readonly { readonly index: number; readonly numbers: FrameBox }[] }
  | { readonly type: 'renameBoxes'; readonly indexes: readonly number[]; readonly label: string }
  | { readonly type: 'removeBoxes'; readonly indexes: readonly number[] }
  /** One gesture that changes several things, each on what those before it left. */
  | { readonly type: 'several'; readonly changes: readonly LabelChange[]; readonly title: string }
  /** A correction of the whole line; it is void where the line is not `base` any more. */
  | { readonly type: 'replaceLine'; readonly base: string; readonly text: string; readonly title: string };

/** Whether it names boxes by their places in the row, or the whole line. */
export function namesPlaces({ type }: LabelChange): boolean {
  return type !== 'setText' && type !== 'setKeyWords' && type !== 'addBox' && type !== 'addBoxes';
}

/** The row's line after the change; everything that the change does not name stays to the letter. */
export function applyChange(text: string, change: LabelChange, columns: Columns): string {
  const line = new JsonLine(text);
  switch (change.type) {
    case 'setText': return line.set([columns[change.field]], asBefore(line, columns[change.field], change.value));
    case 'setKeyWords': return line.set([columns.key_words], change.value);
    case 'addBox': return line.append([columns.boxes], { label: change.label, bbox: change.numbers });
    case 'setBox': return setNumbers(line, [change], columns);
    case 'renameBox': return line.set([columns.boxes, change.index, 'label'], change.label);
    case 'removeBox': return line.remove([columns.boxes], change.index);
    case 'addBoxes': return line.append([columns.boxes], ...change.boxes.map(({ label, numbers }) => ({ label, bbox: numbers })));
    case 'setBoxes': return setNumbers(line, change.boxes, columns);
    case 'renameBoxes': return line.setAll(change.indexes.map(index => ({ path: [columns.boxes, index, 'label'], value: change.label })));
    case 'removeBoxes': return line.remove([columns.boxes], ...change.indexes);
    case 'several': return change.changes.reduce((now, each) => applyChange(now, each, columns), text);
    case 'replaceLine': return text === change.base ? change.text : text;
  }
}

/** Words for the undo menu and the status line. */
export function describeChange(change: LabelChange, row: Row | undefined): string {
  const name = (index: number): string => row?.boxes.find(box => box.index === index)?.label || `box ${index + 1}`;
  switch (change.type) {
    case 'setText': return `Edit ${change.field}`;
    case 'setKeyWords': return 'Edit key words';
    case 'addBox': return `Draw ${change.label || 'box'}`;
    case 'setBox': return `Change ${name(change.index)}`;
    case 'renameBox': return `Rename ${name(change.index)} to ${change.label}`;
    case 'removeBox': return `Delete ${name(change.index)}`;
    case 'addBoxes': return change.title;
    case 'setBoxes': return `Change ${change.boxes.length} boxes`;
    case 'renameBoxes': return `Rename ${change.indexes.length} boxes to ${change.label}`;
    case 'removeBoxes': return `Delete ${change.indexes.length} boxes`;
    case 'several':
    case 'replaceLine': return change.title;
  }
}

/** An answer that the file has as a number stays one as long as it is one. */
export function asBefore(line: JsonLine, field: string, value: string): string | number {
  if (line.typeOf([field]) !== 'number') return value;
  const number = Number(value);
  return value.trim() !== '' && Number.isFinite(number) && String(number) === value ? number : value;
}

/** Number by number, so that the sides that did not move keep their literals (`12.50` stays `12.50`). */
function setNumbers(line: JsonLine, boxes: readonly { readonly index: number; readonly numbers: FrameBox }[], columns: Columns): string {
  return line.setAll(
    boxes.flatMap(({ index, numbers }) =>
      numbers.map((value, place) => ({ path: [columns.boxes, index, 'bbox', place], value })).filter(({ path, value }) => line.scalarAt(path) !== value),
    ),
  );
}

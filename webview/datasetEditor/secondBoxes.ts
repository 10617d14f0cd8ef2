import { toPixels } from '../../src/core/geometry/boxFrame';
import { agreementOf } from '../../src/core/review/agreement';
import { labelsOfRow } from '../../src/core/review/secondLabels';
import type { CanvasBox } from '../shared/canvasPaint';
import type { EditorStore } from './editorStore';

/** What a second person drew, beside the boxes of the row. */
export interface SecondBoxes {
  readonly boxes: readonly CanvasBox[];
  /** What is said of a box of the row, by its index: that the second person has none there. */
  readonly notes: ReadonlyMap<number, string>;
  /** Who drew them; empty where that is not known. */
  readonly by: string;
}

/** The boxes of the second labels while those are unfolded, each with its IoU with the first person's box for the same thing; nothing in a blind pass. */
export function secondBoxes(store: EditorStore): SecondBoxes | undefined {
  const { boxes: edits, cursor: { current: { value: view } } } = store;
  const size = edits.imageSize.value;
  const second = view?.curation.second;
  if (!view?.row || !second || !size || store.blind.isOn.value || !store.openParts.value.has('second') || edits.visibility.value === 'hidden') return undefined;
  const { row } = view;
  const { pairs, onlyFirst } = agreementOf(labelsOfRow(row), second, edits.frame);
  const isNamed = edits.visibility.value === 'all';
  const words = second.boxes.map(({ label }, place) => {
    const pair = pairs.find(each => each.second === place);
    const name = pair?.isSameLabel ? '' : label || 'unnamed';
    return [name, pair ? `IoU ${pair.iou.toFixed(2)}` : 'second only'].filter(Boolean).join(' · ');
  });
  return {
    boxes: second.boxes.map(({ bbox }, place) => ({ bbox: toPixels(bbox, edits.frame, size), label: isNamed ? (words[place] ?? '') : '', look: 'second', isDashed: true, isLabelBelow: true })),
    notes: new Map(onlyFirst.flatMap(place => {
      const box = row.boxes[place];
      return box ? [[box.index, 'first only'] as const] : [];
    })),
    by: second.by ?? '',
  };
}

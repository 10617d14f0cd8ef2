import { predictedBoxes } from '../../src/core/rollouts/predictedBoxes';
import type { CanvasBox } from '../shared/canvasPaint';
import type { EditorStore } from './editorStore';

/** Boxes of the stored response that is unfolded, dashed over the label's; none where the blind pass hides responses. */
export function responseGhosts(store: EditorStore, isNamed: boolean): readonly CanvasBox[] {
  const { boxes: edits, cursor: { current: { value: view } }, responses: { shown: { value: shown } } } = store;
  const size = edits.imageSize.value;
  const row = view?.row;
  const response = row && shown?.qid === row.qid && !store.blind.isOn.value && store.openParts.value.has('responses') ? store.responses.of(row.qid)?.responses[shown.index] : undefined;
  if (!row || !size || !response) return [];
  const gold = row.boxes.flatMap(box => {
    const bbox = edits.pixelsOf(box);
    return bbox ? [{ label: box.label, bbox }] : [];
  });
  const { boxes } = predictedBoxes({ response: response.text, evidence: response.boxes }, gold, size, 'reward', edits.frame);
  return boxes.map(({ bbox, label, iou }) => ({ bbox, look: 'prediction', isDashed: true, label: isNamed ? `${label}${iou === null ? '' : ` ${iou.toFixed(2)}`}`.trim() : '' }));
}

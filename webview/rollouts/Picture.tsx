import { groupAdvantages } from '../../src/core/rollouts/advantage';
import { type BoxReading, type PredictedBoxes, predictedBoxes } from '../../src/core/rollouts/predictedBoxes';
import type { Rollout } from '../../src/core/rollouts/rollout';
import type { GroupDetail, SampleView } from '../../src/protocol/rollouts';
import type { BoxLook } from '../shared/canvasColors';
import { type LoadedImage, useImage } from '../shared/canvasImage';
import type { CanvasBox } from '../shared/canvasPaint';
import { CanvasViewport } from '../shared/canvasViewport';
import { boxReading, response, rule, showsAllBoxes } from './rolloutsModel';

const readings: readonly (readonly [BoxReading, string])[] = [
  ['reward', 'as the reward read them'], ['grammar', 'as each grammar’s usual model'], ['pixel', 'pixels'], ['norm1000', 'thousandths'], ['norm1', 'parts of 1'], ['percent-xywh', 'per cent, corner and size'],
  ['coco-xywh', 'pixels, corner and size'], ['yolo-cxcywh', 'parts of 1, centre and size'], ['qwen2.5-resized', 'pixels of the resized image (Qwen2.5-VL)'], ['norm1024', '1024ths (PaliGemma)'],
];
/** With more boxes names would hide the picture: only those of the selected response have one. */
const mostNamed = 12;

/** The image with the label's boxes and those of the responses, coloured by the sign of the advantage; a sign stands before each name too. */
export function Picture({ group }: { readonly group: GroupDetail }) {
  const image = useImage(group.sample?.imageUri ?? undefined);
  if (!group.sample?.imageUri) return <div class="picture empty">{group.missing ?? 'This sample has no picture.'}</div>;
  if (image.state === 'failed') return <div class="picture empty">The picture of {group.row.sampleId} cannot be shown. Check that its file is there; F opens the sample.</div>;
  return <Boxes image={image} group={group} sample={group.sample} />;
}

function Boxes({ image, group: { row, rollouts }, sample }: { readonly image: LoadedImage; readonly group: GroupDetail; readonly sample: SampleView }) {
  const advantages = groupAdvantages(rollouts.map(rollout => rollout.overall), rule.value);
  const found = image.state === 'ready' ? rollouts.map(rollout => predictedBoxes(rollout, sample.boxes, image.size, boxReading.value, sample.boxFrame)) : [];
  const shown = rollouts.flatMap((rollout, at): readonly CanvasBox[] => (showsAllBoxes.value || at === response.value ? boxesOf(rollout, at, found[at], rollout.advantage ?? advantages[at] ?? null, rollouts.length) : []));
  const boxes: CanvasBox[] = [...sample.boxes.map((box): CanvasBox => ({ bbox: box.bbox, label: box.label, look: 'gold' })), ...shown];
  const unplaced = found.reduce((sum, each) => sum + each.unplaced, 0);
  return (
    <div class="picture">
      <CanvasViewport image={image} boxes={boxes} label={`${row.sampleId}: ${sample.boxes.length} gold and ${shown.length} predicted boxes`} />
      <div class="row picture-legend">
        <span><i class="line gold" />gold</span>
        <span><i class="line good" />▲ above the mean</span>
        <span><i class="line bad" />▼ below</span>
        <vscode-checkbox checked={showsAllBoxes.value} onChange={(event: Event) => (showsAllBoxes.value = (event.target as HTMLInputElement).checked)}>All responses</vscode-checkbox>
        <label class="choice dim" title="What the numbers of boxes in the text are taken for">
          Boxes
          <select value={String(boxReading.value)} onChange={event => (boxReading.value = event.currentTarget.value as BoxReading)}>{readings.map(([value, text]) => <option key={String(value)} value={String(value)}>{text}</option>)}</select>
        </label>
        {unplaced > 0 && <span class="warning">{unplaced} boxes mean no place in the picture</span>}
      </div>
    </div>
  );
}

function boxesOf(rollout: Rollout, at: number, found: PredictedBoxes | undefined, advantage: number | null, count: number): readonly CanvasBox[] {
  const look: BoxLook = advantage === null || Math.abs(advantage) < 1e-6 ? 'prediction' : advantage > 0 ? 'good' : 'bad';
  const sign = { prediction: '○', good: '▲', bad: '▼', gold: '' }[look];
  const isSelected = at === response.value;
  const isNamed = isSelected || count * (found?.boxes.length ?? 0) <= mostNamed;
  return (found?.boxes ?? []).map(({ bbox, label, iou }): CanvasBox => ({
    bbox, look, isDashed: true, isSelected, label: isNamed ? `${sign}${rollout.index + 1} ${label}${iou === null ? '' : ` ${iou.toFixed(2)}`}`.trim() : '',
  }));
}

import type { Evidence } from '../../src/core/rewards/score';
import type { SampleDetail } from '../../src/protocol/playground';
import { useImage } from '../shared/canvasImage';
import type { CanvasBox } from '../shared/canvasPaint';
import { CanvasViewport } from '../shared/canvasViewport';
import { detail, openSample, selectedEvidence, selectedRow } from './playgroundModel';

/** The sample of the selected response: picture with gold and predicted boxes, question, answer, key words. */
export function SamplePane() {
  const row = selectedRow.value;
  const shown = detail.value;
  if (!row) return null;
  return (
    <section class="sample-pane" aria-label="Sample">
      <div class="pane-bar">
        <h2>{row.sample.qid}</h2>
        <span class="dim dataset-name">{row.sample.dataset}</span>
        <span class="grow" />
        <button class="link" title="Open this sample in the dataset editor (F)" onClick={openSample}>Open sample</button>
      </div>
      {shown?.failure && <div class="note-box is-error"><i class="codicon codicon-error" aria-hidden="true" /><span>{shown.failure}</span></div>}
      {shown?.sample && <Sample sample={shown.sample} evidence={selectedEvidence.value ?? []} />}
    </section>
  );
}

function Sample({ sample, evidence }: { readonly sample: SampleDetail; readonly evidence: readonly Evidence[] }) {
  const predicted = evidence.filter(each => each.bbox !== undefined);
  const hits = new Set(evidence.filter(each => each.kind === 'key_word' && each.ok).map(each => each.text));
  const wasLookedFor = evidence.some(each => each.kind === 'key_word');
  return (
    <>
      <Picture sample={sample} predicted={predicted} />
      <dl class="label">
        <dt>Question</dt><dd>{sample.problem.replaceAll('<image>', '').trim()}</dd>
        <dt>Answer</dt><dd class="gold-text">{sample.answer}</dd>
        {sample.keyWords.length > 0 && <><dt>Key words</dt><dd>{sample.keyWords.map((word, index) => <span key={index} class={`chip ${wasLookedFor ? (hits.has(word) ? 'hit' : 'missed') : ''}`}>{wasLookedFor ? (hits.has(word) ? '✓ ' : '✗ ') : ''}{word}</span>)}</dd></>}
      </dl>
    </>
  );
}

function Picture({ sample, predicted }: { readonly sample: SampleDetail; readonly predicted: readonly Evidence[] }) {
  const image = useImage(sample.imageUri ?? undefined);
  if (sample.imageUri === null) return <div class="picture empty">This sample has no picture.</div>;
  if (image.state === 'failed') return <div class="picture empty error">The picture cannot be shown: {sample.imagePath}. Check that the file is there.</div>;
  const boxes: CanvasBox[] = [
    ...sample.boxes.map((box): CanvasBox => ({ bbox: box.bbox, label: isCovered(box.bbox, predicted) ? '' : box.label, look: 'gold' })),
    // A box that is right needs no name: in a small picture the names would hide the boxes.
    ...predicted.flatMap(({ bbox, text, iou, ok }): CanvasBox[] => (bbox ? [{ bbox, label: [ok ? undefined : text, iou?.toFixed(2)].filter(Boolean).join(' · '), look: 'prediction', isDashed: true }] : [])),
  ];
  return (
    <div class="picture">
      <div class="picture-canvas"><CanvasViewport image={image} boxes={boxes} label={`${sample.boxes.length} gold and ${predicted.length} predicted boxes`} /></div>
      <div class="legend"><span><i class="line gold" />gold</span>{predicted.length > 0 && <span><i class="line prediction" />predicted · IoU</span>}</div>
    </div>
  );
}

/** Whether a prediction's name stands at the same place already. */
function isCovered(bbox: readonly number[], predicted: readonly Evidence[]): boolean {
  return predicted.some(each => each.gold?.every((edge, index) => edge === bbox[index]) && (each.iou ?? 0) > 0.7);
}

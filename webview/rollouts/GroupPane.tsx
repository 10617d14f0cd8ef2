import type { GroupDetail } from '../../src/protocol/rollouts';
import type { Rollout } from '../../src/core/rollouts/rollout';
import { groupAdvantages } from '../../src/core/rollouts/advantage';
import type { CanvasBox } from '../shared/canvasPaint';
import { useImage } from '../shared/canvasImage';
import { CanvasViewport } from '../shared/canvasViewport';
import { ResponseCard } from './ResponseCard';
import { detail, isRecomputed, openPlayground, openSample, response, showsAllBoxes } from './rolloutsModel';

/** The selected group: its picture with label and predictions, and its responses side by side. */
export function GroupPane() {
  const group = detail.value;
  if (!group) return <section class="group empty">Select a group.</section>;
  const { row, rollouts } = group;
  const recomputed = groupAdvantages(rollouts.map(rollout => rollout.overall));
  return (
    <section class="group" aria-label={`Group ${row.group}`}>
      <div class="row group-bar">
        <h1>{row.sampleId}</h1>
        <span class="dim">{[row.dataset, row.step > 0 ? `step ${row.step}` : '', row.policyStage ? `after ${row.policyStage}` : '', row.mode ?? '', row.difficulty ?? ''].filter(Boolean).join(' · ')}</span>
        <span class="grow" />
        <vscode-button appearance="secondary" title="Open the sample in the dataset editor (F)" onClick={openSample}>Fix label<span slot="start" class="codicon codicon-edit" /></vscode-button>
        <vscode-button appearance="secondary" title="Score this group in the reward playground (P)" onClick={openPlayground}>Playground<span slot="start" class="codicon codicon-beaker" /></vscode-button>
      </div>
      <div class="group-top">
        <Picture group={group} />
        <Label group={group} />
      </div>
      <div class="row responses-bar">
        <h2>Responses <span class="dim number">{rollouts.length}</span></h2>
        <span class="dim keys"><kbd>J</kbd><kbd>K</kbd> group <kbd>H</kbd><kbd>L</kbd> response <kbd>F</kbd> label <kbd>P</kbd> playground</span>
        <span class="grow" />
        <vscode-checkbox checked={isRecomputed.value} title="(r − mean) / (std + 0.0001), unbiased std, failed rewards left out" onChange={(event: Event) => (isRecomputed.value = (event.target as HTMLInputElement).checked)}>Recompute advantages (TRL)</vscode-checkbox>
      </div>
      <div class="responses">
        {rollouts.map((rollout, index) => (
          <ResponseCard key={`${row.group} ${rollout.index}`} rollout={rollout} isSelected={index === response.value} recomputed={isRecomputed.value ? (recomputed[index] ?? null) : undefined} onSelect={() => (response.value = index)} />
        ))}
      </div>
    </section>
  );
}

function Picture({ group }: { readonly group: GroupDetail }) {
  const image = useImage(group.sample?.imageUri ?? undefined);
  const selected = group.rollouts[response.value];
  const predicted = showsAllBoxes.value ? group.rollouts.flatMap(rollout => predictedBoxes(rollout, rollout === selected)) : selected ? predictedBoxes(selected, false) : [];
  const boxes: CanvasBox[] = [...(group.sample?.boxes ?? []).map((box): CanvasBox => ({ bbox: box.bbox, label: box.label, look: 'gold' })), ...predicted];
  if (!group.sample?.imageUri) return <div class="picture empty">{group.missing ?? 'This sample has no picture.'}</div>;
  if (image.state === 'failed') return <div class="picture empty">The picture of {group.row.sampleId} cannot be shown. Check that its file is there; <b>Fix label</b> opens the sample.</div>;
  return (
    <div class="picture">
      <CanvasViewport image={image} boxes={boxes} label={`${group.row.sampleId}: ${group.sample.boxes.length} gold and ${predicted.length} predicted boxes`} />
      <div class="row picture-legend">
        <span><i class="line gold" />label</span>
        <span><i class="line prediction" />response {response.value + 1} · IoU</span>
        <span class="grow" />
        <vscode-checkbox checked={showsAllBoxes.value} onChange={(event: Event) => (showsAllBoxes.value = (event.target as HTMLInputElement).checked)}>All responses</vscode-checkbox>
      </div>
    </div>
  );
}

/** Boxes that the reward took out of a response. */
function predictedBoxes(rollout: Rollout, isSelected: boolean): CanvasBox[] {
  return rollout.evidence.flatMap((evidence): CanvasBox[] => {
    if (evidence.kind !== 'box' || !evidence.bbox) return [];
    const iou = evidence.iou === undefined ? '' : ` · ${evidence.iou.toFixed(2)}`;
    return [{ bbox: evidence.bbox, label: `${evidence.text ?? evidence.note ?? ''}${iou}`.trim(), look: 'prediction', isDashed: true, isSelected }];
  });
}

function Label({ group }: { readonly group: GroupDetail }) {
  const { sample } = group;
  return (
    <dl class="label">
      {sample && <>
        <dt>Problem</dt><dd>{sample.problem.replaceAll('<image>', '').trim()}</dd>
        <dt>Answer</dt><dd class="gold-text">{sample.answer || <span class="dim">none</span>}</dd>
        {sample.keyWords.length > 0 && <><dt>Key words</dt><dd>{sample.keyWords.map(word => <span key={word} class="chip">{word}</span>)}</dd></>}
      </>}
      {group.missing && <><dt>Sample</dt><dd class="error">{group.missing}</dd></>}
      <dt>Rewards</dt>
      <dd class="tabular">{group.row.mean === null ? 'none was scored' : `mean ${group.row.mean.toFixed(3)}${group.row.std === null ? '' : `, std ${group.row.std.toFixed(3)}`}`}{spreadWords(group)}</dd>
      {group.rollouts[0]?.prompt && <><dt>Prompt</dt><dd><details><summary class="dim">{group.rollouts[0].prompt.length} characters</summary><div class="mono prompt">{group.rollouts[0].prompt}</div></details></dd></>}
      <dt>Policy</dt><dd class="dim">{group.rollouts[0]?.checkpoint || '–'}</dd>
    </dl>
  );
}

function spreadWords({ row }: GroupDetail): string {
  if (row.spread === 'zero') return ' · zero-std: teaches nothing';
  return row.spread === 'near-zero' ? ' · near-zero std: noise' : '';
}

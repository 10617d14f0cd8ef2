import type { BoxChange } from '../../src/core/diff/boxChanges';
import type { DiffDetail, DiffField } from '../../src/protocol/datasetDiff';
import { useImage } from '../shared/canvasImage';
import type { CanvasBox } from '../shared/canvasPaint';
import { CanvasViewport } from '../shared/canvasViewport';
import { detail, openSample, openText, side } from './diffModel';

/** The selected row: its picture with old and new boxes, and each field that differs. */
export function ChangePane() {
  const change = detail.value;
  if (!change) return <section class="pane empty">Select a row.</section>;
  return (
    <section class="pane" aria-label={`${change.qid}, ${change.kind}`}>
      <div class="row pane-bar">
        <h2>{change.qid}</h2>
        <span class={`kind ${change.kind}`}>{change.kind}</span>
        <span class="dim">{linesOf(change)}</span>
        <span class="grow" />
        <span class="dim keys"><kbd>J</kbd><kbd>K</kbd> row <kbd>O</kbd> old <kbd>N</kbd> new boxes</span>
        {change.kind !== 'removed' && <vscode-button appearance="secondary" title="Open the sample in the dataset editor (F)" onClick={openSample}>Open<span slot="start" class="codicon codicon-edit" /></vscode-button>}
        <vscode-button appearance="secondary" title="Compare the texts of the row (T)" onClick={openText}>Texts<span slot="start" class="codicon codicon-diff" /></vscode-button>
      </div>
      <div class="pane-body">
        {(change.imageUri !== null || change.imageNote !== null) && <Picture change={change} />}
        <div class="facts">
          {change.boxes.length > 0 && <BoxTable change={change} />}
          {change.fields.map(field => <Field key={field.name} field={field} />)}
          {change.kind === 'rewritten' && <p class="dim">The row is only written otherwise: blanks, the order of its fields, or the form of a number. <kbd>T</kbd> shows how.</p>}
        </div>
      </div>
    </section>
  );
}

function linesOf({ oldLine, nowLine }: DiffDetail): string {
  if (oldLine === null) return `line ${nowLine ?? '?'}`;
  if (nowLine === null) return `was line ${oldLine}`;
  return oldLine === nowLine ? `line ${nowLine}` : `line ${nowLine}, was ${oldLine}`;
}

function Picture({ change }: { readonly change: DiffDetail }) {
  const image = useImage(change.imageUri ?? undefined);
  if (change.imageUri === null) return <div class="picture empty">{change.imageNote}</div>;
  if (image.state === 'failed') return <div class="picture empty">The picture cannot be shown. Check that its file is there.</div>;
  const { old, now, same } = boxesOf(change);
  return (
    <div class="picture">
      <CanvasViewport image={image} boxes={[...same, ...(side.value === 'now' ? [] : old), ...(side.value === 'old' ? [] : now)]} label={`${change.qid}: ${change.oldBoxes.length} old and ${change.nowBoxes.length} new boxes`} />
      <div class="row legend" role="radiogroup" aria-label="Boxes">
        <Side value="old" mark="old">old</Side>
        <Side value="now" mark="now">new</Side>
        <Side value="both">both</Side>
        <span class="grow" />
        {same.length > 0 && <span><i class="line same" />{same.length} unchanged</span>}
      </div>
    </div>
  );
}

function Side({ value, mark, children }: { readonly value: 'old' | 'now' | 'both'; readonly mark?: string; readonly children: string }) {
  return <button class="side" role="radio" aria-checked={side.value === value} onClick={() => (side.value = value)}>{mark && <i class={`line ${mark}`} />}{children}</button>;
}

/** Old boxes dashed, new ones solid; those of both are one. */
function boxesOf({ boxes, oldBoxes, nowBoxes, kind }: DiffDetail): { readonly old: readonly CanvasBox[]; readonly now: readonly CanvasBox[]; readonly same: readonly CanvasBox[] } {
  const isAll = kind === 'added' || kind === 'removed';
  const oldPlaces = new Set(boxes.flatMap(box => ('old' in box ? [box.old] : [])));
  const nowPlaces = new Set(boxes.flatMap(box => ('now' in box ? [box.now] : [])));
  return {
    old: oldBoxes.flatMap((box, at): CanvasBox[] => (isAll || oldPlaces.has(at) ? [{ ...box, look: 'bad', isDashed: true }] : [])),
    now: nowBoxes.flatMap((box, at): CanvasBox[] => (isAll || nowPlaces.has(at) ? [{ ...box, look: 'good' }] : [])),
    same: isAll ? [] : nowBoxes.flatMap((box, at): CanvasBox[] => (nowPlaces.has(at) ? [] : [{ ...box, look: 'gold' }])),
  };
}

function BoxTable({ change }: { readonly change: DiffDetail }) {
  return (
    <table class="boxes" aria-label="Boxes that differ">
      <thead><tr><th>Box</th><th /><th class="number">IoU</th><th>Old and new, px</th></tr></thead>
      <tbody>{change.boxes.map((box, at) => <BoxRow key={at} box={box} change={change} />)}</tbody>
    </table>
  );
}

function BoxRow({ box, change }: { readonly box: BoxChange; readonly change: DiffDetail }) {
  const old = 'old' in box ? change.oldBoxes[box.old] : undefined;
  const now = 'now' in box ? change.nowBoxes[box.now] : undefined;
  const label = old && now && old.label !== now.label ? `${old.label || 'no label'} → ${now.label || 'no label'}` : (now ?? old)?.label || 'no label';
  return (
    <tr>
      <td class="box-label">{label}</td>
      <td class={`kind ${box.kind}`}>{box.kind}</td>
      <td class="number">{'iou' in box ? box.iou.toFixed(2) : ''}</td>
      <td class="corners">
        {old && <div class="kind removed">− {cornersOf(old.bbox)}</div>}
        {now && <div class="kind added">+ {cornersOf(now.bbox)}</div>}
      </td>
    </tr>
  );
}

const cornersOf = (bbox: readonly number[]): string => bbox.map(value => String(Math.round(value * 10) / 10)).join(', ');

function Field({ field }: { readonly field: DiffField }) {
  const [before, oldMiddle, newMiddle, after] = field.old !== null && field.now !== null ? split(field.old, field.now) : ['', field.old ?? '', field.now ?? '', ''];
  return (
    <div class="field">
      <h3>{field.name}</h3>
      {field.old !== null && <div class="value old"><i class="codicon codicon-remove" aria-label="old" /><span>{before}<del>{oldMiddle}</del>{after}</span></div>}
      {field.now !== null && <div class="value now"><i class="codicon codicon-add" aria-label="new" /><span>{before}<ins>{newMiddle}</ins>{after}</span></div>}
    </div>
  );
}

/** What both texts begin and end with, and what lies between in each. */
function split(old: string, now: string): readonly [before: string, oldMiddle: string, newMiddle: string, after: string] {
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start++;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  return [old.slice(0, start), old.slice(start, old.length - end), now.slice(start, now.length - end), old.slice(old.length - end)];
}

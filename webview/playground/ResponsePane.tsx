import type { Evidence, ScoreError } from '../../src/core/rewards/score';
import { whyZero } from '../../src/core/rewards/whyZero';
import type { ScoredRow } from '../../src/protocol/playground';
import { EvidenceText } from '../shared/evidenceText';
import { addCase, attacks, choice, commonError, componentNames, debug, detail, editSelected, openPlace, rows, scored, selectedEvidence, selectedRow, tab, type, typeGold } from './playgroundModel';

/** The selected response with what the reward saw in it. */
export function ResponsePane() {
  const row = selectedRow.value;
  const source = choice.value?.source;
  if (!row || !source) return null;
  return (
    <section class="response-pane" aria-label="Response">
      {source.kind === 'typed' && tab.value === 'responses' ? <Editor key={row.sample.qid} text={source.text ?? row.response} /> : (
        <div class="pane-bar">
          <h2>{tab.value === 'attacks' ? 'Attack' : 'Response'}</h2>
          <span class="grow" />
          <Actions />
          <button class="link" title="Change this response and see what it would score (E)" onClick={editSelected}>Edit a copy</button>
        </div>
      )}
      {tab.value === 'attacks' && <p class="dim">{attackOf(row)}</p>}
      {row.score.error && !commonError.value && <ErrorNote error={row.score.error} />}
      <div class="response-text mono"><EvidenceText response={row.response} evidence={selectedEvidence.value ?? []} /></div>
    </section>
  );
}

function Editor({ text }: { readonly text: string }) {
  return (
    <div class="typed">
      <div class="pane-bar"><h2>Typed response</h2><span class="grow" /><Actions /><button class="link" onClick={typeGold}>Reset to gold</button></div>
      <vscode-text-area class="typed-text mono" rows={8} resize="vertical" aria-label="Response to score" value={text} onInput={(event: Event) => type((event.target as HTMLTextAreaElement).value)} />
    </div>
  );
}

/** What can be done with the selected response besides reading it. */
function Actions() {
  return (
    <>
      <button class="tool" title="Make a case of this response: the reward's tests keep its score (M)" aria-label="Make a case" onClick={addCase}><i class="codicon codicon-beaker" /></button>
      <button class="tool" title="Debug the reward on this response (B)" aria-label="Debug the reward on this response" onClick={debug}><i class="codicon codicon-debug-alt" /></button>
    </>
  );
}

/** What an attack does and, beside it, what an honest answer earns on the same sample. */
function attackOf(row: ScoredRow): string {
  const told = attacks.value;
  const found = told?.kind === 'report' ? told.report.results.find(({ attack }) => `attack ${attack.id}` === row.key) : undefined;
  const [own, honest] = [row.score.overall, row.before].map(value => (value === null ? 'nothing' : value.toFixed(3)));
  return found ? `${found.attack.what}. Here it earns ${own}, the honest answer ${honest}.` : '';
}

/** What failed, with a way to the line. */
export function ErrorNote({ error, prefix = '' }: { readonly error: ScoreError; readonly prefix?: string }) {
  const { message, component, file, line } = error;
  return (
    <div class="note-box is-error" role="alert">
      <i class="codicon codicon-error" aria-hidden="true" />
      <span>{prefix}{component ? <b>{component}: </b> : null}{message}{file && <> <button class="link" onClick={() => openPlace(file, line)}>{file.split(/[\\/]/).at(-1)}{line === undefined ? '' : `, line ${line}`}</button></>}</span>
    </div>
  );
}

/** Component by component: the value, what it weighs, and why. */
export function Why() {
  const row = selectedRow.value;
  if (!row) return null;
  const weights = scored.value?.reward.weights ?? {};
  const seen = selectedEvidence.value;
  return (
    <dl class="why">
      {componentNames.value.map(name => {
        const value = row.score.components[name];
        const evidence = (seen ?? []).filter(each => each.component === name);
        return (
          <div key={name} class="why-line">
            <dt>{name}</dt>
            <dd class="number">{row.score.error?.component === name ? <span class="error">failed</span> : value === null || value === undefined ? '–' : value.toFixed(2)}</dd>
            <dd class="number dim">{weights[name] === undefined ? '' : `×${weights[name]}`}</dd>
            <dd class="reasons"><Reasons evidence={evidence} />{value === 0 && seen && <WhyZero row={row} component={name} evidence={seen} />}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Why the component gave 0 here, and whether it does so everywhere. */
function WhyZero({ row, component, evidence }: { readonly row: ScoredRow; readonly component: string; readonly evidence: readonly Evidence[] }) {
  const sample = detail.value?.sample;
  if (!sample || detail.value?.ref.qid !== row.sample.qid) return null;
  const { answer, keyWords: key_words, boxes, imageSize: size } = sample;
  const reasons = whyZero({ component, response: row.response, sample: { answer, key_words, boxes }, evidence, size });
  const all = rows.value;
  const isAlways = tab.value !== 'attacks' && all.length > 1 && all.every(({ score }) => score.components[component] === 0);
  return <span class="why-zero"><b>why 0?</b> {reasons.join(' ')}{isAlways && ` It is 0 for all ${all.length} responses.`}</span>;
}

function Reasons({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const format = evidence.filter(each => each.kind === 'format');
  const missing = format.filter(each => each.ok === false);
  return (
    <>
      {evidence.filter(each => each.kind !== 'format').map((each, index) => <Reason key={index} evidence={each} />)}
      {format.length > 0 && <span class={`reason ${missing.length > 0 ? 'missed' : ''}`}>{missing.length > 0 ? `✗ missing ${missing.map(each => each.text).join(', ')}` : `✓ ${format.length} headings`}</span>}
    </>
  );
}

function Reason({ evidence: { kind, ok, text, note, iou } }: { readonly evidence: Evidence }) {
  const sign = ok === undefined ? '' : ok ? '✓ ' : '✗ ';
  const said = kind === 'answer' || kind === 'key_word' || kind === 'box' ? [clipped(text), iou === undefined ? undefined : `IoU ${iou.toFixed(2)}`, note] : [note ?? text];
  return <span class={`reason reason-${kind} ${ok === false ? 'missed' : ''}`}>{sign}{said.filter(Boolean).join(' · ') || kind.replace('_', ' ')}</span>;
}

function clipped(text: string | undefined): string | undefined {
  return text !== undefined && text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

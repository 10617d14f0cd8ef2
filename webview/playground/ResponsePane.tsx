import type { Evidence, ScoreError } from '../../src/core/rewards/score';
import { EvidenceText } from '../shared/evidenceText';
import { choice, commonError, componentNames, editSelected, openPlace, scored, selectedRow, type, typeGold } from './playgroundModel';

/** The selected response with what the reward saw in it. */
export function ResponsePane() {
  const row = selectedRow.value;
  const source = choice.value?.source;
  if (!row || !source) return null;
  return (
    <section class="response-pane" aria-label="Response">
      {source.kind === 'typed' ? <Editor key={row.sample.qid} text={source.text ?? row.response} /> : (
        <div class="pane-bar">
          <h2>Response</h2>
          <span class="grow" />
          <button class="link" title="Change this response and see what it would score" onClick={editSelected}>Edit a copy</button>
        </div>
      )}
      {row.score.error && !commonError.value && <ErrorNote error={row.score.error} />}
      <div class="response-text mono"><EvidenceText response={row.response} evidence={row.score.evidence} /></div>
    </section>
  );
}

function Editor({ text }: { readonly text: string }) {
  return (
    <div class="typed">
      <div class="pane-bar"><h2>Typed response</h2><span class="grow" /><button class="link" onClick={typeGold}>Reset to gold</button></div>
      <vscode-text-area class="typed-text mono" rows={8} resize="vertical" aria-label="Response to score" value={text} onInput={(event: Event) => type((event.target as HTMLTextAreaElement).value)} />
    </div>
  );
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
  return (
    <dl class="why">
      {componentNames.value.map(name => {
        const value = row.score.components[name];
        const evidence = row.score.evidence.filter(each => each.component === name);
        return (
          <div key={name} class="why-line">
            <dt>{name}</dt>
            <dd class="number">{row.score.error?.component === name ? <span class="error">failed</span> : value === null || value === undefined ? '–' : value.toFixed(2)}</dd>
            <dd class="number dim">{weights[name] === undefined ? '' : `×${weights[name]}`}</dd>
            <dd class="reasons"><Reasons evidence={evidence} /></dd>
          </div>
        );
      })}
    </dl>
  );
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

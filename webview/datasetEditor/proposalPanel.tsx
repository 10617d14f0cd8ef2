import type { Proposal } from '../../src/core/proposals/proposal';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { MouseSign } from './mouseSign';

/** The boxes that a model proposes for the sample, how sure it is of each, and what to do with them. */
export function ProposalPanel({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element | null {
  const proposer = store.document.value?.proposer;
  const { proposals } = store;
  const open = proposals.open.value;
  if (!view.row || view.images.length === 0) return null;
  return (
    <section class="field proposals" aria-label="Proposed boxes">
      <div class="field-name row">
        <span class="grow">Proposed boxes{open.length > 0 && ` (${open.length})`}</span>
        <button class="link" title="Choose who proposes boxes" onClick={() => void proposals.choose()}>{proposer?.name ?? 'Choose a model…'}</button>
      </div>
      {proposals.isAsking.value ? <p class="dim hint"><i class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true" /> Proposing boxes…</p> : open.length > 0 ? <Waiting store={store} open={open} /> : <p class="dim hint">{emptyText(store, view)}</p>}
      {proposer && view.proposals && <Threshold store={store} />}
      <div class="proposal-actions">
        {open.length > 0 && (
          <>
            <vscode-button onClick={() => void proposals.decideAll('accepted')} title="Accept all (Shift+A)">Accept {open.length === 1 ? 'It' : `All ${open.length}`}</vscode-button>
            <vscode-button appearance="secondary" onClick={() => void proposals.decideAll('rejected')} title="Reject all (Shift+X)">Reject {open.length === 1 ? 'It' : 'All'}</vscode-button>
          </>
        )}
        {open.length === 0 && <vscode-button appearance="secondary" disabled={proposals.isAsking.value} onClick={() => void proposals.proposeHere()} title="Propose boxes for this sample (P)">{view.proposals ? 'Propose Again' : 'Propose'}</vscode-button>}
        {store.cursor.count.value > 1 && <button class="link" disabled={proposals.isAsking.value} onClick={() => void proposals.proposeForAll()}>For all {store.cursor.count.value.toLocaleString('en')}{store.query.isNarrowed ? ' that match' : ''}…</button>}
      </div>
    </section>
  );
}

function Waiting({ store, open }: { readonly store: EditorStore; readonly open: readonly Proposal[] }): preact.JSX.Element {
  const { proposals } = store;
  const marked = proposals.focused.value;
  return (
    <ul class="boxes" role="listbox" aria-label="Proposed boxes that wait">
      {open.map(proposal => (
        <li
          key={`${proposal.label} ${proposal.bbox.join()}`} role="option" aria-selected={proposal === marked} tabIndex={0} class={proposal === marked ? 'box is-selected' : 'box'}
          onClick={() => proposals.mark(proposal)} onFocus={event => event.currentTarget.matches(':focus-visible') && proposals.mark(proposal)}
        >
          <i class="codicon codicon-symbol-event dim" aria-hidden="true" />
          <span class="grow box-label">{proposal.label}</span>
          <span class="number dim" title={proposal.score === null ? 'The model does not say how sure it is' : 'How sure the model is'}>{scoreText(proposal)}</span>
          <MouseSign icon="check" title={`Accept ${proposal.label} (G)`} run={() => proposals.decide('accepted', [proposal])} />
          <MouseSign icon="close" title={`Reject ${proposal.label} (X)`} run={() => proposals.decide('rejected', [proposal])} />
        </li>
      ))}
    </ul>
  );
}

function Threshold({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const { proposals } = store;
  const value = proposals.shownThreshold;
  return (
    <label class="proposal-threshold">
      <span class="dim">Surer than</span>
      <input type="range" min={0.05} max={0.95} step={0.05} value={value} aria-valuetext={`${Math.round(value * 100)} %`} onInput={event => (proposals.threshold.value = Number(event.currentTarget.value))} />
      <span class="number">{Math.round(value * 100)} %</span>
    </label>
  );
}

/** How sure a model is, in per cent. */
export function scoreText({ score }: Proposal): string {
  return score === null ? '–' : `${Math.round(score * 100)} %`;
}

function emptyText(store: EditorStore, { proposals, curation }: RowView): string {
  const proposer = store.document.value?.proposer;
  if (!proposer) return 'Let a detector on this machine or a model of an endpoint propose boxes. You accept or reject each; nothing is written before.';
  if (!proposals) return `${proposer.name} was not asked about this picture yet.`;
  if (proposals.proposals.length === 0) return `${proposer.name} found nothing here.`;
  const rejected = (curation.proposals ?? []).filter(({ verdict, hash }) => verdict === 'rejected' && hash === proposer.hash).length;
  return `Nothing waits: what ${proposer.name} found is in the row${rejected > 0 ? `, rejected (${rejected})` : ''} or less sure than the limit.`;
}

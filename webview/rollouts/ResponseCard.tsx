import { useEffect, useRef } from 'preact/hooks';
import type { Evidence } from '../../src/core/rewards/score';
import type { Rollout } from '../../src/core/rollouts/rollout';
import { EvidenceText, evidenceInWords } from '../shared/evidenceText';
import { openPlace } from './rolloutsModel';

interface ResponseCardProps {
  readonly rollout: Rollout;
  readonly isSelected: boolean;
  /** Advantage by the engine's rule; undefined unless it was asked for. */
  readonly recomputed: number | null | undefined;
  readonly onSelect: () => void;
}

/** One response with its scores, and what the reward saw in it. */
export function ResponseCard({ rollout, isSelected, recomputed, onSelect }: ResponseCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isSelected && card.current) revealSideways(card.current);
  }, [isSelected]);
  return (
    <article ref={card} class="response" aria-current={isSelected ? 'true' : undefined} onClick={onSelect}>
      <header class="row">
        <span class="dim number">{rollout.index + 1}</span>
        <b class="number">{rollout.overall === null ? '–' : rollout.overall.toFixed(3)}</b>
        <Advantage value={rollout.advantage} />
        {recomputed !== undefined && <Recomputed stored={rollout.advantage} value={recomputed} />}
        <span class="grow" />
        <span class="dim number" title={rollout.finish === 'length' ? 'Cut at the limit of tokens' : 'Ended by itself'}>{rollout.tokens} tok{rollout.finish === 'length' ? ' ✂' : ''}</span>
      </header>
      <div class="components">
        {Object.entries(rollout.components).map(([name, value]) => (
          <span key={name} class="component"><span class="dim">{name}</span><span class="number">{value === null ? 'failed' : value.toFixed(2)}</span></span>
        ))}
      </div>
      {rollout.error && <ErrorNote error={rollout.error} />}
      <div class="response-text mono">
        <EvidenceText response={rollout.response} evidence={rollout.evidence} />
      </div>
      <Notes evidence={rollout.evidence} />
    </article>
  );
}

/** `scrollIntoView` would scroll the picture above out of sight as well. */
function revealSideways(card: HTMLElement): void {
  const row = card.parentElement;
  if (!row) return;
  const margin = 16;
  const left = card.offsetLeft - row.offsetLeft - margin;
  const right = left + card.offsetWidth + 2 * margin;
  if (left < row.scrollLeft) row.scrollLeft = left;
  else if (right > row.scrollLeft + row.clientWidth) row.scrollLeft = right - row.clientWidth;
}

function Advantage({ value }: { readonly value: number | null }) {
  if (value === null) return <span class="dim" title="No advantage: evaluation and failed rewards have none">A –</span>;
  const sign = Math.abs(value) < 1e-6 ? 'dim' : value > 0 ? 'positive' : 'negative';
  return <span class={`advantage number ${sign}`} title="Advantage as the trainer used it">{value > 0 && sign !== 'dim' ? '▲ +' : sign === 'dim' ? '○ ' : '▼ −'}{Math.abs(value).toFixed(2)}</span>;
}

function Recomputed({ stored, value }: { readonly stored: number | null; readonly value: number | null }) {
  const differs = stored !== null && value !== null && Math.abs(stored - value) > 1e-3;
  return <span class={`number ${differs ? 'error' : 'dim'}`} title={differs ? 'Differs from what the trainer used' : 'Recomputed by TRL’s rule'}>= {value === null ? '–' : value.toFixed(3)}</span>;
}

function ErrorNote({ error }: { readonly error: NonNullable<Rollout['error']> }) {
  const { file, line, message, component } = error;
  return (
    <div class="response-error">
      <i class="codicon codicon-error" aria-hidden="true" />
      <span>{component ? `${component}: ` : ''}{message} {file && <button class="link" onClick={() => openPlace(file, line)}>{file.split(/[\\/]/).at(-1)}{line === undefined ? '' : `:${line}`}</button>}</span>
    </div>
  );
}

/** Evidence that has no place in the text: what was missed, and why a component gave what it gave. */
function Notes({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const placeless = evidence.filter(item => item.start === undefined && (item.note !== undefined || item.text !== undefined));
  if (placeless.length === 0) return null;
  return <ul class="notes">{placeless.map((item, index) => <li key={index} class={item.ok === false ? 'missed' : ''}>{evidenceInWords(item)}</li>)}</ul>;
}

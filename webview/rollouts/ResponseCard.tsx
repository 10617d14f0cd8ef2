import { useEffect, useRef } from 'preact/hooks';
import { parseSections, type SectionKind } from '../../src/core/grading/sections';
import type { Evidence, Score } from '../../src/core/rewards/score';
import type { Rollout } from '../../src/core/rollouts/rollout';
import { EvidenceText, evidenceInWords } from '../shared/evidenceText';
import { foldedSections, host, showsTokens } from './rolloutsModel';
import { TokenText } from './TokenText';

interface ResponseCardProps {
  readonly rollout: Rollout;
  readonly isSelected: boolean;
  /** By the engine's rule, from the overalls of the group. */
  readonly advantage: number | null;
  /** Under the reward as it is now, where that was asked for. */
  readonly now: { readonly score: Score; readonly advantage: number | null } | undefined;
  readonly onSelect: () => void;
}

/** One response with its scores, and what the reward saw in it. */
export function ResponseCard({ rollout, isSelected, advantage, now, onSelect }: ResponseCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isSelected && card.current) revealSideways(card.current);
  }, [isSelected]);
  const evidence = now ? now.score.evidence : rollout.evidence;
  const error = now ? now.score.error : rollout.error;
  return (
    <article ref={card} class="response" aria-current={isSelected ? 'true' : undefined} aria-label={`Response ${rollout.index + 1}`} onClick={onSelect}>
      <header class="row">
        <span class="dim number">{rollout.index + 1}</span>
        <b class="number">{words(rollout.overall)}</b>
        {now && <b class="number now">→ {words(now.score.overall)}</b>}
        <Advantage stored={rollout.advantage} value={now ? now.advantage : advantage} isNow={now !== undefined} />
        <span class="grow" />
        {rollout.tokens > 0 && <span class="dim number" title={rollout.finish === 'length' ? 'Cut at the limit of tokens' : 'Ended by itself'}>{rollout.tokens} tok{rollout.finish === 'length' ? ' ✂' : ''}</span>}
      </header>
      <Bars components={rollout.components} now={now?.score.components} />
      {error && <ErrorNote error={error} />}
      <div class="response-text mono">{showsTokens.value !== 'off' && rollout.tokenLog ? <TokenText log={rollout.tokenLog} response={rollout.response} by={showsTokens.value} /> : <Sections response={rollout.response} evidence={evidence} />}</div>
      <Notes evidence={evidence} />
    </article>
  );
}

const words = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

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

/** The advantage that the trainer used; where it differs from the engine's rule, both. */
function Advantage({ stored, value, isNow }: { readonly stored: number | null; readonly value: number | null; readonly isNow: boolean }) {
  const shown = isNow ? value : (stored ?? value);
  if (shown === null) return <span class="dim" title="No advantage: the reward failed">A –</span>;
  const sign = Math.abs(shown) < 1e-6 ? 'dim' : shown > 0 ? 'positive' : 'negative';
  const differs = !isNow && stored !== null && value !== null && Math.abs(stored - value) > 1e-3;
  return (
    <span class={`advantage number ${sign}`} title={stored === null || isNow ? 'Advantage by the engine’s rule' : 'Advantage as the trainer used it'}>
      {sign === 'dim' ? '○ ' : shown > 0 ? '▲ +' : '▼ −'}{Math.abs(shown).toFixed(2)}
      {differs && <span class="dim" title="By the chosen rule"> rule {value.toFixed(2)}</span>}
    </span>
  );
}

/** Components as bars from 0 to 1; one that did not apply or failed has none. */
function Bars({ components, now }: { readonly components: Rollout['components']; readonly now: Rollout['components'] | undefined }) {
  const names = [...new Set([...Object.keys(components), ...Object.keys(now ?? {})])];
  if (names.length === 0) return null;
  return (
    <dl class="bars">
      {names.map(name => {
        const value = (now ?? components)[name] ?? null;
        const before = components[name] ?? null;
        return (
          <div key={name} class="bar" title={`${name} ${value ?? 'none'}`}>
            <dt>{name}</dt>
            <dd class="bar-track"><span class={`bar-fill ${value !== null && value < 0 ? 'is-negative' : ''}`} style={{ width: `${100 * Math.min(1, Math.abs(value ?? 0))}%` }} /></dd>
            <dd class="number">{value === null ? 'none' : value.toFixed(2)}{now && before !== value ? <span class="dim"> was {before === null ? 'none' : before.toFixed(2)}</span> : ''}</dd>
          </div>
        );
      })}
    </dl>
  );
}

const titles: Readonly<Record<SectionKind, string>> = { description: 'Image Description', rationales: 'Rationales', think: 'Let’s think step by step', step: 'Step', answer: 'The final answer is' };

/** The sections of the response, each of which folds in all responses alike; what stands outside of them as it is. */
function Sections({ response, evidence }: { readonly response: string; readonly evidence: readonly Evidence[] }) {
  const { all } = parseSections(response);
  const [first] = all;
  if (!first) return <EvidenceText response={response} evidence={evidence} />;
  const part = (from: number, to: number) => <EvidenceText response={response.slice(from, to)} evidence={shifted(evidence, from, to)} />;
  return (
    <>
      {first.heading.start > 0 && part(0, first.heading.start)}
      {all.map(({ kind, heading }, at) => {
        const end = all[at + 1]?.heading.start ?? response.length;
        const isFolded = foldedSections.value.has(kind);
        return (
          <section key={heading.start}>
            <button class="section-head" aria-expanded={!isFolded} title={`Fold ${titles[kind]} in all responses`} onClick={event => (event.stopPropagation(), toggle(kind))}>
              <i class={`codicon codicon-chevron-${isFolded ? 'right' : 'down'}`} aria-hidden="true" />{part(heading.start, heading.end)}
            </button>
            {!isFolded && part(heading.end, end)}
          </section>
        );
      })}
    </>
  );
}

function toggle(kind: SectionKind): void {
  const folded = new Set(foldedSections.value);
  if (!folded.delete(kind)) folded.add(kind);
  foldedSections.value = folded;
}

/** Evidence of a part of the response, with offsets into the part. */
function shifted(evidence: readonly Evidence[], from: number, to: number): readonly Evidence[] {
  return evidence.flatMap(item => (item.start === undefined || item.end === undefined || item.end <= from || item.start >= to ? [] : [{ ...item, start: Math.max(0, item.start - from), end: Math.min(to, item.end) - from }]));
}

function ErrorNote({ error: { file, line, message, component } }: { readonly error: NonNullable<Rollout['error']> }) {
  return (
    <div class="response-error">
      <i class="codicon codicon-error" aria-hidden="true" />
      <span>{component ? `${component}: ` : ''}{message} {file && <button class="link" onClick={() => host.send('openPlace', { file, ...(line === undefined ? {} : { line }) })}>{file.split(/[\\/]/).at(-1)}{line === undefined ? '' : `:${line}`}</button>}</span>
    </div>
  );
}

/** Evidence that has no place in the text: what was missed, and why a component gave what it gave. */
function Notes({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const placeless = evidence.filter(item => item.start === undefined && (item.note !== undefined || item.text !== undefined));
  if (placeless.length === 0) return null;
  return <ul class="notes">{placeless.map((item, index) => <li key={index} class={item.ok === false ? 'missed' : ''}>{evidenceInWords(item)}</li>)}</ul>;
}

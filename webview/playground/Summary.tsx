import { spreadOf } from '../../src/core/rollouts/groupSpread';
import type { ScoredRow } from '../../src/protocol/playground';
import { componentNames, scored } from './playgroundModel';

/** Means over the responses, and how the last save changed them. */
export function Summary() {
  const current = scored.value;
  if (!current) return null;
  const { means, before, reward, rows } = current;
  const zero = zeroShare(rows);
  return (
    <section class="summary" aria-label="Means">
      <Mean name="overall" value={means.overall} before={before?.overall} isMain />
      {componentNames.value.map(name => <Mean key={name} name={name} value={means.components[name] ?? null} before={before?.components[name]} weight={reward.weights[name]} />)}
      {zero !== null && <div class="mean" title="Share of groups whose rewards are all equal: they teach nothing"><span class="mean-name">zero-std</span><b class="number">{Math.round(zero * 100)} %</b></div>}
    </section>
  );
}

/** How many responses, how many of them failed, how long it took. */
export function Facts() {
  const current = scored.value;
  if (!current) return null;
  const { means, ms, reward } = current;
  return (
    <span class="facts" role="status">
      {means.errors > 0 && <span class="error"><i class="codicon codicon-error" aria-hidden="true" /> {means.errors} {means.errors === 1 ? 'error' : 'errors'} · </span>}
      <span class="dim number" title={`Reward version ${reward.hash}`}>{means.count} {means.count === 1 ? 'response' : 'responses'} · {ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`}</span>
    </span>
  );
}

interface MeanProps {
  readonly name: string;
  readonly value: number | null;
  readonly before: number | null | undefined;
  readonly weight?: number;
  readonly isMain?: boolean;
}

function Mean({ name, value, before, weight, isMain = false }: MeanProps) {
  return (
    <div class={`mean ${isMain ? 'is-main' : ''}`}>
      <span class="mean-name">{name}{weight !== undefined && <span class="weight" title={`Weight in the overall reward`}>×{weight}</span>}</span>
      <span class="row mean-row"><b class="number">{value === null ? '–' : value.toFixed(3)}</b><Delta value={value} before={before} /></span>
    </div>
  );
}

/** The change since the last save; nothing where there is none. */
export function Delta({ value, before }: { readonly value: number | null; readonly before: number | null | undefined }) {
  if (value === null || before === null || before === undefined || Math.abs(value - before) < 5e-4) return null;
  const isUp = value > before;
  return <span class={`delta number ${isUp ? 'positive' : 'negative'}`} title={`Was ${before.toFixed(3)} before the last save`}>{isUp ? '▲' : '▼'}{Math.abs(value - before).toFixed(3)}</span>;
}

/** Share of the groups without any spread; null where responses belong to no groups. */
function zeroShare(rows: readonly ScoredRow[]): number | null {
  const groups = new Map<string, (number | null)[]>();
  for (const { group, score } of rows) if (group !== null) groups.set(group, [...(groups.get(group) ?? []), score.overall]);
  if (groups.size === 0) return null;
  return [...groups.values()].filter(overalls => spreadOf(overalls).spread === 'zero').length / groups.size;
}

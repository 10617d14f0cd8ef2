import { zeroStdShare } from '../../src/core/rewards/summary/rewardSummary';
import { histogram } from '../../src/core/rewards/summary/histogram';
import { withRange } from '../../src/core/rewards/rowFilter';
import type { ScoredRow } from '../../src/protocol/playground';
import { NumbersButton } from './Numbers';
import { componentNames, rows, scored, tab } from './playgroundModel';
import { filter } from './tableModel';

/** Means over the responses, how they are spread, and how the last save changed them. */
export function Summary() {
  const current = scored.value;
  if (!current) return null;
  const { means, before, reward } = current;
  const shown = rows.value;
  const zero = zeroStdShare(shown.map(row => row.score), shown.map(row => row.group));
  return (
    <section class="summary" aria-label="Means">
      <Mean name="overall" value={means.overall} before={before?.overall} rows={shown} isMain />
      {componentNames.value.map(name => <Mean key={name} name={name} value={means.components[name] ?? null} before={before?.components[name]} weight={reward.weights[name]} rows={shown} />)}
      {zero !== null && <div class="mean" title="Share of groups whose rewards are all equal: they teach nothing"><span class="mean-name">zero-std</span><b class="number">{Math.round(zero * 100)} %</b></div>}
      <NumbersButton />
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
  readonly rows: readonly ScoredRow[];
  readonly isMain?: boolean;
}

function Mean({ name, value, before, weight, rows, isMain = false }: MeanProps) {
  return (
    <div class={`mean ${isMain ? 'is-main' : ''}`}>
      <span class="mean-name">{name}{weight !== undefined && <span class="weight" title={`Weight in the overall reward`}>×{Math.round(weight * 1e4) / 1e4}</span>}</span>
      <span class="row mean-row"><b class="number">{value === null ? '–' : value.toFixed(3)}</b><Delta value={value} before={before} /></span>
      {rows.length > 1 && <Sparkline name={name} values={rows.map(({ score }) => (name === 'overall' ? score.overall : score.components[name]))} />}
    </div>
  );
}

const barWidth = 5;
const barHeight = 16;

/** How the values are spread between 0 and 1; a click on a bar filters by it. */
function Sparkline({ name, values }: { readonly name: string; readonly values: readonly (number | null | undefined)[] }) {
  const bins = histogram(values);
  const most = Math.max(1, ...bins.map(bin => bin.count));
  const show = (from: number, to: number): void => {
    filter.value = withRange(filter.value, name, from, to);
    if (tab.value !== 'groups') tab.value = 'responses';
  };
  return (
    <svg class="sparkline" width={bins.length * barWidth} height={barHeight} role="img" aria-label={`Spread of ${name}`}>
      {bins.map(({ from, to, count }, index) => {
        const height = count === 0 ? 1 : Math.max(2, (count / most) * barHeight);
        return (
          <g key={index} class="bar" onClick={() => count > 0 && show(from, to)}>
            <title>{`${count} with ${name} from ${from.toFixed(2)} to ${to.toFixed(2)}`}</title>
            <rect class="bar-hit" x={index * barWidth} y={0} width={barWidth} height={barHeight} />
            <rect class={count === 0 ? 'bar-empty' : 'bar-full'} x={index * barWidth} y={barHeight - height} width={barWidth - 1} height={height} />
          </g>
        );
      })}
    </svg>
  );
}

/** The change since the last save, or against the file while numbers are tried; nothing where there is none. */
export function Delta({ value, before }: { readonly value: number | null; readonly before: number | null | undefined }) {
  if (value === null || before === null || before === undefined || Math.abs(value - before) < 5e-4) return null;
  const isUp = value > before;
  return <span class={`delta number ${isUp ? 'positive' : 'negative'}`} title={`Was ${before.toFixed(3)} before`}>{isUp ? '▲' : '▼'}{Math.abs(value - before).toFixed(3)}</span>;
}

import type { AttackResult } from '../../src/core/rewards/attacks/attackReport';
import { attacks, componentNames, selectAttack, selectedAttack } from './playgroundModel';
import { ComponentCell, rowHeight } from './ScoreTable';
import { VirtualRows } from '../shared/virtualRows';

/** Known attacks, what pays most first, against what the honest answer earns. */
export function AttackTable() {
  const told = attacks.value;
  if (!told || told.kind === 'working') return <div class="empty"><vscode-progress-ring aria-label="Attacking the reward" /></div>;
  if (told.kind === 'none') return <div class="empty"><p>{told.message}</p></div>;
  const { honest, failure, samples, results } = told.report;
  const names = componentNames.value;
  const current = selectedAttack.value ?? results[0]?.attack.id;
  const at = results.findIndex(({ attack }) => attack.id === current);
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 }[event.key];
    const next = by === undefined ? undefined : results[Math.max(0, Math.min(results.length - 1, at + by))];
    if (!next) return;
    event.preventDefault();
    selectAttack(next.attack.id);
  };
  return (
    <div class="attacks">
      <p class="dim facts-line">The honest answer earns <b class="number">{honest === null ? '–' : honest.toFixed(3)}</b> on {samples} samples. {failure ? `The reward fails on it: ${failure.message}` : summaryOf(results)}</p>
      <VirtualRows
        label="Attacks" class="scores" count={results.length} rowHeight={rowHeight} selected={at} onKeyDown={move}
        columns={<><col class="col-attack" /><col class="col-knows" /><col class="col-number" /><col class="col-bar" />{names.map(name => <col key={name} class="col-number" />)}</>}
        head={<tr><th>Attack</th><th>Knows</th><th class="number">overall</th><th>of honest</th>{names.map(name => <th key={name} class="number">{name}</th>)}</tr>}
        row={index => {
          const result = results[index];
          if (!result) return null;
          const { attack, mean, components, errors } = result;
          return (
            <tr key={attack.id} aria-selected={attack.id === current} onClick={() => selectAttack(attack.id)}>
              <td title={attack.what}><Verdict result={result} /> {attack.name}</td>
              <td class="dim" title={knows[attack.knows].title}>{knows[attack.knows].label}</td>
              <td class="number strong">{mean === null ? (errors > 0 ? 'failed' : '–') : mean.toFixed(3)}</td>
              <td><Share mean={mean} honest={honest} verdict={result.verdict} /></td>
              {names.map(name => <ComponentCell key={name} value={components[name]} isFailed={false} />)}
            </tr>
          );
        }}
      />
    </div>
  );
}

const knows = {
  nothing: { label: 'nothing', title: 'A policy can find it without knowing anything of the sample' },
  dataset: { label: 'dataset', title: 'It takes the labels of other rows' },
  labels: { label: 'labels', title: 'It takes the labels of this row: worrying only where it earns more than the honest answer' },
} as const;

const verdicts: Readonly<Record<AttackResult['verdict'], { readonly icon: string; readonly tone: string; readonly title: string }>> = {
  'pays-more': { icon: 'flame', tone: 'negative', title: 'Earns more than the honest answer' },
  pays: { icon: 'warning', tone: 'zero-tone', title: 'Earns nearly all that the honest answer earns' },
  partly: { icon: 'circle-large-outline', tone: 'dim', title: 'Earns more than a third of what the honest answer earns' },
  holds: { icon: 'check', tone: 'positive', title: 'Earns little: the reward holds' },
  failed: { icon: 'error', tone: 'error', title: 'The reward failed on it' },
};

function Verdict({ result: { verdict } }: { readonly result: AttackResult }) {
  const { icon, tone, title } = verdicts[verdict];
  return <i class={`codicon codicon-${icon} ${tone}`} role="img" aria-label={title} title={title} />;
}

function Share({ mean, honest, verdict }: { readonly mean: number | null; readonly honest: number | null; readonly verdict: AttackResult['verdict'] }) {
  if (mean === null || honest === null || honest <= 0) return <span class="dim">–</span>;
  const share = mean / honest;
  return <span class="share" title={`${Math.round(share * 100)} % of the honest answer`}><span class={`share-bar share-${verdict}`} style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} /></span>;
}

function summaryOf(results: readonly AttackResult[]): string {
  const count = (verdict: AttackResult['verdict']): number => results.filter(result => result.verdict === verdict).length;
  const [more, pays, failed] = [count('pays-more'), count('pays'), count('failed')];
  const parts = [more > 0 ? `${more} of ${results.length} attacks earn more` : '', pays > 0 ? `${pays} earn nearly as much` : '', failed > 0 ? `the reward fails on ${failed}` : ''].filter(Boolean);
  return parts.length === 0 ? `None of ${results.length} attacks comes near.` : `${parts.join(', ')}.`;
}

import { type DifficultyCounts, type StageForecast, teachingSamples } from '../../src/core/rewards/forecast/stageForecast';
import { forecast, openGroup } from './playgroundModel';

/** What the reward as it is now does to stored rollouts, stage by stage. */
export function ForecastPane() {
  const told = forecast.value;
  if (!told || told.kind === 'working') return <div class="empty"><vscode-progress-ring aria-label="Scoring stored rollouts" /></div>;
  if (told.kind === 'none') return <div class="empty"><p>{told.message}</p></div>;
  return <div class="forecast" role="region" aria-label="Forecast" tabIndex={0}>{told.stages.map(stage => <Stage key={`${stage.stage} ${stage.dataset}`} told={stage} />)}</div>;
}

function Stage({ told }: { readonly told: StageForecast }) {
  const { stage, dataset, isReplay, runFolder, baseline, hash, forecast: shift, errors } = told;
  const isUnchanged = shift.shifts.every(({ changed }) => changed === 0);
  return (
    <section class="stage-forecast" aria-label={`Forecast of ${stage} on ${dataset}`}>
      <h2>{stage} <span class="dim">{dataset}{isReplay ? ', replayed' : ''}</span></h2>
      <p class="dim facts-line">{shift.rollouts} stored rollouts in {shift.groups} groups of {runFolder.split(/[\\/]/).at(-1)}, scored now (version {hash.slice(0, 7)}) against {baseline.kind === 'saved' ? 'the version before the save' : 'the scores in the run'} ({baseline.hash.slice(0, 7) || 'unknown version'}).</p>
      {errors > 0 && <p class="error"><i class="codicon codicon-error" aria-hidden="true" /> The reward fails on {errors} of them now.</p>}
      {isUnchanged ? <p><i class="codicon codicon-check" aria-hidden="true" /> No score changes.</p> : <>
        <Shifts told={told} />
        <Signal told={told} />
      </>}
      {told.difficulty && <Difficulty {...told.difficulty} />}
      {told.changedGroups > 0 && <ChangedGroups told={told} />}
    </section>
  );
}

function Shifts({ told: { forecast: { shifts, rollouts } } }: { readonly told: StageForecast }) {
  return (
    <table class="shifts">
      <thead><tr><th>Component</th><th class="number">before</th><th class="number">after</th><th class="number">Δ</th><th class="number">changed</th></tr></thead>
      <tbody>{shifts.map(({ name, before, after, changed }) => (
        <tr key={name}><td>{name === 'overall' ? <b>{name}</b> : name}</td><td class="number">{decimal(before)}</td><td class="number">{decimal(after)}</td><td class="number"><Change before={before} after={after} /></td><td class="number dim">{Math.round((changed / Math.max(1, rollouts)) * 100)} %</td></tr>
      ))}</tbody>
    </table>
  );
}

/** The groups that teach, before and after, and what that means for a step. */
function Signal({ told }: { readonly told: StageForecast }) {
  const { forecast: shift, plan } = told;
  const { zeroStdBefore, zeroStdAfter, gained, lost, flippedPairs, orderedPairs, bestChanged, groups } = shift;
  const teaching = teachingSamples(told);
  return (
    <ul class="signal">
      <li><b class="positive">+{gained}</b> groups gain a signal, <b class="negative">−{lost}</b> lose it; zero-std groups {percent(zeroStdBefore)} → <b>{percent(zeroStdAfter)}</b>.</li>
      {teaching && plan && <li>A step of {plan.samplesPerStep} samples: {teaching.before.toFixed(1)} → <b>{teaching.after.toFixed(1)}</b> of them teach; over {plan.steps} steps {signed(Math.round((teaching.after - teaching.before) * plan.steps))} groups.</li>}
      <li>{flippedPairs} of {orderedPairs} pairs of responses turn round{orderedPairs > 0 ? ` (${Math.round((flippedPairs / orderedPairs) * 100)} %)` : ''}; the best response is another one in {bestChanged} of {groups} groups.</li>
    </ul>
  );
}

function Difficulty({ component, before, after }: { readonly component: string; readonly before: DifficultyCounts; readonly after: DifficultyCounts }) {
  return (
    <table class="shifts">
      <thead><tr><th>Sorted by {component}</th><th class="number">before</th><th class="number">after</th></tr></thead>
      <tbody>{(['easy', 'medium', 'hard'] as const).map(level => <tr key={level}><td>{level}</td><td class="number">{before[level]}</td><td class="number">{after[level]}{after[level] !== before[level] && <span class="dim"> ({signed(after[level] - before[level])})</span>}</td></tr>)}</tbody>
    </table>
  );
}

function ChangedGroups({ told: { forecast: { changedGroups }, changedGroups: count, runFolder, stage } }: { readonly told: StageForecast }) {
  return (
    <>
      <h3>Groups that change {count > changedGroups.length && <span class="dim">the first {changedGroups.length} of {count}</span>}</h3>
      <ul class="changed-groups">
        {changedGroups.map(({ group, sampleId, flips, signal, bestChanged }) => (
          <li key={group}>
            <button class="link" title="Open the rollouts of this group" onClick={() => openGroup({ runFolder, stage, group })}>{sampleId}</button>
            <span class="dim">{[signal === 'gained' ? 'gains a signal' : signal === 'lost' ? 'loses its signal' : '', flips > 0 ? `${flips} pairs turn round` : '', bestChanged ? 'another best response' : ''].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Change({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  if (before === null || after === null || Math.abs(after - before) < 5e-4) return <span class="dim">–</span>;
  return <span class={after > before ? 'positive' : 'negative'}>{after > before ? '▲' : '▼'}{Math.abs(after - before).toFixed(3)}</span>;
}

const decimal = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
const signed = (value: number): string => (value > 0 ? `+${value}` : value < 0 ? `−${-value}` : '±0');

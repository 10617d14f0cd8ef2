import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { Alarms } from './Alarms';
import { Comparison } from './Comparison';
import { Evaluations } from './Evaluations';
import { LatestRollouts } from './LatestRollouts';
import { Problems } from './Problems';
import { state } from './runModel';

/** What the run has found so far: problems, alarms, other runs beside it, the latest responses, held-out results, difficulty. */
export function Findings({ host }: { readonly host: Host<RunContract> }) {
  return (
    <aside class="findings">
      <Problems host={host} />
      <Alarms host={host} />
      <Comparison host={host} />
      <LatestRollouts host={host} />
      <Evaluations />
      <DifficultyCounts />
    </aside>
  );
}

function DifficultyCounts() {
  const { difficulty } = state.value;
  if (difficulty.length === 0) return null;
  return (
    <section aria-label="Difficulty">
      <h2>Difficulty</h2>
      {difficulty.map(counts => {
        const total = counts.easy + counts.medium + counts.hard || 1;
        return (
          <div class="difficulty" key={counts.dataset}>
            <div class="row"><span class="grow">{counts.dataset}</span><span class="dim number">{counts.easy + counts.medium + counts.hard} × {counts.responses}</span></div>
            <div class="difficulty-bar" aria-hidden="true">
              {(['easy', 'medium', 'hard'] as const).map(name => <span key={name} class={name} style={{ width: `${(counts[name] / total) * 100}%` }} />)}
            </div>
            <div class="row dim legend">
              {(['easy', 'medium', 'hard'] as const).map(name => <span key={name}><i class={`swatch ${name}`} />{name} <span class="number">{counts[name]}</span></span>)}
            </div>
          </div>
        );
      })}
    </section>
  );
}

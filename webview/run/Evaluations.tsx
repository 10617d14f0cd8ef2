import { estimateInWords, estimateOf, evaluatedPolicies, heldOutMetrics, signed } from '../../src/core/runs/report';
import type { RunState } from '../../src/core/runs/runState';
import { isActive, state } from './runModel';

/** Held-out results: one table a dataset, before → after each stage, sampled beside greedy. */
export function Evaluations() {
  const run = state.value;
  const datasets = [...new Set(run.evaluations.map(evaluation => evaluation.dataset))];
  const isPlanned = run.stages.some(stage => stage.name === 'evaluation');
  if (datasets.length === 0 && !isPlanned) return null;
  return (
    <section aria-label="Held-out evaluation">
      <h2>Held-out</h2>
      {datasets.length === 0 && <p class="dim">{isActive.value ? 'Appears when the first policy has been evaluated.' : 'No policy was evaluated.'}</p>}
      {datasets.map(dataset => <EvaluationTable key={dataset} run={run} dataset={dataset} />)}
    </section>
  );
}

function EvaluationTable({ run, dataset }: { readonly run: RunState; readonly dataset: string }) {
  const policies = evaluatedPolicies(run);
  const own = run.evaluations.filter(evaluation => evaluation.dataset === dataset);
  const metrics = heldOutMetrics([...new Set(own.flatMap(evaluation => Object.keys(evaluation.metrics)))]);
  const samples = own[0]?.n ?? 0;
  return (
    <table class="evaluation">
      <caption>{dataset} <span class="dim">{samples} samples; sampled, below it greedy</span></caption>
      <thead>
        <tr><th scope="col" />{policies.map(policy => <th scope="col" class="number" key={policy} title={`Policy after ${policy}`}>{policy}</th>)}<th scope="col" class="number">change</th></tr>
      </thead>
      <tbody>
        {metrics.flatMap(metric =>
          (['sampled', 'greedy'] as const).map(mode => {
            const estimates = policies.map(policy => estimateOf(run, policy, dataset, mode, metric));
            const known = estimates.filter(estimate => estimate !== undefined);
            if (known.length === 0) return null;
            const change = known.length > 1 ? (known.at(-1)?.mean ?? 0) - (known[0]?.mean ?? 0) : null;
            return (
              <tr key={`${metric} ${mode}`} class={mode}>
                <th scope="row">{mode === 'sampled' ? metric.replace('reward/', '') : <span class="dim">greedy</span>}</th>
                {estimates.map((estimate, index) => (
                  <td class="number" key={index} title={estimate ? estimateInWords(estimate) : undefined}>
                    {estimate ? <>{estimate.mean.toFixed(2)} <span class="dim interval">±{((estimate.high - estimate.low) / 2).toFixed(2)}</span></> : '–'}
                  </td>
                ))}
                <td class={`number ${change === null || Math.abs(change) < 0.005 ? 'dim' : change > 0 ? 'positive' : 'negative'}`}>{change === null ? '–' : signed(change, 2)}</td>
              </tr>
            );
          }),
        )}
      </tbody>
    </table>
  );
}

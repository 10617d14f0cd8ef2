import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { Evaluations } from './Evaluations';
import { header, isActive, state } from './runModel';

/** What the run has found so far: held-out results, difficulty, problems. */
export function Findings({ host }: { readonly host: Host<RunContract> }) {
  return (
    <aside class="findings">
      <Problems host={host} />
      <Evaluations />
      <DifficultyCounts />
    </aside>
  );
}

function Problems({ host }: { readonly host: Host<RunContract> }) {
  const { error, problems } = state.value;
  const ofFiles = (header.value?.problems ?? []).filter(problem => !(isActive.value && problem.rule === 'run/unreadable')); // a run that has just started has no run.json yet
  const all = [
    ...(error ? [{ severity: 'error' as const, message: error.message, remedy: error.remedy, place: undefined }] : []),
    ...problems.map(problem => ({ ...problem, place: undefined })),
    ...ofFiles.map(problem => ({ severity: problem.severity, message: problem.message, remedy: problem.remedy, place: { file: problem.file, line: problem.line } })),
  ];
  if (all.length === 0) return null;
  return (
    <section aria-label="Problems">
      <h2>Problems <span class="badge">{all.length}</span></h2>
      <ul class="problems">
        {all.map((problem, index) => (
          <li key={index}>
            <i class={`codicon codicon-${problem.severity === 'error' ? 'error' : 'warning'} ${problem.severity}`} aria-label={problem.severity} />
            <div>
              <div>{problem.message}</div>
              {problem.remedy && <div class="dim">{problem.remedy}</div>}
              {problem.place && <PlaceLink place={problem.place} host={host} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PlaceLink({ place, host }: { readonly place: { file: string; line?: number }; readonly host: Host<RunContract> }) {
  const name = place.file.split(/[\\/]/).at(-1) ?? place.file;
  return <button class="link" onClick={() => host.send('openProblem', place)}>{name}{place.line === undefined ? '' : `, line ${place.line}`}</button>;
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

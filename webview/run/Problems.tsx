import type { Host } from '../shared/connect';
import type { Offer } from '../../src/core/runs/runEvent';
import { isResumable } from '../../src/core/runs/runStatus';
import type { RunContract } from '../../src/protocol/run';
import { header, isActive, state } from './runModel';

interface ShownProblem {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly remedy: string;
  readonly offers: readonly Offer[];
  readonly place?: { readonly file: string; readonly line?: number };
}

/** What went wrong, with the ways out that the trainer offers. */
export function Problems({ host }: { readonly host: Host<RunContract> }) {
  const all = problemsNow();
  if (all.length === 0) return null;
  return (
    <section aria-label="Problems">
      <h2>Problems <span class="badge">{all.length}</span></h2>
      <ul class="problems">
        {all.map((problem, index) => (
          <li key={index}>
            <i class={`codicon codicon-${problem.severity} ${problem.severity}`} aria-label={problem.severity} />
            <div>
              <div>{problem.message}</div>
              {problem.remedy && <div class="dim">{problem.remedy}</div>}
              {problem.offers.map((offer, place) => <OfferRow key={place} offer={offer} host={host} />)}
              {problem.place && <PlaceLink place={problem.place} host={host} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function problemsNow(): readonly ShownProblem[] {
  const { error, problems } = state.value;
  const ofFiles = (header.value?.problems ?? []).filter(problem => !(isActive.value && problem.rule === 'run/unreadable')); // a run that has just started has no run.json yet
  return [
    ...(error ? [{ severity: 'error' as const, message: error.message, remedy: error.remedy, offers: error.offers ?? [] }] : []),
    ...problems.filter(({ message }) => message !== error?.message).map(({ severity, message, remedy, offers = [] }) => ({ severity, message, remedy, offers })),
    ...ofFiles.map(({ severity, message, remedy, file, line }) => ({ severity, message, remedy, offers: [], place: { file, line } })),
  ];
}

/** `policy.microBatch = 4` and what it means; a button while the run can be resumed. */
function OfferRow({ offer, host }: { readonly offer: Offer; readonly host: Host<RunContract> }) {
  const values = Object.entries(offer.set).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join(', ');
  const canResume = header.value !== null && isResumable(header.value.status);
  return (
    <div class="offer">
      <div>{offer.label}{values !== '' && values !== offer.label && <div class="mono dim">{values}</div>}</div>
      <div class="dim">{offer.sameMeaning ? 'What is optimised stays the same.' : 'This changes what is optimised: the run is then no longer the one that was started.'}</div>
      {canResume && <vscode-button appearance={offer.sameMeaning ? 'primary' : 'secondary'} onClick={() => host.send('resume', { set: offer.set })}>{values === '' ? 'Resume' : 'Resume with This'}</vscode-button>}
    </div>
  );
}

function PlaceLink({ place, host }: { readonly place: { readonly file: string; readonly line?: number }; readonly host: Host<RunContract> }) {
  const name = place.file.split(/[\\/]/).at(-1) ?? place.file;
  return <button class="link" onClick={() => host.send('openProblem', place)}>{name}{place.line === undefined ? '' : `, line ${place.line}`}</button>;
}

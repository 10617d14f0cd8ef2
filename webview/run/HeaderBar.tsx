import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { durationInWords } from '../../src/core/runs/duration';
import { secondsLeft } from '../../src/core/runs/eta';
import { currentStage } from '../../src/core/runs/runState';
import { isResumable, type RunStatus, statusWords } from '../../src/core/runs/runStatus';
import { header, now, series, seriesVersion, state } from './runModel';

const statusIcons: Readonly<Record<RunStatus, string>> = {
  active: 'sync codicon-modifier-spin', completed: 'pass-filled', stopped: 'debug-pause', failed: 'error', interrupted: 'debug-disconnect', elsewhere: 'remote',
};

/** Name, status, time left, and what can be done with the run. */
export function HeaderBar({ host }: { readonly host: Host<RunContract> }) {
  const run = header.value;
  if (!run) return null;
  return (
    <header class="run-header">
      <h1>{run.name}</h1>
      <span class={`status status-${run.status}`}><i class={`codicon codicon-${statusIcons[run.status]}`} aria-hidden="true" />{statusWords[run.status]}</span>
      <span class="dim facts">{facts(run.seed)}</span>
      <span class="grow" />
      {run.status === 'active' && <Action icon="debug-stop" label="Stop" title="Stop after the current step; it can be resumed" onClick={() => host.send('stop', null)} />}
      {isResumable(run.status) && <Action icon="debug-continue" label="Resume" title="Go on from the last checkpoint" isPrimary onClick={() => host.send('resume', null)} />}
      <Action icon="list-tree" label="Rollouts" title="Look at the responses" isDisabled={run.rolloutStages.length === 0} onClick={() => host.send('rollouts', {})} />
      <Action icon="output" label="Report" title="The run's table" onClick={() => host.send('report', null)} />
      <vscode-button appearance="icon" title={`Open folder ${run.id}`} aria-label="Open folder" onClick={() => host.send('reveal', null)}>
        <span class="codicon codicon-folder-opened" />
      </vscode-button>
    </header>
  );
}

/** `seed 0 · 4m 10s · about 2m 30s left in perception` */
function facts(seed: number | null): string {
  void seriesVersion.value; // the pace follows the steps
  const run = state.value;
  const stage = currentStage(run);
  const isRunning = header.value?.status === 'active';
  const elapsed = isRunning && run.started !== null ? now.value - run.started : run.started !== null && run.updated !== null ? run.updated - run.started : null;
  const left = isRunning && stage ? secondsLeft(stage, series.points, now.value) : null;
  return [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(elapsed === null ? [] : [durationInWords(elapsed)]),
    ...(left === null || left < 1 || !stage ? [] : [`about ${durationInWords(left)} left in ${stage.name}`]),
  ].join(' · ');
}

interface ActionProps {
  readonly icon: string;
  readonly label: string;
  readonly title: string;
  readonly isPrimary?: boolean;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

function Action({ icon, label, title, isPrimary, isDisabled, onClick }: ActionProps) {
  return (
    <vscode-button appearance={isPrimary ? 'primary' : 'secondary'} title={title} disabled={isDisabled ?? false} onClick={onClick}>
      {label}<span slot="start" class={`codicon codicon-${icon}`} />
    </vscode-button>
  );
}

import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { durationInWords } from '../../src/core/runs/duration';
import { secondsLeft, secondsLeftOfRun } from '../../src/core/runs/eta';
import { tokensASecond } from '../../src/core/runs/tokensASecond';
import { currentStage } from '../../src/core/runs/runState';
import { isResumable, type RunStatus, statusWords } from '../../src/core/runs/runStatus';
import { gpus, header, now, series, seriesVersion, state } from './runModel';

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
      <Gpus />
      <span class="grow" />
      {run.status === 'active' && <Action icon="debug-stop" label="Stop" title="Stop after the current step; it can be resumed" onClick={() => host.send('stop', null)} />}
      {isResumable(run.status) && <Action icon="debug-continue" label="Resume" title="Go on from the last checkpoint" isPrimary onClick={() => host.send('resume', {})} />}
      <Action icon="list-tree" label="Rollouts" title="Look at the responses" isDisabled={run.rolloutStages.length === 0} onClick={() => host.send('rollouts', {})} />
      <Action icon="output" label="Report" title="The run's table" onClick={() => host.send('report', null)} />
      <vscode-button appearance="icon" title="Export the metrics for TensorBoard, W&B or trackio" aria-label="Export metrics" onClick={() => host.send('exportMetrics', null)}>
        <span class="codicon codicon-export" />
      </vscode-button>
      <vscode-button appearance="icon" title={`Open folder ${run.id}`} aria-label="Open folder" onClick={() => host.send('reveal', null)}>
        <span class="codicon codicon-folder-opened" />
      </vscode-button>
    </header>
  );
}

/** `seed 0 · 4m 10s · about 2h 05m left · 812 tokens/s · resumed 2 times` */
function facts(seed: number | null): string {
  void seriesVersion.value; // the pace follows the steps
  const run = state.value;
  const isRunning = header.value?.status === 'active';
  const elapsed = isRunning && run.started !== null ? now.value - run.started : run.started !== null && run.updated !== null ? run.updated - run.started : null;
  const pace = isRunning ? tokensASecond(currentStage(run)?.name, header.value?.plan ?? [], series) : null;
  return [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(elapsed === null ? [] : [durationInWords(elapsed)]),
    ...(isRunning ? timeLeft() : []),
    ...(pace === null ? [] : [`${pace >= 100 ? Math.round(pace) : pace.toFixed(1)} tokens/s`]),
    ...(run.attempts > 1 ? [`resumed ${run.attempts === 2 ? 'once' : `${run.attempts - 1} times`}`] : []),
  ].join(' · ');
}

/** Of the whole run where it can be told, else of the stage. */
function timeLeft(): readonly string[] {
  const stage = currentStage(state.value);
  const whole = secondsLeftOfRun(state.value, header.value?.plan ?? [], series, now.value);
  if (whole !== null && whole >= 1) return [`about ${durationInWords(whole)} left`];
  const left = stage ? secondsLeft(stage, series, now.value) : null;
  return left === null || left < 1 || !stage ? [] : [`about ${durationInWords(left)} left in ${stage.name}`];
}

/** Memory and use of this machine's GPUs while the run is active. */
function Gpus() {
  if (header.value?.status !== 'active') return null;
  return <>
    {gpus.value.map(gpu => (
      <span key={gpu.index} class="gpu dim number" title={gpu.name}>
        <i class="codicon codicon-chip" aria-hidden="true" />GPU {gpu.index} {(gpu.used / 2 ** 30).toFixed(1)} of {(gpu.memory / 2 ** 30).toFixed(0)} GB{gpu.use === null ? '' : `, ${Math.round(gpu.use * 100)} %`}
        <span class="gpu-track" aria-hidden="true"><span style={{ width: `${Math.min(100, (gpu.used / gpu.memory) * 100)}%` }} /></span>
      </span>
    ))}
  </>;
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

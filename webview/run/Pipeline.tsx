import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { durationInWords } from '../../src/core/runs/duration';
import type { StageState, StageStatus } from '../../src/core/runs/runState';
import { header, isActive, state } from './runModel';

const icons: Readonly<Record<StageStatus, string>> = {
  waiting: 'circle-large-outline', running: 'loading codicon-modifier-spin', done: 'pass-filled', stopped: 'debug-pause', failed: 'error',
};

/** The stages as a row of nodes; a node with rollouts opens them. */
export function Pipeline({ host }: { readonly host: Host<RunContract> }) {
  const { stages } = state.value;
  if (stages.length === 0) return <div class="pipeline dim"><span class="starting">{isActive.value ? 'The trainer is loading its packages and the policy…' : 'This run has no events.'}</span></div>;
  return (
    <ol class="pipeline" aria-label="Stages">
      {stages.map(stage => <Stage key={stage.name} stage={stage} onOpen={hasRollouts(stage) ? () => host.send('rollouts', { stage: stage.name }) : undefined} />)}
    </ol>
  );
}

function hasRollouts(stage: StageState): boolean {
  return header.value?.rolloutStages.includes(stage.name) ?? false;
}

function Stage({ stage, onOpen }: { readonly stage: StageState; readonly onOpen: (() => void) | undefined }) {
  // A trainer that was killed could not write that its stage ended.
  const status = stage.status === 'running' && !isActive.value ? 'stopped' : stage.status;
  const share = status === 'done' ? 1 : stage.total ? Math.min(1, stage.done / stage.total) : 0;
  return (
    <li class={`stage stage-${status}`} aria-current={status === 'running' ? 'step' : undefined}>
      <button class="stage-button" disabled={!onOpen} onClick={onOpen} title={onOpen ? `Open the rollouts of ${stage.name}` : undefined}>
        <i class={`codicon codicon-${icons[status]}`} aria-hidden="true" />
        <span class="stage-name">{stage.name}</span>
        <span class="stage-words number">{wordsOf(stage, status)}</span>
        <span class="stage-track" aria-hidden="true"><span style={{ width: `${share * 100}%` }} /></span>
      </button>
    </li>
  );
}

function wordsOf(stage: StageState, status: StageStatus): string {
  if (status === 'done') return stage.reused ? 'reused' : durationInWords(stage.seconds ?? 0);
  if (status === 'waiting') return 'waiting';
  return stage.total === null ? status : `${stage.done}/${stage.total}`;
}

import type { RunState } from './runState';

/** Where the process of a run is, as far as this machine can tell. */
export type Liveness = 'alive' | 'gone' | 'elsewhere';

/** `interrupted`: the process ended without a word (killed, power cut). `elsewhere`: another machine started it and it has not finished. */
export type RunStatus = 'active' | 'completed' | 'stopped' | 'failed' | 'interrupted' | 'elsewhere';

/** What the events say, corrected by whether the process lives: a killed trainer cannot write that it ended. */
export function statusOfRun(state: RunState, liveness: Liveness): RunStatus {
  if (liveness === 'alive') return 'active';
  if (state.status === 'completed' || state.status === 'stopped' || state.status === 'failed') return state.status;
  return liveness === 'elsewhere' ? 'elsewhere' : 'interrupted';
}

export function isResumable(status: RunStatus): boolean {
  return status === 'stopped' || status === 'failed' || status === 'interrupted';
}

export const statusWords: Readonly<Record<RunStatus, string>> = {
  active: 'running', completed: 'completed', stopped: 'stopped', failed: 'failed', interrupted: 'interrupted', elsewhere: 'on another machine',
};

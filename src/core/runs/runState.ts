import type { RunEvent, RunFailure } from './runEvent';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

export type StageStatus = 'waiting' | 'running' | 'done' | 'stopped' | 'failed';

export interface StageState {
  readonly name: string;
  readonly status: StageStatus;
  /** Seconds since 1970, null before it started. */
  readonly started: number | null;
  /** How long it took; null while it has not finished. */
  readonly seconds: number | null;
  /** Steps, or samples for sampling and evaluation. */
  readonly done: number;
  readonly total: number | null;
  /** Taken over from an earlier run: nothing was computed. */
  readonly reused: boolean;
}

/** What the events of a run add up to. Metric curves are in `MetricSeries`. */
export interface RunState {
  /** As the events tell; a run whose process died without a last word still says 'running'. */
  readonly status: 'starting' | 'running' | 'completed' | 'stopped' | 'failed';
  readonly started: number | null;
  /** Time of the last event. */
  readonly updated: number | null;
  readonly seconds: number | null;
  readonly error: RunFailure | null;
  readonly stages: readonly StageState[];
  readonly difficulty: readonly EventOf<'difficulty'>[];
  readonly evaluations: readonly EventOf<'evaluation'>[];
  /** One for each dataset and sampling between stages. */
  readonly transitions: readonly EventOf<'transitions'>[];
  readonly problems: readonly EventOf<'problem'>[];
  readonly lastCheckpoint: EventOf<'checkpoint'> | null;
  /** How often the run was started or resumed. */
  readonly attempts: number;
}

export const emptyRunState: RunState = {
  status: 'starting', started: null, updated: null, seconds: null, error: null, stages: [], difficulty: [], evaluations: [], transitions: [], problems: [], lastCheckpoint: null, attempts: 0,
};

/** The state after one more event. Events may repeat (a resumed run writes the steps after its checkpoint again): the last one counts. */
export function advanceRun(state: RunState, event: RunEvent): RunState {
  const next: RunState = { ...state, updated: event.time };
  switch (event.type) {
    case 'run-started':
      return { ...next, status: 'running', started: state.started ?? event.time, seconds: null, error: null, stages: planned(state.stages, event.stages), attempts: state.attempts + 1 };
    case 'stage-started':
      return withStage(pauseOthers(next, event.stage), event.stage, stage => ({ ...stage, status: 'running', started: event.time, total: event.total ?? stage.total, seconds: null, done: 0 }));
    case 'progress':
      return withStage(pauseOthers(next, event.stage), event.stage, stage => ({ ...running(stage, event.time), done: event.done, total: event.total }));
    case 'step':
      return withStage(pauseOthers(next, event.stage), event.stage, stage => ({ ...running(stage, event.time), done: event.step, total: event.total }));
    case 'difficulty':
      return { ...next, difficulty: [...state.difficulty.filter(other => other.dataset !== event.dataset), event] };
    case 'evaluation': {
      const isSame = (other: EventOf<'evaluation'>): boolean =>
        other.stage === event.stage && other.dataset === event.dataset && other.mode === event.mode;
      return { ...next, evaluations: [...state.evaluations.filter(other => !isSame(other)), event] };
    }
    case 'transitions': {
      const isSame = (other: EventOf<'transitions'>): boolean => other.stage === event.stage && other.dataset === event.dataset;
      return { ...next, transitions: [...state.transitions.filter(other => !isSame(other)), event] };
    }
    case 'checkpoint':
      return { ...next, lastCheckpoint: event };
    case 'problem':
      return { ...next, problems: [...state.problems, event] };
    case 'stage-finished':
      return withStage(next, event.stage, stage => finished(stage, event));
    case 'run-finished': {
      const stages = state.stages.map(stage => (stage.status === 'running' ? { ...stage, status: event.status === 'failed' ? 'failed' : 'stopped' } as const : stage));
      return { ...next, status: event.status, seconds: event.seconds, error: event.error ?? null, stages };
    }
  }
}

export function runStateOf(events: Iterable<RunEvent>): RunState {
  let state = emptyRunState;
  for (const event of events) state = advanceRun(state, event);
  return state;
}

/** The stage that is being worked on, else the one that was when the run ended. */
export function currentStage(state: RunState): StageState | undefined {
  return state.stages.find(stage => stage.status === 'running') ?? state.stages.findLast(stage => stage.status === 'stopped' || stage.status === 'failed');
}

/** Share of the run that is done, 0 to 1: every stage counts the same. */
export function runShare(state: RunState): number {
  if (state.status === 'completed') return 1;
  if (state.stages.length === 0) return 0;
  const sum = state.stages.reduce((total, stage) => total + (stage.status === 'done' ? 1 : stage.total ? Math.min(1, stage.done / stage.total) : 0), 0);
  return sum / state.stages.length;
}

/** A resumed run keeps what its finished stages said; the others start again. */
function planned(known: readonly StageState[], names: readonly string[]): readonly StageState[] {
  return names.map(name => {
    const before = known.find(stage => stage.name === name);
    return before?.status === 'done' ? before : { ...(before ?? newStage(name)), status: 'waiting', seconds: null };
  });
}

function newStage(name: string): StageState {
  return { name, status: 'waiting', started: null, seconds: null, done: 0, total: null, reused: false };
}

/** A resumed run names its finished stages once more, as reused and without their time; what they took before stays. */
function finished(stage: StageState, event: EventOf<'stage-finished'>): StageState {
  if (stage.status === 'done' && event.reused) return stage;
  return { ...stage, status: 'done', started: stage.started ?? event.time, seconds: event.seconds, reused: event.reused, done: stage.total ?? stage.done };
}

/** One stage works at a time: evaluation takes its turn after each of the others, and waits in between. */
function pauseOthers(state: RunState, name: string): RunState {
  if (!state.stages.some(stage => stage.status === 'running' && stage.name !== name)) return state;
  return { ...state, stages: state.stages.map(stage => (stage.status === 'running' && stage.name !== name ? { ...stage, status: 'waiting', done: 0 } : stage)) };
}

/** A stage whose start was lost with a half line still counts as running. */
function running(stage: StageState, time: number): StageState {
  return stage.status === 'running' ? stage : { ...stage, status: 'running', started: stage.started ?? time };
}

function withStage(state: RunState, name: string, change: (stage: StageState) => StageState): RunState {
  const isKnown = state.stages.some(stage => stage.name === name);
  const stages = isKnown ? state.stages : [...state.stages, newStage(name)];
  return { ...state, status: state.status === 'starting' ? 'running' : state.status, stages: stages.map(stage => (stage.name === name ? change(stage) : stage)) };
}

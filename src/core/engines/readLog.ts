import { causeOf, causeOfLine, type LogCause } from '../runs/logCause';
import type { RunEvent } from '../runs/runEvent';
import { type LogBlock, extendBlock, metricsOfBlock, startsBlock } from './logBlock';
import { cleanLine, type LogLine } from './logLine';
import { stepOfLine, progressOfLine } from './logStep';
import { canonicalMetrics, type LogDialect } from './metricNames';

/** The stage whose console is read. */
export interface LogPlace {
  readonly dialect: LogDialect;
  readonly stage: string;
  /** Steps of the stage. */
  readonly total: number;
}

/** What is remembered between lines; a new one comes back from each, the old one stays as it was. */
export interface LogState {
  readonly place: LogPlace;
  /** The last step that was told. */
  readonly step: number;
  /** All that was said of that step: engines tell it twice when they validate after it. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Steps done as a progress bar says, for consoles whose metrics carry no step. */
  readonly bar: number;
  /** Metrics that are spread over lines and not finished, by the process that writes them. */
  readonly blocks: ReadonlyMap<string, LogBlock>;
  /** Causes that were told: a traceback repeats them on every worker. */
  readonly told: ReadonlySet<string>;
}

export interface LogRead {
  readonly state: LogState;
  readonly events: readonly RunEvent[];
}

/** Causes that our own trainer tells by these names. */
const ownCauses: Readonly<Record<string, Extract<RunEvent, { readonly type: 'problem' }>['cause']>> = {
  'gpu-memory': 'out-of-memory', 'vllm-memory': 'out-of-memory', 'ray-memory': 'out-of-memory', 'host-memory': 'out-of-memory', 'disk-full': 'disk-full', resume: 'checkpoint-damaged',
};

export function startLog(place: LogPlace): LogState {
  return { place, step: 0, metrics: {}, bar: 0, blocks: new Map(), told: new Set() };
}

/** Takes one line of a console or of a file of metrics (without its line end). Never throws; a line that says nothing to us gives no event. `time`: seconds since 1970. */
export function readLogLine(state: LogState, text: string, time: number): LogRead {
  let current = state;
  const events: RunEvent[] = [];
  for (const line of cleanLine(text)) {
    const read = readClean(current, line, time);
    current = read.state;
    events.push(...read.events);
  }
  return { state: current, events };
}

/** The end of the log: metrics that waited for their next line. */
export function endLog(state: LogState, time: number): LogRead {
  let current = state;
  const events: RunEvent[] = [];
  for (const worker of state.blocks.keys()) {
    const read = closeBlock(current, worker, time);
    current = read.state;
    events.push(...read.events);
  }
  return { state: current, events };
}

function readClean(state: LogState, line: LogLine, time: number): LogRead {
  const open = state.blocks.get(line.worker);
  if (open) {
    const extended = extendBlock(open, line.text);
    if (extended) return { state: withBlock(state, line.worker, extended), events: [] };
    const closed = closeBlock(state, line.worker, time);
    const read = readClean(closed.state, line, time);
    return { state: read.state, events: [...closed.events, ...read.events] };
  }
  const block = startsBlock(line.text, state.place.dialect);
  if (block) return { state: withBlock(state, line.worker, block), events: [] };
  const found = stepOfLine(line.text, state.place.dialect);
  if (found && /^rank ?[1-9]/.test(line.worker)) return { state, events: [] }; // the first process says the same
  if (found) return told(state, found.step ?? (found.isEvaluation ? state.step : Math.max(state.step + 1, state.bar)), found.metrics, time);
  const done = progressOfLine(line.text);
  if (done !== undefined) return { state: { ...state, bar: done }, events: [] };
  return withCause(state, line.text, time);
}

function withCause(state: LogState, text: string, time: number): LogRead {
  const cause = causeOfLine(text);
  return cause ? problem(state, cause, text.trim().slice(0, 300), time) : { state, events: [] };
}

function problem(state: LogState, cause: LogCause, what: string, time: number): LogRead {
  if (state.told.has(cause.id)) return { state, events: [] };
  const event: RunEvent = {
    type: 'problem', time, severity: cause.severity, message: `${cause.title}: ${what}`, remedy: cause.remedy, stage: state.place.stage,
    ...(Object.hasOwn(ownCauses, cause.id) ? { cause: ownCauses[cause.id] } : {}), offers: [],
  };
  return { state: { ...state, told: new Set([...state.told, cause.id]) }, events: [event] };
}

function closeBlock(state: LogState, worker: string, time: number): LogRead {
  const block = state.blocks.get(worker);
  const without: LogState = { ...state, blocks: new Map([...state.blocks].filter(([name]) => name !== worker)) };
  return block ? told(without, block.step, metricsOfBlock(block), time) : { state, events: [] };
}

/** Step 0 is the evaluation before training; it and steps without a number are no points of a curve. */
function told(state: LogState, step: number, raw: readonly (readonly [string, number])[], time: number): LogRead {
  const named = canonicalMetrics(raw, state.place.dialect);
  const broken = raw.filter(([name, value]) => !Number.isFinite(value) && /(?:^|\/)(?:loss|pg_loss|grad_norm|reward|overall)$/.test(name)).map(([name]) => name);
  const nan = causeOf('nan');
  const warned = broken.length > 0 && nan ? problem(state, nan, `${broken.join(', ')} of step ${step}`, time) : { state, events: [] };
  if (step < 1 || Object.keys(named).length === 0) return warned;
  const metrics = step === state.step ? { ...state.metrics, ...named } : named;
  const { stage, total } = state.place;
  return { state: { ...warned.state, step, metrics }, events: [{ type: 'step', time, stage, step, total: Math.max(total, step), metrics }, ...warned.events] };
}

function withBlock(state: LogState, worker: string, block: LogBlock): LogState {
  return { ...state, blocks: new Map([...state.blocks, [worker, block]]) };
}

import type { RunEvent } from './runEvent';

export type AlarmId = 'component-zero' | 'zero-std' | 'length-collapse' | 'entropy-collapse' | 'kl-drift' | 'gradient' | 'cut-off' | 'reward-errors' | 'not-a-number';

/** Something in the curves that a person should look at before more hours are spent. */
export interface Alarm {
  readonly id: AlarmId;
  readonly stage: string;
  /** Where it was noticed. */
  readonly step: number;
  readonly metric: string;
  readonly message: string;
  readonly remedy: string;
}

type StepEvent = Extract<RunEvent, { readonly type: 'step' }>;

/** Steps that are compared: the first ones of a stage with the latest ones. Fewer say nothing. */
const width = 10;
/** A gradient norm so many times that of the steps before has jumped. */
const jump = 20;

/** A metric of one stage: its first values, and its latest. */
interface Trace {
  readonly first: number[];
  readonly last: number[];
  /** Place in `last` that the next value takes. */
  next: number;
  /** Mean of the first values, once they are all there. */
  start: number | undefined;
  /** Alarms that were raised for it. */
  readonly raised: Set<AlarmId>;
}

/** The metrics that a rule looks at; the others cost nothing. */
const watched = new Set(['zero_std', 'response_tokens', 'entropy', 'kl', 'grad_norm', 'loss', 'clipped', 'errors']);

/** Watches the steps of a run as they come. An alarm is raised once a stage and metric; steps that a resumed run repeats raise none again. */
export class AlarmWatch {
  private readonly stages = new Map<string, Map<string, Trace>>();

  /** The alarms that this event raises; most raise none. */
  add(event: RunEvent): readonly Alarm[] {
    if (event.type !== 'step') return [];
    let traces = this.stages.get(event.stage);
    if (!traces) this.stages.set(event.stage, (traces = new Map()));
    const alarms: Alarm[] = [];
    for (const metric in event.metrics) {
      if (!watched.has(metric) && !metric.startsWith('reward/')) continue;
      const alarm = look(traceOf(traces, metric), event, metric, event.metrics[metric] as number);
      if (alarm) alarms.push(alarm);
    }
    return [...alarms, ...missing(traces, event)];
  }
}

function look(trace: Trace, event: StepEvent, metric: string, value: number): Alarm | undefined {
  const { first, last, raised } = trace;
  const before = metric === 'grad_norm' && value > jump * Math.min(...last) ? median(last) : 0;
  if (first.length < width) first.push(value);
  if (last.length < width) last.push(value);
  else last[trace.next] = value;
  trace.next = (trace.next + 1) % width;
  if (last.length < width || raised.size > 0) return undefined;
  const isConstant = value === 0 && last.every(other => other === 0) && first.every(other => other === 0);
  const finding = findingOf(metric, (trace.start ??= mean(first)), mean(last), { before, value, isConstant });
  if (!finding) return undefined;
  raised.add(finding.id);
  return { ...finding, stage: event.stage, step: event.step, metric };
}

/** The trainer leaves out what is no finite number: a loss that was there and is gone was one. */
function missing(traces: ReadonlyMap<string, Trace>, { stage, step, metrics }: StepEvent): readonly Alarm[] {
  return ['loss', 'grad_norm'].flatMap((metric): readonly Alarm[] => {
    const trace = metrics[metric] === undefined ? traces.get(metric) : undefined;
    if (!trace || trace.raised.has('not-a-number')) return [];
    trace.raised.add('not-a-number');
    return [{
      id: 'not-a-number', stage, step, metric, message: `${metric} is no finite number any more.`,
      remedy: 'Go back to the checkpoint before, with a lower learning rate, gradient clipping, or bfloat16 in place of float16.',
    }];
  });
}

function traceOf(traces: Map<string, Trace>, metric: string): Trace {
  let trace = traces.get(metric);
  if (!trace) traces.set(metric, (trace = { first: [], last: [], next: 0, start: undefined, raised: new Set() }));
  return trace;
}

interface Now {
  /** Median of the steps before this one. */
  readonly before: number;
  readonly value: number;
  /** 0 from the first step on. */
  readonly isConstant: boolean;
}

function findingOf(metric: string, first: number, last: number, { before, value, isConstant }: Now): Pick<Alarm, 'id' | 'message' | 'remedy'> | undefined {
  if (metric.startsWith('reward/') && isConstant) {
    return { id: 'component-zero', message: `The component ${metric.slice('reward/'.length)} has been 0 in every step.`, remedy: 'Open a rollout in the playground: "why 0?" names what the component looked for and did not find.' };
  }
  switch (metric) {
    case 'zero_std':
      return last >= 0.6 && last >= first + 0.15 ? { id: 'zero-std', message: `${percent(last)} of the groups are zero-std, ${percent(first)} at the start: fewer and fewer samples teach something.`, remedy: 'Sample difficulty anew, turn on dynamic sampling, or end the stage.' } : undefined;
    case 'response_tokens':
      return last < first * 0.35 ? { id: 'length-collapse', message: `Responses have shrunk from ${Math.round(first)} to ${Math.round(last)} tokens.`, remedy: 'Look at the latest rollouts: the reward may pay for saying nothing. A length or format component helps.' } : undefined;
    case 'entropy':
      return first > 0.02 && last < first * 0.1 ? { id: 'entropy-collapse', message: `Entropy fell from ${short(first)} to ${short(last)}: the policy says the same again and again.`, remedy: 'Raise the temperature or the KL weight, or lower the learning rate.' } : undefined;
    case 'kl':
      return last > 0.3 && last > first * 10 ? { id: 'kl-drift', message: `KL to the start of the stage is ${short(last)}, ${short(first)} at first: the policy has left where it came from.`, remedy: 'Raise beta, lower the learning rate, and look whether the reward is being exploited.' } : undefined;
    case 'grad_norm':
      return before > 0 && value > before * jump ? { id: 'gradient', message: `The gradient norm jumped from ${short(before)} to ${short(value)}.`, remedy: 'One such step is clipped; several in a row ask for a lower learning rate.' } : undefined;
    case 'clipped':
      return last >= 0.5 ? { id: 'cut-off', message: `${percent(last)} of the responses are cut at the token limit; what is cut is scored as it stands.`, remedy: 'Raise policy.maxResponseTokens, or let the reward pay for shorter responses.' } : undefined;
    case 'errors':
      return last > 0 ? { id: 'reward-errors', message: `The reward failed on ${percent(last)} of the responses.`, remedy: 'Filter the rollouts by "error" and mend the reward; a run goes on without such scores.' } : undefined;
    default:
      return undefined;
  }
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function percent(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

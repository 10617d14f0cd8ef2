import { durationInWords } from './duration';
import { estimateInWords, missing, type ReportTable } from './report';
import type { Estimate } from './runEvent';
import type { RunInfo } from './runInfo';
import type { RunState } from './runState';

export interface TableRun {
  /** What is different about it, where somebody said so; else it is read off its configuration. */
  readonly title?: string;
  readonly info: RunInfo | undefined;
  readonly state: RunState;
}

/** Held-out metrics that mean the same whatever a run's reward weighs. */
const comparable = ['accuracy', 'iou'];
const mostFactors = 3;

/** Runs beside each other: what differs from the first, the last policy on held-out data, and what it took. */
export function runTable(runs: readonly TableRun[]): ReportTable {
  const datasets = [...new Set(runs.flatMap(run => run.state.evaluations.map(({ dataset }) => dataset)))];
  const columns = datasets.flatMap(dataset => comparable.filter(name => runs.some(run => lastEstimate(run.state, dataset, name))).map(metric => ({ dataset, metric })));
  return {
    title: 'Runs compared',
    note: 'Held-out, sampled answers of the last policy: mean [95 % interval over samples]. Intervals that do not overlap tell a difference; one seed each tells no more.',
    columns: ['factor', 'run', 'state', ...columns.map(({ dataset, metric }) => `${dataset} ${metric}`), 'steps', 'time'],
    texts: 3,
    rows: runs.map(({ title, info, state }) => [
      title ?? factorsOf(runs[0]?.info, info), info?.id ?? missing, state.status,
      ...columns.map(({ dataset, metric }) => {
        const estimate = lastEstimate(state, dataset, metric);
        return estimate ? estimateInWords(estimate) : missing;
      }),
      String(rlSteps(state, info)), timeInWords(state),
    ]),
  };
}

function lastEstimate(state: RunState, dataset: string, metric: string): Estimate | undefined {
  return state.evaluations.findLast(found => found.dataset === dataset && found.mode === 'sampled' && found.metrics[metric])?.metrics[metric];
}

/** Optimizer steps of the RL stages that are done. */
function rlSteps(state: RunState, info: RunInfo | undefined): number {
  const stages = (info?.config.pipeline as { stages?: readonly { name: string; steps: number }[] } | undefined)?.stages ?? [];
  return stages.reduce((sum, { name, steps }) => {
    const stage = state.stages.find(found => found.name === name);
    return sum + (stage?.status === 'done' ? Number(steps) || 0 : (stage?.done ?? 0));
  }, 0);
}

function timeInWords(state: RunState): string {
  if (state.seconds === null) return missing;
  return durationInWords(state.seconds) + (state.stages.some(stage => stage.reused) ? ' (rest reused)' : '');
}

/** `pipeline.stages.0.beta 0.04 → 0.5`; the configuration itself where nothing differs. */
function factorsOf(first: RunInfo | undefined, other: RunInfo | undefined): string {
  if (!first || !other || first === other) return 'as it is';
  const [then, now] = [new Map(leaves(first.config)), new Map(leaves(other.config))];
  const words = [...new Set([...then.keys(), ...now.keys()])].flatMap(key => (then.get(key) === now.get(key) ? [] : [`${key} ${then.get(key) ?? 'none'} → ${now.get(key) ?? 'none'}`]));
  if (words.length === 0) return 'the same configuration';
  return [...words.slice(0, mostFactors), ...(words.length > mostFactors ? [`${words.length - mostFactors} more`] : [])].join('; ');
}

function leaves(value: unknown, path = ''): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`));
}

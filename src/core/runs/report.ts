import { durationInWords } from './duration';
import { MetricSeries } from './metricSeries';
import type { Estimate, RunEvent } from './runEvent';
import type { RunInfo } from './runInfo';
import { type RunState, runStateOf, type StageState } from './runState';

export interface ReportTable {
  readonly title: string;
  /** What the numbers are; one line. */
  readonly note: string;
  /** Headings; the first `texts` columns hold words, the others numbers. */
  readonly columns: readonly string[];
  readonly texts: number;
  readonly rows: readonly (readonly string[])[];
}

/** What a run came to: computed from its events alone, so that anybody with the folder gets the same. */
export interface RunReport {
  readonly title: string;
  readonly facts: readonly string[];
  readonly tables: readonly ReportTable[];
  /** Errors and warnings of the run with their remedies. */
  readonly problems: readonly string[];
}

export const missing = '–';

export function runReport(info: RunInfo | undefined, events: readonly RunEvent[]): RunReport {
  const state = runStateOf(events);
  const series = new MetricSeries();
  for (const event of events) series.add(event);
  const facts = [
    `Status: ${state.status}${state.seconds === null ? '' : ` after ${durationInWords(state.seconds)}`}`,
    ...(info ? [`Seed: ${info.seed ?? missing}`, `Engine: ${info.engine}`] : []),
    ...state.difficulty.map(d => `Difficulty of ${d.dataset}: ${d.easy} easy, ${d.medium} medium, ${d.hard} hard (${d.responses} responses each)`),
  ];
  const tables = [stageTable(state, series), componentTable(state, series), heldOutTable(state), groupTable(state), transitionTable(state)].filter(table => table.rows.length > 0);
  const failure = state.error ? [`error: ${state.error.message} ${state.error.remedy}`.trim()] : [];
  return {
    title: info ? `${info.name} (${info.id})` : 'Run',
    facts,
    tables,
    problems: [...failure, ...state.problems.filter(p => p.message !== state.error?.message).map(p => `${p.severity}${p.stage ? ` in ${p.stage}` : ''}: ${p.message} ${p.remedy}`.trim())],
  };
}

function stageTable(state: RunState, series: MetricSeries): ReportTable {
  return {
    title: 'Stages',
    note: 'Reward: mean of the first → the last quarter of the steps. Zero-std: share of groups whose rewards are all equal, mean over the steps.',
    columns: ['stage', 'state', 'minutes', 'steps', 'reward', 'zero-std', 'errors'],
    texts: 2,
    rows: state.stages.map(stage => [
      stage.name,
      stage.reused ? 'reused' : stage.status,
      stage.seconds === null ? missing : (stage.seconds / 60).toFixed(1),
      stepsInWords(stage),
      firstToLast(series.values(stage.name, 'reward')),
      share(mean(series.values(stage.name, 'zero_std'))),
      share(mean(series.values(stage.name, 'errors'))),
    ]),
  };
}

function componentTable(state: RunState, series: MetricSeries): ReportTable {
  const components = series.names().filter(name => name.startsWith('reward/'));
  return {
    title: 'Reward components in training',
    note: 'Mean of the first → the last quarter of the steps, sampled policy.',
    columns: ['stage', 'component', 'first → last'],
    texts: 2,
    rows: state.stages.flatMap(stage =>
      components.flatMap(name => {
        const values = series.values(stage.name, name);
        return values.length === 0 ? [] : [[stage.name, name.slice('reward/'.length), firstToLast(values)]];
      }),
    ),
  };
}

function heldOutTable(state: RunState): ReportTable {
  const policies = evaluatedPolicies(state);
  const keys = new Map<string, { dataset: string; mode: 'sampled' | 'greedy'; metric: string }>();
  for (const { dataset, mode, metrics } of state.evaluations) {
    for (const metric of heldOutMetrics(Object.keys(metrics))) keys.set(JSON.stringify([dataset, metric, mode]), { dataset, mode, metric });
  }
  const rows = [...keys.values()].sort((a, b) => a.dataset.localeCompare(b.dataset) || order(a.metric) - order(b.metric) || a.metric.localeCompare(b.metric) || b.mode.localeCompare(a.mode));
  return {
    title: 'Held-out',
    note: 'Policy after each stage: mean [95 % interval, bootstrap over samples]. Change: last against first.',
    columns: ['dataset', 'metric', 'decoding', ...policies.map(policy => `after ${policy}`), 'change'],
    texts: 3,
    rows: rows.map(({ dataset, mode, metric }) => {
      const estimates = policies.map(policy => estimateOf(state, policy, dataset, mode, metric));
      const known = estimates.filter(estimate => estimate !== undefined);
      const [first, last] = [known[0], known.at(-1)];
      const change = known.length < 2 || !first || !last ? missing : signed(last.mean - first.mean);
      return [dataset, metric, mode, ...estimates.map(estimate => (estimate ? estimateInWords(estimate) : missing)), change];
    }),
  };
}

/** The last policy by kind of question; the metric that counts most of each dataset. */
function groupTable(state: RunState): ReportTable {
  const last = evaluatedPolicies(state).at(-1);
  const rows = state.evaluations.filter(evaluation => evaluation.stage === last).flatMap(({ dataset, mode, groups = [] }) =>
    groups.flatMap(({ by, value, n, metrics }) =>
      heldOutMetrics(Object.keys(metrics)).slice(0, 2).flatMap(metric => (metrics[metric] ? [[dataset, mode, by, value, metric, String(n), estimateInWords(metrics[metric])]] : [])),
    ),
  );
  return { title: 'Held-out, by kind of question', note: `Policy after ${last ?? missing}: by type of answer and by source.`, columns: ['dataset', 'decoding', 'by', 'kind', 'metric', 'samples', 'value'], texts: 5, rows };
}

function transitionTable(state: RunState): ReportTable {
  const rows = state.transitions.flatMap(({ dataset, from, stage, table }) =>
    Object.entries(table).map(([before, after]) => [dataset, `${from} → ${stage}`, before, String(after.easy), String(after.medium), String(after.hard)]),
  );
  return { title: 'Difficulty between samplings', note: 'Samples by their difficulty before (row) and after (column).', columns: ['dataset', 'samplings', 'before', 'easy', 'medium', 'hard'], texts: 3, rows };
}

/** Stages whose policy was evaluated, in the order of the run; a policy that no stage made (the base) comes first. */
export function evaluatedPolicies(state: RunState): readonly string[] {
  const place = (name: string): number => state.stages.findIndex(stage => stage.name === name);
  return [...new Set(state.evaluations.map(evaluation => evaluation.stage))].sort((a, b) => place(a) - place(b));
}

export function estimateOf(state: RunState, policy: string, dataset: string, mode: string, metric: string): Estimate | undefined {
  return state.evaluations.find(e => e.stage === policy && e.dataset === dataset && e.mode === mode)?.metrics[metric];
}

/** `0.532 [0.480, 0.581]` */
export function estimateInWords({ mean: middle, low, high }: Estimate): string {
  return `${middle.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

/** `+0.041`; a true minus sign, so that the columns line up. */
export function signed(value: number, digits = 3): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}

/** The metrics to show, the first ones first. A component that is a metric of its own (accuracy, IoU) is not shown twice. */
export function heldOutMetrics(names: readonly string[]): readonly string[] {
  const shown = names.filter(name => !(name.startsWith('reward/') && names.includes(name.slice('reward/'.length))));
  return shown.sort((a, b) => order(a) - order(b));
}

/** What people look at first comes first. */
function order(metric: string): number {
  const place = ['accuracy', 'iou', 'reward'].indexOf(metric);
  return place < 0 ? 3 : place;
}

function stepsInWords(stage: StageState): string {
  if (stage.total === null) return stage.done > 0 ? String(stage.done) : missing;
  return stage.done >= stage.total ? String(stage.total) : `${stage.done}/${stage.total}`;
}

function firstToLast(values: readonly number[]): string {
  if (values.length === 0) return missing;
  const quarter = Math.max(1, Math.floor(values.length / 4));
  return `${mean(values.slice(0, quarter)).toFixed(3)} → ${mean(values.slice(-quarter)).toFixed(3)}`;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share(value: number): string {
  return Number.isNaN(value) ? missing : `${Math.round(value * 100)} %`;
}

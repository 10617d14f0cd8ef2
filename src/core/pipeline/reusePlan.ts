import type { Part, PipelineNode } from './pipelineNodes';

/** A run that its first stages may be taken from. */
export interface PastRun {
  readonly id: string;
  readonly folder: string;
  /** Its stages in their order. */
  readonly stages: readonly string[];
  /** What it ran; empty where its record does not say enough. */
  readonly nodes: readonly PipelineNode[];
  /** Stages that are done and whose output is there. */
  readonly done: ReadonlySet<string>;
}

export type Freshness =
  /** `run` has what this node would make. */
  | { readonly state: 'reusable'; readonly run: string; readonly reason: string }
  | { readonly state: 'stale' | 'never'; readonly reason: string };

export interface ReusePlan {
  /** The stages that a new run takes over; null where it does everything itself. */
  readonly reuse: { readonly run: PastRun; readonly until: string } | null;
  readonly nodes: ReadonlyMap<string, Freshness>;
}

const mostReasons = 3;

/** What a new run can take over, and why not the rest. A run takes over the first stages of one other: the longest whole beginning wins, then the newer run. `runs`: the newest first. */
export function reusePlan(now: readonly PipelineNode[], runs: readonly PastRun[]): ReusePlan {
  const stages = now.filter(node => node.kind !== 'split');
  const [best, length] = runs.reduce<readonly [PastRun | undefined, number]>((found, run) => {
    const own = sameBeginning(stages, run);
    return own > found[1] ? [run, own] : found;
  }, [undefined, 0]);
  const kept = new Set(stages.slice(0, length).map(node => node.id));
  const nodes = new Map<string, Freshness>();
  for (const node of now) {
    if (node.kind === 'split') nodes.set(node.id, splitOf(node, best, kept, runs));
    else if (best && kept.has(node.id)) nodes.set(node.id, { state: 'reusable', run: best.id, reason: `nothing that it depends on has changed since ${best.id}` });
    else nodes.set(node.id, whyAgain(node, [...(best ? [best] : []), ...runs], kept));
  }
  const until = stages[length - 1]?.id;
  return { reuse: best && until !== undefined ? { run: best, until } : null, nodes };
}

/** How many of the first stages the run has done just so. */
function sameBeginning(stages: readonly PipelineNode[], run: PastRun): number {
  const other = stages.findIndex((node, index) => {
    const then = run.nodes.find(({ id }) => id === node.id);
    return run.stages[index] !== node.id || !run.done.has(node.id) || !then || changesIn(then.parts, node.parts).length > 0;
  });
  return other === -1 ? stages.length : other;
}

function splitOf(node: PipelineNode, best: PastRun | undefined, kept: ReadonlySet<string>, runs: readonly PastRun[]): Freshness {
  const sampling = node.needs[0] ?? 'sampling';
  if (!best || !kept.has(sampling)) return runs.some(run => run.done.has(sampling)) ? { state: 'stale', reason: `${sampling} must run again` } : { state: 'never', reason: `follows from ${sampling}` };
  const then = best.nodes.find(({ id }) => id === node.id);
  const changes = then ? changesIn(then.parts, node.parts) : [];
  return changes.length === 0 ? { state: 'reusable', run: best.id, reason: `follows from ${sampling}` } : { state: 'stale', reason: changes.join('; ') };
}

function whyAgain(node: PipelineNode, runs: readonly PastRun[], kept: ReadonlySet<string>): Freshness {
  const known = runs.find(run => run.done.has(node.id) && run.nodes.length > 0);
  const then = known?.nodes.find(({ id }) => id === node.id);
  if (!known || !then) {
    const started = runs.find(run => run.stages.includes(node.id));
    if (!started) return { state: 'never', reason: 'has not been run' };
    return { state: started.done.has(node.id) ? 'stale' : 'never', reason: started.done.has(node.id) ? `${started.id} does not say what it depended on` : `${started.id} did not finish it` };
  }
  const changes = changesIn(then.parts, node.parts);
  if (changes.length > 0) return { state: 'stale', reason: [...changes.slice(0, mostReasons), ...(changes.length > mostReasons ? [`${changes.length - mostReasons} more`] : [])].join('; ') };
  const again = node.needs.find(id => !kept.has(id));
  return { state: 'stale', reason: again ? `${again} must run again` : 'a stage before it must run again: a run takes over first stages only' };
}

/** What differs, in words: `learningRate 7e-5 → 1e-4`, `rewards/perception.reward.ts has changed`. */
export function changesIn(then: Readonly<Record<string, Part>>, now: Readonly<Record<string, Part>>): readonly string[] {
  const words = [...new Set([...Object.keys(then), ...Object.keys(now)])].flatMap(name => {
    const [before, after] = [then[name], now[name]];
    if (JSON.stringify(before?.value) === JSON.stringify(after?.value)) return [];
    const file = after?.file ?? before?.file;
    if (file === undefined) return [`${name} ${valueInWords(before?.value)} → ${valueInWords(after?.value)}`];
    if (before?.value === null || before?.value === undefined) return [`${file} is new`];
    return [after?.value === null || after?.value === undefined ? `${file} is no longer there` : `${file} has changed${after.note === undefined ? '' : ` (${after.note})`}`];
  });
  return [...new Set(words)];
}

function valueInWords(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'number') return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  const entries = Array.isArray(value) ? value.map(valueInWords) : Object.entries(value).map(([key, entry]) => `${key} ${valueInWords(entry)}`);
  return entries.length === 0 ? 'none' : entries.join(', ');
}

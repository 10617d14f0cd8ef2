import type { RunState, StageState } from '../runs/runState';
import type { RunStatus } from '../runs/runStatus';
import type { NodeInput, NodeKind, PipelineNode } from './pipelineNodes';
import type { PastRun, ReusePlan } from './reusePlan';

export type NodeState = 'reusable' | 'stale' | 'never' | 'waiting' | 'running' | 'done' | 'failed' | 'stopped';

export const nodeStateWords: Readonly<Record<NodeState, string>> = {
  reusable: 'can be taken over', stale: 'must run again', never: 'must run', waiting: 'waiting', running: 'running', done: 'done', failed: 'failed', stopped: 'stopped',
};

/** Something that a node made in a run. */
export type NodeOutput =
  | { readonly kind: 'policy' | 'difficulty' | 'evaluation'; readonly label: string; readonly run: string; /** Relative to the run's folder. */ readonly path: string }
  | { readonly kind: 'rollouts'; readonly label: string; readonly run: string; readonly stage: string };

/** A node as the pipeline view shows it. */
export interface NodeView {
  readonly id: string;
  readonly kind: NodeKind;
  readonly words: string;
  readonly state: NodeState;
  /** Why it is in this state, a sentence without its full stop. */
  readonly reason: string;
  /** Steps or samples of a running one. */
  readonly done: number;
  readonly total: number | null;
  readonly inputs: readonly NodeInput[];
  readonly outputs: readonly NodeOutput[];
  /** Seconds that it took when it was last computed, and that its next time is likely to take. */
  readonly seconds: number | null;
  readonly estimate: number | null;
  /** Tokens of its responses when it was last computed. */
  readonly tokens: number | null;
  readonly counts: readonly { readonly dataset: string; readonly easy: number; readonly medium: number; readonly hard: number }[];
}

export interface ViewedRun extends PastRun {
  readonly state: RunState;
  readonly status: RunStatus;
  readonly tokens: Readonly<Record<string, number>>;
}

/** What each node of the pipeline is now. A run that is under way shows its progress; else the nodes say what can be taken over, and why not. */
export function nodeViews(now: readonly PipelineNode[], { nodes: freshness }: ReusePlan, runs: readonly ViewedRun[]): readonly NodeView[] {
  const active = runs.find(run => run.status === 'active');
  return now.map(node => {
    const found = freshness.get(node.id) ?? { state: 'never' as const, reason: 'has not been run' };
    const stageId = node.kind === 'split' ? (node.needs[0] ?? 'sampling') : node.id;
    const shown = active?.stages.includes(stageId) ? active : found.state === 'reusable' ? runs.find(run => run.id === found.run) : undefined;
    const last = runs.find(run => stageOf(run, stageId)?.status === 'done' && !stageOf(run, stageId)?.reused);
    const seconds = node.kind === 'split' ? null : ((last && stageOf(last, stageId)?.seconds) ?? null);
    const then = last?.nodes.find(({ id }) => id === node.id);
    const outputRun = shown && shown !== active ? shown : runs.find(run => run.done.has(stageId));
    return {
      id: node.id, kind: node.kind, words: node.words, ...stateNow(node, found, stageId, active, runs), inputs: node.inputs, outputs: outputRun ? outputsOf(node, stageId, outputRun) : [],
      seconds, estimate: estimateOf(node, then, seconds), tokens: (node.kind !== 'split' && last?.tokens[stageId]) || null, counts: node.kind === 'split' ? countsOf(stageId, now, outputRun) : [],
    };
  });
}

type Found = { readonly state: 'reusable' | 'stale' | 'never'; readonly reason: string };

function stateNow(node: PipelineNode, found: Found, stageId: string, active: ViewedRun | undefined, runs: readonly ViewedRun[]): Pick<NodeView, 'state' | 'reason' | 'done' | 'total'> {
  const stage = active && stageOf(active, stageId);
  if (active && stage) {
    const state = stage.status === 'failed' || stage.status === 'stopped' ? 'waiting' : stage.status;
    const words = { waiting: `waits in ${active.id}`, running: `in ${active.id}`, done: stage.reused ? `taken over by ${active.id}` : `done in ${active.id}` }[state];
    return node.kind === 'split' && state === 'running' ? { state: 'waiting', reason: words, done: 0, total: null } : { state, reason: words, done: stage.done, total: stage.total };
  }
  const newest = runs[0];
  const ended = newest && found.state !== 'reusable' && node.kind !== 'split' ? brokenIn(newest, stageId) : undefined;
  if (newest && ended) return { state: ended.state, reason: `${ended.words} in ${newest.id}${newest.state.error && ended.state === 'failed' ? `: ${newest.state.error.message}` : ''}`, done: ended.stage.done, total: ended.stage.total };
  return { ...found, done: 0, total: null };
}

function brokenIn(run: ViewedRun, stageId: string): { readonly state: 'failed' | 'stopped'; readonly words: string; readonly stage: StageState } | undefined {
  const stage = stageOf(run, stageId);
  if (!stage || run.status === 'active') return undefined;
  const at = stage.total === null ? '' : ` at ${stage.done}/${stage.total}`;
  if (stage.status === 'failed') return { state: 'failed', words: `failed${at}`, stage };
  if (stage.status === 'stopped' || (stage.status === 'running' && run.status !== 'elsewhere')) return { state: 'stopped', words: `stopped${at}`, stage };
  return undefined;
}

function stageOf(run: ViewedRun, id: string): StageState | undefined {
  return run.state.stages.find(stage => stage.name === id);
}

function outputsOf(node: PipelineNode, stage: string, { id: run, state }: ViewedRun): readonly NodeOutput[] {
  switch (node.kind) {
    case 'warm-up':
      return [{ kind: 'policy', label: 'policy', run, path: `checkpoints/${stage}/final` }];
    case 'stage':
      return [{ kind: 'policy', label: 'policy', run, path: `checkpoints/${stage}/final` }, { kind: 'rollouts', label: 'rollouts', run, stage }];
    case 'sampling':
      return [{ kind: 'rollouts', label: 'rollouts', run, stage }];
    case 'split':
      return [...new Set(state.difficulty.map(({ dataset }) => dataset))].map(dataset => ({ kind: 'difficulty', label: `${dataset}.jsonl`, run, path: `difficulty/${stage}/${dataset}.jsonl` }));
    case 'evaluation':
      return [{ kind: 'evaluation', label: 'report', run, path: '' }, { kind: 'rollouts', label: 'rollouts', run, stage }];
  }
}

/** As much longer as there is more to do. */
function estimateOf(node: PipelineNode, then: PipelineNode | undefined, seconds: number | null): number | null {
  if (seconds === null) return null;
  if (!then || then.words === node.words) return seconds;
  return node.work === null || !then.work ? null : (seconds * node.work) / then.work;
}

/** What a sampling found; that of the last one is all that a run's events keep. */
function countsOf(sampling: string, now: readonly PipelineNode[], run: ViewedRun | undefined): NodeView['counts'] {
  const isLast = now.findLast(node => node.kind === 'sampling')?.id === sampling;
  return run && isLast ? run.state.difficulty.map(({ dataset, easy, medium, hard }) => ({ dataset, easy, medium, hard })) : [];
}

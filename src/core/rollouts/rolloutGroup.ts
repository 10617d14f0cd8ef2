import { type GroupSpread, spreadOf } from './groupSpread';
import type { Rollout } from './rollout';

/** What a list shows of one response: nothing that is long. */
export interface RolloutMark {
  readonly overall: number | null;
  readonly advantage: number | null;
  /** Whether the answer was right; null where nothing of the rollout says so. */
  readonly right: boolean | null;
  readonly failed: boolean;
}

/** What a list shows of the rollouts of one sample in one step. */
export interface GroupSummary extends GroupSpread {
  readonly group: string;
  readonly stage: string;
  readonly step: number;
  readonly dataset: string;
  readonly sampleId: string;
  readonly marks: readonly RolloutMark[];
  readonly policyStage?: string;
  readonly mode?: 'sampled' | 'greedy';
}

/**
 * Right or wrong, by the first that is there: the `accuracy` component (right from 1 on, as the sampling stage counts), else what the
 * evidence says of the answer. Null where neither is there, which is not the same as wrong.
 */
export function isRight(rollout: Pick<Rollout, 'components' | 'evidence'>): boolean | null {
  const accuracy = rollout.components.accuracy;
  if (typeof accuracy === 'number') return accuracy >= 1;
  return rollout.evidence.find(evidence => evidence.kind === 'answer' && evidence.ok !== undefined)?.ok ?? null;
}

export function markOf(rollout: Rollout): RolloutMark {
  return { overall: rollout.overall, advantage: rollout.advantage, right: isRight(rollout), failed: rollout.error !== undefined || rollout.overall === null };
}

/** Summary of a group; `rollouts` are its own, in order of their index, and at least one. */
export function summarize(rollouts: readonly [Rollout, ...Rollout[]]): GroupSummary {
  const [{ group, stage, step, dataset, sampleId, policyStage, mode }] = rollouts;
  const summary = summaryOf({ group, stage, step, dataset, sampleId, policyStage, mode }, rollouts.map(markOf));
  return rollouts.some(({ dropped }) => dropped) ? { ...summary, spread: 'dropped' } : summary;
}

/** Summary from the marks alone, so that an index need not keep the responses. */
export function summaryOf(head: Omit<GroupSummary, keyof GroupSpread | 'marks'>, marks: readonly RolloutMark[]): GroupSummary {
  return { ...head, marks, ...spreadOf(marks.map(mark => mark.overall)) };
}

/** Rollouts by group, in the order in which the groups first appear; each group in order of index. A repeated index (a resumed run) replaces the earlier one. */
export function groupRollouts(rollouts: Iterable<Rollout>): (readonly [Rollout, ...Rollout[]])[] {
  const groups = new Map<string, Map<number, Rollout>>();
  for (const rollout of rollouts) {
    const group = groups.get(rollout.group) ?? new Map<number, Rollout>();
    groups.set(rollout.group, group.set(rollout.index, rollout));
  }
  return [...groups.values()].map(group => [...group.values()].sort((a, b) => a.index - b.index) as [Rollout, ...Rollout[]]);
}

import type { Difficulty } from '../dataset/sample';
import type { GroupSummary } from './rolloutGroup';

/** Which groups a list shows; every condition that is there must hold. */
export interface RolloutFilter {
  readonly dataset?: string;
  readonly sampleId?: string;
  /** First and last step, both included. */
  readonly steps?: readonly [first: number, last: number];
  readonly difficulty?: Difficulty;
  /** `all-right` and `all-wrong`: every response; `mixed`: some of each. */
  readonly outcome?: 'all-right' | 'all-wrong' | 'mixed';
  /** `zero` takes near-zero too: neither teaches. */
  readonly spread?: 'zero' | 'some';
  /** Only groups with a response whose reward failed. */
  readonly errors?: boolean;
  readonly policyStage?: string;
  readonly mode?: 'sampled' | 'greedy';
}

/** `difficultyOf` tells the difficulty of a sample, undefined where it was never sampled. */
export function matches(group: GroupSummary, filter: RolloutFilter, difficultyOf: (dataset: string, sampleId: string) => Difficulty | undefined): boolean {
  if (filter.dataset !== undefined && group.dataset !== filter.dataset) return false;
  if (filter.sampleId !== undefined && !group.sampleId.includes(filter.sampleId)) return false;
  if (filter.steps && (group.step < filter.steps[0] || group.step > filter.steps[1])) return false;
  if (filter.policyStage !== undefined && group.policyStage !== filter.policyStage) return false;
  if (filter.mode !== undefined && group.mode !== filter.mode) return false;
  if (filter.outcome && outcomeOf(group) !== filter.outcome) return false;
  if (filter.spread === 'zero' && group.spread !== 'zero' && group.spread !== 'near-zero') return false;
  if (filter.spread === 'some' && group.spread !== 'some') return false;
  if (filter.errors && !group.marks.some(mark => mark.failed)) return false;
  return filter.difficulty === undefined || difficultyOf(group.dataset, group.sampleId) === filter.difficulty;
}

/** Null where no response is known to be right or wrong. */
export function outcomeOf(group: GroupSummary): 'all-right' | 'all-wrong' | 'mixed' | null {
  const known = group.marks.map(mark => mark.right).filter(right => right !== null);
  if (known.length === 0) return null;
  return known.every(right => right) ? 'all-right' : known.some(right => right) ? 'mixed' : 'all-wrong';
}

import type { SortKey } from '../query/rowQuery';
import type { GroupSummary } from './rolloutGroup';

/** What a person asks of rollouts: the grammar of dataset queries (docs/FORMATS.md, "Queries") over the columns of rollouts. */
export interface RolloutQuestion {
  readonly text: string;
  readonly sort: readonly SortKey[];
}

export const everyRollout: RolloutQuestion = { text: '', sort: [] };

/** Groups with a rollout for which the question holds, in its order; numbers of groups, four bytes each. */
export interface RolloutAnswer {
  readonly groups: Uint32Array;
  /** Rollouts for which it holds. */
  readonly matching: number;
  /** Groups among them that taught nothing: zero-std and near-zero-std. */
  readonly flat: number;
  /** Groups among them that dynamic sampling left out of their step; they are in no share. */
  readonly dropped: number;
  readonly milliseconds: number;
}

/** A group as a list shows it. */
export interface GroupRow extends GroupSummary {
  readonly number: number;
  /** For each mark, whether the question holds for it. */
  readonly hits: readonly boolean[];
}

/** How far the files are read. */
export interface RolloutProgress {
  readonly rollouts: number;
  readonly groups: number;
  /** Bytes read of all there are. */
  readonly bytes: number;
  readonly size: number;
}

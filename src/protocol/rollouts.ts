import type { Box, Difficulty } from '../core/dataset/sample';
import type { Problem } from '../core/problem';
import type { Rollout } from '../core/rollouts/rollout';
import type { RolloutFilter } from '../core/rollouts/rolloutFilter';
import type { GroupSummary } from '../core/rollouts/rolloutGroup';

/** What there is to choose from in the current stage. */
export interface RolloutFacets {
  readonly datasets: readonly string[];
  readonly policyStages: readonly string[];
  readonly modes: readonly ('sampled' | 'greedy')[];
  /** First and last step; null while there is no group. */
  readonly steps: readonly [first: number, last: number] | null;
}

/** The list as the current stage and filter make it; its rows are asked for page by page. */
export interface RolloutList {
  /** Pages of another version are void. */
  readonly version: number;
  readonly stage: string | null;
  readonly filter: RolloutFilter;
  readonly matching: number;
  readonly groups: number;
  readonly rollouts: number;
  /** Share of the matching groups that teach nothing (zero-std and near-zero-std), null when none matches. */
  readonly zeroShare: number | null;
  readonly isIndexing: boolean;
  readonly facets: RolloutFacets;
  readonly problems: readonly Problem[];
}

export interface RolloutRow extends GroupSummary {
  readonly difficulty: Difficulty | null;
}

/** One group with everything beside it. */
export interface GroupDetail {
  readonly row: RolloutRow;
  readonly rollouts: readonly Rollout[];
  /** Absent when the sample is not in the dataset any more; `missing` then says so. */
  readonly sample?: { readonly problem: string; readonly answer: string; readonly keyWords: readonly string[]; readonly boxes: readonly Box[]; readonly imageUri: string | null };
  readonly missing?: string;
}

export type RolloutsContract = {
  requests: {
    load: { params: null; result: { runFolder: string; runName: string; stages: readonly string[]; list: RolloutList; selected: string | null } };
    /** Changes stage and filter. */
    select: { params: { stage: string; filter: RolloutFilter }; result: RolloutList };
    page: { params: { version: number; from: number; to: number }; result: readonly RolloutRow[] };
    group: { params: { group: string }; result: GroupDetail | null };
    /** Place of a group in the list, -1 when the filter hides it. */
    place: { params: { group: string }; result: number };
  };
  toWebview: {
    /** The file grew, or the difficulty of samples changed. */
    list: RolloutList;
    stages: readonly string[];
    /** Somebody opened this panel again for something else. */
    show: { list: RolloutList; selected: string | null };
  };
  toHost: {
    openSample: { dataset: string; qid: string };
    openPlayground: { stage: string; group: string; dataset: string; qid: string };
    openPlace: { file: string; line?: number };
    openRun: null;
  };
};

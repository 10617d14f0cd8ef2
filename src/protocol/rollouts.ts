import type { Curation, CurationChange } from '../core/curation/curation';
import type { Box, Difficulty } from '../core/dataset/sample';
import type { Problem } from '../core/problem';
import type { BoxFrame } from '../core/project/project';
import type { Facet, QueryFault } from '../core/query/queryAnswer';
import type { Score } from '../core/rewards/score';
import type { AdvantageRule } from '../core/rollouts/advantage';
import type { Rollout } from '../core/rollouts/rollout';
import type { RolloutColumn } from '../core/rollouts/rolloutColumns';
import type { GroupRow, RolloutProgress, RolloutQuestion } from '../core/rollouts/rolloutQuestion';

/** A list as the question makes it; its rows are asked for page by page. */
export interface RolloutList {
  /** Pages of another version are void; a list that grew at its end keeps its version. */
  readonly version: number;
  readonly groups: number;
  readonly matching: number;
  /** Groups that teach nothing: zero-std and near-zero-std. */
  readonly flat: number;
  /** Groups that dynamic sampling left out of their step: in no share. */
  readonly dropped: number;
  readonly milliseconds: number;
  /** Groups that answer by now and are not in the list. */
  readonly pending: number;
}

export type AskReply = { readonly kind: 'answer'; readonly list: RolloutList } | { readonly kind: 'fault'; readonly fault: QueryFault } | { readonly kind: 'superseded' };

/** What is read of the files. */
export interface RolloutsState {
  readonly progress: RolloutProgress;
  readonly columns: readonly RolloutColumn[];
  readonly problems: readonly Problem[];
  readonly isReading: boolean;
  /** What the files of another engine do not say, in sentences. */
  readonly lacks: readonly string[];
}

/** One group with everything beside it. */
export interface GroupDetail {
  readonly row: GroupRow;
  readonly difficulty: Difficulty | null;
  readonly rollouts: readonly Rollout[];
  /** Absent when the sample is not in the dataset any more; `missing` then says so. */
  readonly sample?: SampleView;
  readonly missing?: string;
  /** What is decided about the sample. */
  readonly curation: Curation | null;
}

export interface SampleView {
  readonly problem: string;
  readonly answer: string;
  readonly keyWords: readonly string[];
  readonly boxes: readonly Box[];
  readonly boxFrame: BoxFrame;
  readonly imageUri: string | null;
}

/** The groups of a sample in one run, oldest first. */
export interface RunHistory {
  readonly runFolder: string;
  readonly run: string;
  readonly isThis: boolean;
  readonly groups: readonly { readonly row: GroupRow; readonly rollouts: readonly Rollout[] }[];
}

/** An image with what its samples got for perception and for reasoning. */
export interface ImageScore {
  readonly image: string;
  readonly perception: number;
  readonly reasoning: number;
  readonly samples: readonly string[];
}

/** The responses of a group under the reward as it is now. */
export interface Rescored {
  readonly reward: string;
  readonly hash: string;
  /** Whether the run was scored with this very reward. */
  readonly isSame: boolean;
  readonly scores: readonly Score[];
}

/** What keys and commands do in the page. */
export type RolloutsCommand =
  | 'nextGroup' | 'previousGroup' | 'nextResponse' | 'previousResponse' | 'help' | 'find' | 'showNew' | 'fixGold' | 'tag' | 'toWarmUp' | 'exclude' | 'moveStage' | 'makeCase'
  | 'playground' | 'rescore' | 'openLog' | 'otherSteps' | 'compare' | 'tokens' | 'images' | 'share' | 'copyLink';

/** Where a response is: what host actions are about. */
export interface ResponsePlace {
  /** Number of the group. */
  readonly number: number;
  /** Place of the response within it. */
  readonly at: number;
}

/** Actions that ask or open something in VS Code. */
export type HostAction = 'fixGold' | 'tag' | 'toWarmUp' | 'exclude' | 'moveStage' | 'makeCase' | 'playground' | 'openLog';

export type RolloutsContract = {
  requests: {
    load: {
      params: null;
      result: { readonly runFolder: string; readonly runName: string; readonly state: RolloutsState; readonly question: RolloutQuestion; readonly list: RolloutList; readonly selected: number | null; readonly index: number; readonly rule: AdvantageRule };
    };
    ask: { params: RolloutQuestion; result: AskReply };
    takePending: { params: null; result: RolloutList };
    page: { params: { readonly version: number; readonly from: number; readonly to: number }; result: readonly GroupRow[] };
    facet: { params: { readonly column: string; readonly text: string }; result: Facet | null };
    group: { params: { readonly number: number }; result: GroupDetail | null };
    /** Place of a group in the list, -1 when the question hides it. */
    place: { params: { readonly number: number }; result: number };
    /** The same sample in the steps of this run and in other runs. */
    history: { params: { readonly dataset: string; readonly sample: string }; result: readonly RunHistory[] };
    images: { params: null; result: readonly ImageScore[] };
    rescore: { params: { readonly number: number }; result: Rescored };
    /** Null where the person thought better of it; the curation as it is afterwards. */
    act: { params: ResponsePlace & { readonly action: HostAction }; result: Curation | null };
    curate: { params: ResponsePlace & { readonly change: CurationChange }; result: Curation };
  };
  toWebview: {
    state: RolloutsState;
    /** The list grew at its end, or more is pending. */
    list: RolloutList;
    /** Somebody opened this panel again for something else. */
    show: { readonly question: RolloutQuestion; readonly list: RolloutList; readonly selected: number | null; readonly index: number };
    command: { readonly name: RolloutsCommand };
    failure: { readonly message: string };
    /** The label or the picture of a sample may have changed. */
    sampleChanged: null;
  };
  toHost: {
    openRun: null;
    openPlace: { readonly file: string; readonly line?: number };
    openRollouts: { readonly runFolder: string; readonly group: string };
    /** What is shown goes to others; no group where none is selected. `index` is the response's place in it. */
    share: { readonly group: string | null };
    copyLink: { readonly group: string | null; readonly stage: string | null; readonly index: number };
    changeKeys: null;
  };
};

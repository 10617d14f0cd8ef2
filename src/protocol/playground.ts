import type { Box, SampleRef } from '../core/dataset/sample';
import type { ImageSize } from '../core/geometry/boxFrame';
import type { AttackReport } from '../core/rewards/attacks/attackReport';
import type { Evidence, LoadedReward, Score } from '../core/rewards/score';
import type { ScoreMeans } from '../core/rewards/summary/scoreMeans';
import type { StageForecast } from '../core/rewards/forecast/stageForecast';
import type { TriedNumbers } from '../core/rewards/authoring/triedNumbers';
import type { AdvantageRule } from '../core/rollouts/advantage';

/** Where the responses come from. */
export type ResponseSource =
  /** The row's own labels, put in the response grammar. */
  | { readonly kind: 'gold' }
  /** What the person types, for one sample; null until something is typed, and then it is the gold response. */
  | { readonly kind: 'typed'; readonly text: string | null }
  /** A file of responses: fresh ones that were sampled here, or what another tool wrote. */
  | { readonly kind: 'file'; readonly path: string }
  /** Stored rollouts: one group, or the last ones of a stage. */
  | { readonly kind: 'rollouts'; readonly runFolder: string; readonly stage: string; readonly group?: string };

export type PlaygroundTab = 'responses' | 'groups' | 'forecast' | 'attacks';

/** Everything the person chose; kept over a window reload. */
export interface PlaygroundChoice {
  /** Absolute path. */
  readonly reward: string | null;
  readonly dataset: string | null;
  /** How many samples, or rollouts, at most. */
  readonly count: number;
  /** The sample that a typed response is for. */
  readonly qid: string | null;
  readonly source: ResponseSource;
  /** How rewards become advantages in the group view. */
  readonly rule: AdvantageRule;
}

export interface PlaygroundOptions {
  readonly rewards: readonly { readonly path: string; readonly name: string }[];
  readonly datasets: readonly { readonly id: string; readonly stage: string }[];
  readonly runs: readonly { readonly folder: string; readonly name: string; readonly stages: readonly string[] }[];
  /** Files of fresh responses, the newest first. */
  readonly files: readonly { readonly path: string; readonly name: string }[];
}

/** A response as the table shows it, besides its score. */
export interface ResponseRow {
  /** Stable over a re-scoring. */
  readonly key: string;
  readonly sample: SampleRef;
  /** Responses of one group are consecutive; null for responses that belong to none. */
  readonly group: string | null;
  /** Place in its group, from 0. */
  readonly index: number;
  readonly response: string;
  /** Tokens of the response, where known. */
  readonly tokens?: number;
}

export interface RowScore {
  /** Its evidence is asked for when somebody looks at the response: it is most of what a score weighs. */
  readonly score: Omit<Score, 'evidence'>;
  /** Overall by the version of the reward before the last save. */
  readonly before: number | null;
}

export interface ScoredRow extends ResponseRow, RowScore {}

/** What the reward saw in one response. */
export interface RowEvidence {
  readonly key: string;
  readonly evidence: readonly Evidence[];
}

export interface ScoredResult {
  readonly kind: 'scored';
  readonly reward: Pick<LoadedReward, 'hash' | 'contract' | 'components' | 'weights' | 'numbers'>;
  /** Numbers that were tried in place of the file's; empty where the file itself was scored. */
  readonly tried: TriedNumbers;
  /** Null where they are those of the last result that had some: they are most of what a result weighs, and a saved reward changes none. */
  readonly responses: readonly ResponseRow[] | null;
  /** One for each response, in their order. */
  readonly scores: readonly RowScore[];
  /** Evidence of the row that was looked at last, so that it is repainted with the scores. */
  readonly evidence: RowEvidence | null;
  readonly means: ScoreMeans;
  /** Means over the same responses by the version before the last save. */
  readonly before: ScoreMeans | null;
  /** From the save or choice until the scores were there. */
  readonly ms: number;
  /** Responses that could not be scored because their sample is gone. */
  readonly left: readonly string[];
}

/** What the panel shows for a choice. */
export type PlaygroundResult =
  | ScoredResult
  | { readonly kind: 'failed'; readonly message: string; readonly remedy?: string; readonly file?: string; readonly line?: number }
  | { readonly kind: 'untrusted' }
  /** Nothing to score; says what to do. */
  | { readonly kind: 'empty'; readonly message: string; readonly action?: 'createProject' | 'openConfig' | 'train' };

export type ForecastResult =
  | { readonly kind: 'forecast'; readonly stages: readonly StageForecast[] }
  | { readonly kind: 'working' }
  /** Why there is none, and what to do. */
  | { readonly kind: 'none'; readonly message: string };

/** What an attack wrote for one sample; `before` is what the honest answer earns on it. */
export interface AttackExample extends ScoredRow {
  readonly evidence: readonly Evidence[];
}

export type AttackOutcome =
  | { readonly kind: 'report'; readonly hash: string; readonly report: AttackReport; /** What each attack wrote for the first sample, scored; by the attack's id. */ readonly examples: Readonly<Record<string, AttackExample>> }
  | { readonly kind: 'working' }
  | { readonly kind: 'none'; readonly message: string };

export interface SampleDetail {
  readonly problem: string;
  readonly answer: string;
  readonly keyWords: readonly string[];
  readonly boxes: readonly Box[];
  readonly imageUri: string | null;
  /** Shown where the picture does not load. */
  readonly imagePath: string | null;
  /** Pixels after EXIF rotation; null where there is no picture that can be read. */
  readonly imageSize: ImageSize | null;
}

export type PlaygroundContract = {
  requests: {
    load: { params: null; result: { options: PlaygroundOptions; choice: PlaygroundChoice; tab: PlaygroundTab } };
    sample: { params: SampleRef; result: SampleDetail };
    /** Null where the scores that it belonged to are gone. */
    evidence: { params: { key: string }; result: RowEvidence | null };
  };
  toWebview: {
    options: PlaygroundOptions;
    /** The choice as the host completed it. */
    choice: PlaygroundChoice;
    scoring: { isScoring: boolean };
    result: PlaygroundResult;
    /** What a save of the reward's text as it stands will show: it is there when the save is. */
    ahead: ScoredResult;
    /** The reward was saved as it was told ahead. */
    saved: Pick<ScoredResult, 'ms' | 'evidence'> & { readonly hash: string };
    forecast: ForecastResult;
    attacks: AttackOutcome;
    tab: PlaygroundTab;
  };
  toHost: {
    choose: PlaygroundChoice;
    /** Scores with other numbers than the file's; an empty object goes back to the file. */
    tryNumbers: TriedNumbers;
    /** Writes the numbers that are tried into the reward file and saves it. */
    writeNumbers: null;
    showTab: PlaygroundTab;
    rescore: null;
    cancel: null;
    /** Asks for a file of responses, or samples fresh ones, and then chooses them. */
    pickFile: null;
    sampleFresh: null;
    openSample: SampleRef;
    openPlace: { file: string; line?: number };
    openGroup: { runFolder: string; stage: string; group: string };
    /** Makes a case of a response, or stops in the reward's code with it. */
    addCase: ScoredRow & { evidence: readonly Evidence[] };
    debug: ScoredRow;
    run: { action: 'createProject' | 'openConfig' | 'train' | 'trust' };
  };
};

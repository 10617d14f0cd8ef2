import type { Box, SampleRef } from '../core/dataset/sample';
import type { LoadedReward, Score } from '../core/rewards/score';
import type { ScoreMeans } from '../core/rewards/scoreMeans';

/** Where the responses come from. */
export type ResponseSource =
  /** The row's own labels, put in the response grammar. */
  | { readonly kind: 'gold' }
  /** What the person types, for one sample; null until something is typed, and then it is the gold response. */
  | { readonly kind: 'typed'; readonly text: string | null }
  /** Stored rollouts: one group, or the last ones of a stage. */
  | { readonly kind: 'rollouts'; readonly runFolder: string; readonly stage: string; readonly group?: string };

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
}

export interface PlaygroundOptions {
  readonly rewards: readonly { readonly path: string; readonly name: string }[];
  readonly datasets: readonly { readonly id: string; readonly stage: string }[];
  readonly runs: readonly { readonly folder: string; readonly name: string; readonly stages: readonly string[] }[];
}

export interface ScoredRow {
  /** Stable over a re-scoring. */
  readonly key: string;
  readonly sample: SampleRef;
  /** Rollouts of one group are consecutive; null for responses that belong to none. */
  readonly group: string | null;
  /** Place in its group, from 0. */
  readonly index: number;
  readonly response: string;
  readonly score: Score;
  /** Overall by the version of the reward before the last save. */
  readonly before: number | null;
}

/** What the panel shows for a choice. */
export type PlaygroundResult =
  | {
      readonly kind: 'scored';
      readonly reward: Pick<LoadedReward, 'hash' | 'contract' | 'components' | 'weights'>;
      readonly rows: readonly ScoredRow[];
      readonly means: ScoreMeans;
      /** Means over the same responses by the version before the last save. */
      readonly before: ScoreMeans | null;
      /** From the save or choice until the scores were there. */
      readonly ms: number;
      /** Responses that could not be scored because their sample is gone. */
      readonly left: readonly string[];
    }
  | { readonly kind: 'failed'; readonly message: string; readonly remedy?: string; readonly file?: string; readonly line?: number }
  | { readonly kind: 'untrusted' }
  /** Nothing to score; says what to do. */
  | { readonly kind: 'empty'; readonly message: string; readonly action?: 'createProject' | 'openConfig' | 'train' };

export interface SampleDetail {
  readonly problem: string;
  readonly answer: string;
  readonly keyWords: readonly string[];
  readonly boxes: readonly Box[];
  readonly imageUri: string | null;
  /** Shown where the picture does not load. */
  readonly imagePath: string | null;
}

export type PlaygroundContract = {
  requests: {
    load: { params: null; result: { options: PlaygroundOptions; choice: PlaygroundChoice } };
    sample: { params: SampleRef; result: SampleDetail };
  };
  toWebview: {
    options: PlaygroundOptions;
    /** The choice as the host completed it. */
    choice: PlaygroundChoice;
    scoring: { isScoring: boolean };
    result: PlaygroundResult;
  };
  toHost: {
    choose: PlaygroundChoice;
    rescore: null;
    cancel: null;
    openSample: SampleRef;
    openPlace: { file: string; line?: number };
    run: { action: 'createProject' | 'openConfig' | 'train' | 'trust' };
  };
};

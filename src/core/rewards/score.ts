import type { Bbox, Sample } from '../dataset/sample';

/** Why a component gave its value: which part of the response it looked at, and what it found there. */
export interface Evidence {
  readonly component: string;
  readonly kind: 'description' | 'answer' | 'box' | 'key_word' | 'format' | 'note';
  /** UTF-16 offsets into the response. */
  readonly start?: number;
  readonly end?: number;
  readonly text?: string;
  readonly note?: string;
  readonly ok?: boolean;
  /** Predicted box and the gold box it was matched with, original-image pixels. */
  readonly bbox?: Bbox;
  readonly gold?: Bbox;
  readonly iou?: number;
}

/** An error is not a zero: a response whose reward failed has no overall. */
export interface ScoreError {
  readonly message: string;
  readonly component?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly stack?: string;
}

export interface Score {
  readonly overall: number | null;
  readonly components: Readonly<Record<string, number | null>>;
  readonly evidence: readonly Evidence[];
  readonly error?: ScoreError;
}

/** One response to score. `sample.images` are absolute paths and `sample.boxes` original-image pixels. */
export interface ScoreItem {
  readonly response: string;
  /** Tokens of the response; counted in words where the policy's tokenizer is not at hand. */
  readonly tokens?: number;
  readonly sample: Sample;
}

export type RewardContract = 'pebr' | 'easyr1' | 'verl' | 'trl' | 'swift' | 'openrlhf';

/** A number that stands in a reward file and can be tried with another value. */
export interface RewardNumber {
  /** `weights.clip`, `components.clip.tau`; in Python `compute_score.format_weight`, `reward_weights.0` or the constant's name. */
  readonly name: string;
  readonly value: number;
  /** UTF-16 offsets of the literal, its sign included, in the reward file. */
  readonly start: number;
  readonly end: number;
  /** One-based. */
  readonly line: number;
}

/** What loading a reward file tells about it. */
export interface LoadedReward {
  /** Handle for `score`, valid in the worker process that gave it. */
  readonly reward: string;
  /** Content hash; scores of two hashes are never mixed. */
  readonly hash: string;
  readonly contract: RewardContract;
  readonly components: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  /** Absolute paths of the reward file and of everything of the user's that it imports. */
  readonly files: readonly string[];
  /** Weights and parameters written as plain numbers, in the order of the file; empty where there are none. */
  readonly numbers: readonly RewardNumber[];
}

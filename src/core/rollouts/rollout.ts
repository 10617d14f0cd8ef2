import type { Evidence, ScoreError } from '../rewards/score';

/** A response of the policy with its scores: one line of `<run>/rollouts/<stage>.jsonl` (docs/FORMATS.md). */
export interface Rollout {
  readonly run: string;
  readonly stage: string;
  readonly step: number;
  /** The rollouts of one sample in one step share it. */
  readonly group: string;
  readonly dataset: string;
  readonly sampleId: string;
  /** Place within the group, from 0. */
  readonly index: number;
  readonly prompt: string;
  readonly response: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
  readonly components: Readonly<Record<string, number | null>>;
  readonly overall: number | null;
  readonly advantage: number | null;
  readonly evidence: readonly Evidence[];
  readonly error?: ScoreError;
  readonly rewardHash: string;
  readonly checkpoint: string;
  /** Only in `evaluation`: the stage that made the policy, and how it was decoded. */
  readonly policyStage?: string;
  readonly mode?: 'sampled' | 'greedy';
  /** Its zero-std group was left out of the step by dynamic sampling, and others were drawn in its place. */
  readonly dropped?: true;
  /** Where the engine recorded them: what each token is, and how likely and how open it was. */
  readonly tokenLog?: TokenLog;
}

/** Lists of one length, a value a token; a list is empty where it was not recorded. */
export interface TokenLog {
  readonly texts: readonly string[];
  /** Natural logarithm of the token's probability under the policy that sampled it. */
  readonly logprobs: readonly (number | null)[];
  /** Of the distribution that the token was drawn from, nats. */
  readonly entropies: readonly (number | null)[];
}

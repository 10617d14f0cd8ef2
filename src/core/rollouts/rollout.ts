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
}

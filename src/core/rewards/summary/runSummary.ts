import type { Rollout } from '../../rollouts/rollout';
import { type RewardSummary, summarizeScores, zeroStdShare } from './rewardSummary';

/** What a reward gave in a run. */
export interface RunSummary extends RewardSummary {
  /** Share of the groups in which a component has one value for all responses; null where no group tells. */
  readonly flat: Readonly<Record<string, number | null>>;
}

/** `rollouts` are of one run, at least one, the newest last; `run` is its name. Groups that dynamic sampling dropped are in no share of groups: nothing was trained on them. */
export function summarizeRun(path: string, run: string, rollouts: readonly [Rollout, ...Rollout[]]): RunSummary {
  const groups = rollouts.map(({ stage, group, dropped }) => (dropped ? null : `${stage}\0${group}`));
  const summary = summarizeScores({ path, hash: (rollouts.at(-1) ?? rollouts[0]).rewardHash, responses: `${rollouts.length} rollouts of ${run}` }, rollouts, groups);
  const names = Object.keys(summary.components);
  return { ...summary, flat: Object.fromEntries(names.map(name => [name, zeroStdShare(rollouts.map(({ components }) => ({ overall: Object.hasOwn(components, name) ? (components[name] ?? null) : null })), groups)])) };
}

import type { Rollout } from '../../core/rollouts/rollout';
import { markOf } from '../../core/rollouts/rolloutGroup';
import type { LatestGroup } from '../../protocol/run';

/** Characters of a response that stand beside the curves. */
const firstWords = 400;

/** A group as the run's panel shows it. */
export function latestGroupView(rollouts: readonly [Rollout, ...Rollout[]]): LatestGroup {
  const [{ stage, step, group, dataset, sampleId }] = rollouts;
  return {
    stage, step, group, dataset, sampleId,
    responses: rollouts.map(rollout => ({ ...markOf(rollout), components: rollout.components, tokens: rollout.tokens, words: rollout.response.slice(0, firstWords) })),
  };
}

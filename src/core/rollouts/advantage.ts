import { spreadOf } from './groupSpread';

/** TRL adds it to the standard deviation: the divisor of a group without spread is not zero. */
const epsilon = 1e-4;

/**
 * Advantages of one group by TRL's rule (`grpo_trainer.py`, scale_rewards="group"): `(r - mean) / (std + 1e-4)` with the unbiased
 * std, both over the scored responses alone. A response without a score has no advantage (null; TRL trains it with 0), and where
 * fewer than two were scored there is no std, so the scored one gets 0.
 */
export function groupAdvantages(overalls: readonly (number | null)[]): (number | null)[] {
  const { mean, std } = spreadOf(overalls);
  return overalls.map(value => {
    if (value === null || mean === null) return null;
    return std === null ? 0 : (value - mean) / (std + epsilon);
  });
}

import { spreadOf } from './groupSpread';

/**
 * How an engine turns the rewards of a group into advantages. All take the mean of the group as the baseline and its unbiased standard
 * deviation; they differ in what they add to the divisor, and so in how loud a group is whose rewards hardly differ.
 */
export type AdvantageRule = 'trl' | 'trl-unscaled' | 'easyr1' | 'verl' | 'ms-swift' | 'openrlhf';

export const advantageRules: Readonly<Record<AdvantageRule, { readonly label: string; readonly formula: string }>> = {
  trl: { label: 'TRL', formula: '(r − mean) / (std + 1e-4)' },
  'trl-unscaled': { label: 'TRL, unscaled (Dr. GRPO)', formula: 'r − mean' },
  easyr1: { label: 'EasyR1', formula: '(r − mean) / (std + 1e-6)' },
  verl: { label: 'verl', formula: '(r − mean) / (std + 1e-6); r where the group has one response' },
  'ms-swift': { label: 'ms-swift', formula: '(r − mean) / (std + 1e-4); a failed response counts as 0' },
  openrlhf: { label: 'OpenRLHF', formula: '(r − mean) / (std + 1e-9)' },
};

/** The rule of the engine that a run names; our own trainer is built on TRL. */
export function ruleOfEngine(engine: string): AdvantageRule {
  return Object.hasOwn(advantageRules, engine) ? (engine as AdvantageRule) : 'trl';
}

const epsilons: Readonly<Record<AdvantageRule, number | null>> = {
  trl: 1e-4, // grpo_trainer.py, scale_rewards="group"
  'trl-unscaled': null, // scale_rewards="none"
  easyr1: 1e-6, // core_algos.py, compute_grpo_outcome_advantage
  verl: 1e-6, // core_algos.py
  'ms-swift': 1e-4, // rl_core/advantage.py
  openrlhf: 1e-9, // experience_maker.py, group_norm
};

/**
 * Advantages of one group. A response without a score has none (null; TRL trains it with 0) and counts in no mean, but in ms-swift, which
 * reads it as 0. Where fewer than two were scored there is no std: the scored one gets 0, in verl its own reward.
 */
export function groupAdvantages(overalls: readonly (number | null)[], rule: AdvantageRule = 'trl'): (number | null)[] {
  const values = rule === 'ms-swift' && overalls.some(value => value !== null) ? overalls.map(value => value ?? 0) : overalls;
  const { mean, std } = spreadOf(values);
  const epsilon = epsilons[rule];
  return values.map(value => {
    if (value === null || mean === null) return null;
    if (std === null) return rule === 'verl' ? value : 0;
    return epsilon === null ? value - mean : (value - mean) / (std + epsilon);
  });
}

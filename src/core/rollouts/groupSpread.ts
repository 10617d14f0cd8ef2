/**
 * How much a group can teach. `zero`: all scored rewards are equal, so every advantage is 0. `near-zero`: the spread is noise
 * (below `nearZeroStd`), which TRL's divisor keeps small but other engines blow up to ±1. `unscored`: fewer than two rewards.
 * `dropped`: dynamic sampling found it zero and left it out of the step, so it is in no share of the groups that were trained on.
 */
export type Spread = 'some' | 'near-zero' | 'zero' | 'unscored' | 'dropped';

export interface GroupSpread {
  /** Mean of the scored rewards, null when none was scored. */
  readonly mean: number | null;
  /** Unbiased standard deviation of the scored rewards, null below two. */
  readonly std: number | null;
  readonly spread: Spread;
}

/** TRL calls a std of up to 1e-8 zero (`torch.isclose`). */
const zeroStd = 1e-8;

/** Below it TRL's 1e-4 in the divisor takes a tenth and more off the advantages. */
export const nearZeroStd = 1e-3;

/** `overalls` of one group; null is a response whose reward failed and counts for nothing. */
export function spreadOf(overalls: readonly (number | null)[]): GroupSpread {
  const scored = overalls.filter(value => value !== null);
  if (scored.length === 0) return { mean: null, std: null, spread: 'unscored' };
  const mean = scored.reduce((sum, value) => sum + value, 0) / scored.length;
  if (scored.length === 1) return { mean, std: null, spread: 'unscored' };
  if (scored.every(value => value === scored[0])) return { mean: scored[0] ?? mean, std: 0, spread: 'zero' }; // a mean of equal values may differ from them in the last digit
  const std = Math.sqrt(scored.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (scored.length - 1));
  return { mean, std, spread: std <= zeroStd ? 'zero' : std < nearZeroStd ? 'near-zero' : 'some' };
}

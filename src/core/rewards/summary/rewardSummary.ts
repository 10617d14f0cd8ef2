import { spreadOf } from '../../rollouts/groupSpread';
import type { Score, ScoreError } from '../score';

/** Mean and standard deviation (unbiased; null below two values) over the responses that have a value. */
export interface Spread {
  readonly mean: number;
  readonly std: number | null;
}

/** What a reward gave on a set of responses: what the reward file shows beside its code. */
export interface RewardSummary {
  /** Absolute path of the reward file, and the version of it. */
  readonly path: string;
  readonly hash: string;
  /** The responses in words: `64 rollouts of perception`. */
  readonly responses: string;
  readonly overall: Spread | null;
  readonly components: Readonly<Record<string, Spread | null>>;
  /** Share of the groups without any spread; null where the responses form no groups. */
  readonly zeroStd: number | null;
  /** Each failure once, with the number of responses it cost, most frequent first. */
  readonly errors: readonly { readonly error: ScoreError; readonly count: number }[];
}

/** `groups[i]` names the group of `scores[i]`, null for a response that belongs to none. */
export function summarizeScores(of: Pick<RewardSummary, 'path' | 'hash' | 'responses'>, scores: readonly Score[], groups: readonly (string | null)[]): RewardSummary {
  const names = [...new Set(scores.flatMap(score => Object.keys(score.components)))];
  return {
    ...of,
    overall: spreadIn(scores.map(score => score.overall)),
    components: Object.fromEntries(names.map(name => [name, spreadIn(scores.map(score => score.components[name] ?? null))])),
    zeroStd: zeroStdShare(scores, groups),
    errors: countErrors(scores),
  };
}

/** Share of the groups of two or more scored responses whose rewards are all equal; null where there is no such group. */
export function zeroStdShare(scores: readonly Pick<Score, 'overall'>[], groups: readonly (string | null)[]): number | null {
  const byGroup = new Map<string, (number | null)[]>();
  scores.forEach((score, index) => {
    const group = groups[index];
    if (group === null || group === undefined) return;
    byGroup.set(group, [...(byGroup.get(group) ?? []), score.overall]);
  });
  const spreads = [...byGroup.values()].map(overalls => spreadOf(overalls).spread).filter(spread => spread !== 'unscored');
  return spreads.length === 0 ? null : spreads.filter(spread => spread === 'zero').length / spreads.length;
}

function spreadIn(values: readonly (number | null)[]): Spread | null {
  const { mean, std } = spreadOf(values);
  return mean === null ? null : { mean, std };
}

function countErrors(scores: readonly Score[]): RewardSummary['errors'] {
  const counted = new Map<string, { error: ScoreError; count: number }>();
  for (const { error } of scores) {
    if (!error) continue;
    const key = JSON.stringify([error.message, error.file, error.line]);
    const known = counted.get(key);
    if (known) known.count++;
    else counted.set(key, { error, count: 1 });
  }
  return [...counted.values()].sort((a, b) => b.count - a.count);
}

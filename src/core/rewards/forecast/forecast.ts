import { spreadOf } from '../../rollouts/groupSpread';
import type { Score } from '../score';
import { zeroStdShare } from '../summary/rewardSummary';

/** What a reward said of a response: a score without its evidence. */
export type Verdict = Pick<Score, 'overall' | 'components'>;

/** One stored rollout, scored by two versions of a reward. */
export interface RescoredRollout {
  readonly group: string;
  readonly sampleId: string;
  readonly dataset: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface Shift {
  /** `overall` or a component's name. */
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  /** Responses whose value changed. */
  readonly changed: number;
}

/** What a change of a reward does to one group. */
export interface GroupShift {
  readonly group: string;
  readonly sampleId: string;
  readonly dataset: string;
  /** Pairs of responses whose order turned round. */
  readonly flips: number;
  readonly signal: 'gained' | 'lost' | 'kept' | 'none';
  readonly bestChanged: boolean;
}

/** What a change of a reward does to stored rollouts, before a step is trained with it. */
export interface Forecast {
  readonly rollouts: number;
  readonly groups: number;
  /** `overall` first. */
  readonly shifts: readonly Shift[];
  /** Pairs that had an order before and have the opposite one now, of all pairs with an order in both. */
  readonly flippedPairs: number;
  readonly orderedPairs: number;
  /** Groups whose best response is another one now. */
  readonly bestChanged: number;
  /** Groups that could teach nothing and now can, and the other way round. */
  readonly gained: number;
  readonly lost: number;
  /** Share of zero-std groups; null where no group has two scores. */
  readonly zeroStdBefore: number | null;
  readonly zeroStdAfter: number | null;
  /** The groups that changed, the most changed first. */
  readonly changedGroups: readonly GroupShift[];
}

const same = 1e-9;

export function forecast(rollouts: readonly RescoredRollout[]): Forecast {
  const byGroup = new Map<string, RescoredRollout[]>();
  for (const rollout of rollouts) {
    const group = byGroup.get(rollout.group);
    if (group) group.push(rollout);
    else byGroup.set(rollout.group, [rollout]);
  }
  const groups = [...byGroup.values()].map(shiftOfGroup);
  const names = [...new Set(rollouts.flatMap(({ before, after }) => [...Object.keys(before.components), ...Object.keys(after.components)]))];
  const groupNames = rollouts.map(rollout => rollout.group);
  const count = (test: (shift: GroupShift) => boolean): number => groups.filter(({ shift }) => test(shift)).length;
  return {
    rollouts: rollouts.length,
    groups: groups.length,
    shifts: [shiftOf('overall', rollouts, verdict => verdict.overall), ...names.map(name => shiftOf(name, rollouts, verdict => verdict.components[name] ?? null))],
    flippedPairs: groups.reduce((sum, { shift }) => sum + shift.flips, 0),
    orderedPairs: groups.reduce((sum, { ordered }) => sum + ordered, 0),
    bestChanged: count(shift => shift.bestChanged),
    gained: count(shift => shift.signal === 'gained'),
    lost: count(shift => shift.signal === 'lost'),
    zeroStdBefore: zeroStdShare(rollouts.map(rollout => rollout.before), groupNames),
    zeroStdAfter: zeroStdShare(rollouts.map(rollout => rollout.after), groupNames),
    changedGroups: groups.map(({ shift }) => shift).filter(shift => shift.flips > 0 || shift.bestChanged || shift.signal === 'gained' || shift.signal === 'lost').sort((a, b) => weight(b) - weight(a)),
  };
}

function shiftOf(name: string, rollouts: readonly RescoredRollout[], value: (verdict: Verdict) => number | null): Shift {
  const pairs = rollouts.map(({ before, after }) => [value(before), value(after)] as const);
  return {
    name,
    before: spreadOf(pairs.map(([before]) => before)).mean,
    after: spreadOf(pairs.map(([, after]) => after)).mean,
    changed: pairs.filter(([before, after]) => (before === null || after === null ? before !== after : Math.abs(before - after) > same)).length,
  };
}

function shiftOfGroup(rollouts: readonly RescoredRollout[]): { readonly shift: GroupShift; readonly ordered: number } {
  const before = rollouts.map(rollout => rollout.before.overall);
  const after = rollouts.map(rollout => rollout.after.overall);
  let flips = 0;
  let ordered = 0;
  for (let i = 0; i < rollouts.length; i++) {
    for (let j = i + 1; j < rollouts.length; j++) {
      const was = orderOf(before[i], before[j]);
      const is = orderOf(after[i], after[j]);
      if (was !== 0 && is !== 0) ordered++;
      if (was * is < 0) flips++;
    }
  }
  const [first] = rollouts;
  const teaches = (overalls: readonly (number | null)[]): boolean => ['some', 'near-zero'].includes(spreadOf(overalls).spread);
  const had = teaches(before);
  const has = teaches(after);
  return {
    ordered,
    shift: {
      group: first?.group ?? '', sampleId: first?.sampleId ?? '', dataset: first?.dataset ?? '',
      flips, signal: had ? (has ? 'kept' : 'lost') : has ? 'gained' : 'none', bestChanged: !best(before).some(index => best(after).includes(index)),
    },
  };
}

/** -1, 0 or 1; a failed response has no place in the order. */
function orderOf(a: number | null | undefined, b: number | null | undefined): number {
  if (a === null || b === null || a === undefined || b === undefined || Math.abs(a - b) <= same) return 0;
  return a < b ? -1 : 1;
}

/** Indexes of the highest value; of all when none was scored. */
function best(overalls: readonly (number | null)[]): readonly number[] {
  const top = Math.max(...overalls.map(value => value ?? -Infinity));
  return overalls.flatMap((value, index) => ((value ?? -Infinity) >= top - same ? [index] : []));
}

function weight({ flips, signal, bestChanged }: GroupShift): number {
  return flips + (signal === 'lost' ? 1000 : signal === 'gained' ? 500 : 0) + (bestChanged ? 100 : 0);
}

/** Samples by difficulty when `component` decides what is right (from 1 on): the counts that the sampling stage would write. */
export function difficultyCounts(verdicts: readonly { readonly group: string; readonly verdict: Verdict }[], component: string): Readonly<Record<'easy' | 'medium' | 'hard', number>> {
  const byGroup = new Map<string, (number | null)[]>();
  for (const { group, verdict } of verdicts) byGroup.set(group, [...(byGroup.get(group) ?? []), verdict.components[component] ?? null]);
  const counts = { easy: 0, medium: 0, hard: 0 };
  for (const values of byGroup.values()) {
    if (values.some(value => value === null)) continue; // an error is not a wrong answer: the sample has no difficulty
    const right = values.filter(value => (value ?? 0) >= 1).length;
    counts[right === values.length ? 'easy' : right > 0 ? 'medium' : 'hard']++;
  }
  return counts;
}

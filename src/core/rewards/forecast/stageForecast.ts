import type { ScoredStage } from '../../project/stagesOfReward';
import type { Rollout } from '../../rollouts/rollout';
import { difficultyCounts, type Forecast, forecast, type RescoredRollout, type Verdict } from './forecast';
import type { Score } from '../score';

export type DifficultyCounts = ReturnType<typeof difficultyCounts>;

/** What the reward as it is now does to the stored rollouts of a stage that trains with it. */
export interface StageForecast extends Pick<ScoredStage, 'stage' | 'isReplay' | 'plan'> {
  readonly dataset: string;
  readonly runFolder: string;
  /** Whose scores the new ones are compared with: those in the run, or those of the version before the last save. */
  readonly baseline: { readonly kind: 'recorded' | 'saved'; readonly hash: string };
  readonly hash: string;
  /** Its `changedGroups` are the first fifty. */
  readonly forecast: Forecast;
  readonly changedGroups: number;
  /** Responses on which the reward fails now. */
  readonly errors: number;
  /** Where this reward sorts samples by difficulty. */
  readonly difficulty: { readonly component: string; readonly before: DifficultyCounts; readonly after: DifficultyCounts } | null;
}

/** Scores of one version of the reward, by `keyOfRollout`. */
export interface VersionScores {
  readonly hash: string;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

const shownGroups = 50;

export function keyOfRollout({ group, index }: Pick<Rollout, 'group' | 'index'>): string {
  return `${group}#${index}`;
}

/** Compares the scores that rollouts have now with those of `earlier`, or with what the run recorded. Rollouts without a score now are left out. */
export function stageForecast(
  stage: ScoredStage, runFolder: string, rollouts: readonly Rollout[], now: { readonly hash: string; readonly scores: ReadonlyMap<string, Score> }, earlier: VersionScores | undefined,
): StageForecast {
  const rescored = rollouts.flatMap((rollout): RescoredRollout[] => {
    const after = now.scores.get(keyOfRollout(rollout));
    const { group, sampleId, dataset } = rollout;
    return after ? [{ group, sampleId, dataset, before: earlier?.verdicts.get(keyOfRollout(rollout)) ?? rollout, after }] : [];
  });
  const told = forecast(rescored);
  return {
    stage: stage.stage, isReplay: stage.isReplay, plan: stage.plan, runFolder, hash: now.hash,
    dataset: stage.dataset ?? [...new Set(rescored.map(each => each.dataset))].join(', '),
    baseline: earlier ? { kind: 'saved', hash: earlier.hash } : { kind: 'recorded', hash: rollouts[0]?.rewardHash ?? '' },
    forecast: { ...told, changedGroups: told.changedGroups.slice(0, shownGroups) }, changedGroups: told.changedGroups.length,
    errors: [...now.scores.values()].filter(score => score.error).length,
    difficulty: difficultyOf(stage.component, rescored),
  };
}

function difficultyOf(component: string | null, rollouts: readonly RescoredRollout[]): StageForecast['difficulty'] {
  if (component === null) return null;
  const counts = (side: 'before' | 'after'): DifficultyCounts => difficultyCounts(rollouts.map(rollout => ({ group: rollout.group, verdict: rollout[side] })), component);
  return { component, before: counts('before'), after: counts('after') };
}

/** Samples of a step that teach, before and after; null where nothing is trained or no group has a spread to look at. */
export function teachingSamples({ plan, forecast: { zeroStdBefore, zeroStdAfter } }: Pick<StageForecast, 'plan' | 'forecast'>): { readonly before: number; readonly after: number } | null {
  if (plan === null || zeroStdBefore === null || zeroStdAfter === null) return null;
  return { before: plan.samplesPerStep * (1 - zeroStdBefore), after: plan.samplesPerStep * (1 - zeroStdAfter) };
}

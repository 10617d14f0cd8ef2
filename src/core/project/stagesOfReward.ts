import type { Project } from './project';

/** A stage of `pebr.json` that a reward scores, and on which dataset. */
export interface ScoredStage {
  readonly stage: string;
  /** Whether the stage only replays the dataset, so that it is not forgotten. */
  readonly isReplay: boolean;
  /** Null: whatever dataset is sampled. */
  readonly dataset: string | null;
  /** What will be trained: samples a step, and steps; null where nothing is. */
  readonly plan: { readonly samplesPerStep: number; readonly steps: number } | null;
  /** The component that decides what is right; null where the stage sorts nothing. */
  readonly component: string | null;
}

/** The stages that a reward file scores: sampling, training, and the replay within a stage. `isReward` knows the file by the project's name for it. */
export function stagesOfReward({ pipeline: { sampling, stages } }: Project, isReward: (name: string) => boolean): readonly ScoredStage[] {
  return [
    ...(sampling && isReward(sampling.reward) ? [{ stage: 'sampling', isReplay: false, dataset: null, plan: null, component: sampling.component }] : []),
    ...stages.flatMap(({ name, dataset, reward, replay, samplesPerStep, steps }): ScoredStage[] => {
      const replayed = replay ? Math.round(samplesPerStep * replay.share) : 0;
      return [
        ...(isReward(reward) ? [{ stage: name, isReplay: false, dataset, plan: { samplesPerStep: samplesPerStep - replayed, steps }, component: null }] : []),
        ...(replay && isReward(replay.reward) ? [{ stage: name, isReplay: true, dataset: replay.dataset, plan: { samplesPerStep: replayed, steps }, component: null }] : []),
      ];
    }),
  ];
}

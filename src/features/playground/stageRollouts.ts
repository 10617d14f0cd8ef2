import * as path from 'node:path';
import type { Project } from '../../core/project/project';
import type { Rollout } from '../../core/rollouts/rollout';
import { readLastRollouts } from '../../platform/runs/readRollouts';
import { listRolloutStages, listRunFolders } from '../../platform/runs/runFolders';

/** A stage of `pebr.json` that a reward scores, and on which dataset. */
export interface ScoredStage {
  readonly stage: string;
  /** Whether the stage only replays the dataset, so that it is not forgotten. */
  readonly isReplay: boolean;
  /** Null: whatever dataset is sampled. */
  readonly dataset: string | null;
  readonly plan: { readonly samplesPerStep: number; readonly steps: number } | null;
  /** The component that decides what is right; null where the stage sorts nothing. */
  readonly component: string | null;
}

/** The stages that a reward file scores: sampling, training, and the replay within a stage. */
export function stagesOfReward({ project, folder }: { readonly project: Project; readonly folder: string }, reward: string): readonly ScoredStage[] {
  const is = (name: string | undefined): boolean => name !== undefined && path.resolve(folder, name) === reward;
  const { sampling, stages } = project.pipeline;
  return [
    ...(is(sampling?.reward) ? [{ stage: 'sampling', isReplay: false, dataset: null, plan: null, component: sampling?.component ?? null }] : []),
    ...stages.flatMap(({ name, dataset, reward: own, replay, samplesPerStep, steps }): ScoredStage[] => {
      const replayed = replay ? Math.round(samplesPerStep * replay.share) : 0;
      return [
        ...(is(own) ? [{ stage: name, isReplay: false, dataset, plan: { samplesPerStep: samplesPerStep - replayed, steps }, component: null }] : []),
        ...(replay && is(replay.reward) ? [{ stage: name, isReplay: true, dataset: replay.dataset, plan: { samplesPerStep: replayed, steps }, component: null }] : []),
      ];
    }),
  ];
}

export interface StageRollouts {
  readonly runFolder: string;
  readonly rollouts: readonly Rollout[];
}

/** The last rollouts of a stage in the newest run that has any of them; undefined when no run has. */
export async function newestRollouts(projectFolder: string, { stage, dataset }: ScoredStage, limit: number): Promise<StageRollouts | undefined> {
  for (const runFolder of await listRunFolders(projectFolder)) {
    if (!(await listRolloutStages(runFolder)).includes(stage)) continue;
    const rollouts = (await readLastRollouts(runFolder, stage, limit)).filter(rollout => dataset === null || rollout.dataset === dataset);
    if (rollouts.length > 0) return { runFolder, rollouts };
  }
  return undefined;
}

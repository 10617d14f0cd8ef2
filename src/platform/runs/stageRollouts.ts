import type { ScoredStage } from '../../core/project/stagesOfReward';
import type { Rollout } from '../../core/rollouts/rollout';
import { readLastRollouts } from './readRollouts';
import { listRolloutStages, listRunFolders } from './runFolders';

export interface StageRollouts {
  readonly runFolder: string;
  readonly rollouts: readonly Rollout[];
}

/** The last rollouts of a stage in the newest of the runs that has any; undefined when none has. `runFolders`: all of the project's by default. */
export async function newestRollouts(projectFolder: string, { stage, dataset }: ScoredStage, limit: number, runFolders?: readonly string[]): Promise<StageRollouts | undefined> {
  for (const runFolder of runFolders ?? (await listRunFolders(projectFolder))) {
    if (!(await listRolloutStages(runFolder)).includes(stage)) continue;
    const rollouts = (await readLastRollouts(runFolder, stage, limit)).rollouts.filter(rollout => dataset === null || rollout.dataset === dataset);
    if (rollouts.length > 0) return { runFolder, rollouts };
  }
  return undefined;
}

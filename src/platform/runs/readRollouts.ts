import type { Problem } from '../../core/problem';
import { RolloutIndex } from './rolloutIndex';
import { rolloutFile } from './runFolders';
import type { Rollout } from '../../core/rollouts/rollout';

/** The rollouts of one group of a run; empty when the run has no such group. */
export async function readGroup(runFolder: string, stage: string, group: string): Promise<readonly Rollout[]> {
  const index = new RolloutIndex(rolloutFile(runFolder, stage));
  await index.refresh();
  return index.read(group);
}

export interface LastRollouts {
  readonly rollouts: readonly Rollout[];
  /** Lines of the file that could not be read. */
  readonly problems: readonly Problem[];
}

/** Whole groups of a stage, the last ones first, until `limit` rollouts are reached. */
export async function readLastRollouts(runFolder: string, stage: string, limit: number): Promise<LastRollouts> {
  const index = new RolloutIndex(rolloutFile(runFolder, stage));
  await index.refresh();
  const rollouts: Rollout[] = [];
  for (const { group } of [...index.groups].reverse()) {
    if (rollouts.length >= limit) break;
    rollouts.push(...(await index.read(group)));
  }
  const unfinished = await index.unfinished();
  return { rollouts, problems: [...index.problems, ...(unfinished ? [unfinished] : [])] };
}

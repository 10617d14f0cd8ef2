import * as path from 'node:path';
import type { Project } from '../core/project/project';
import { rewardNames } from '../core/project/rewardUses';
import type { OpenProject, ProjectService } from './projectService';
import type { RewardOptions } from './rewardService';

/** A reward file that a `pebr.json` names. */
export interface ProjectReward {
  /** Absolute. */
  readonly path: string;
  /** As the project names it. */
  readonly name: string;
  readonly project: OpenProject;
  readonly options: RewardOptions;
}

/** The reward files of every project: those listed under `rewards`, then those that only a stage names. */
export async function projectRewards(projects: ProjectService): Promise<readonly ProjectReward[]> {
  const usable = await projects.usable();
  return usable.flatMap(open => {
    const options = optionsOf(open);
    return rewardNames(open.project).map(name => ({ path: path.resolve(open.folder, name), name, project: open, options }));
  });
}

/** How a reward file is run: with the model of the project that names it, else of the one it lies in, else of the first. */
export async function rewardOptions(projects: ProjectService, reward: string): Promise<RewardOptions> {
  const usable = await projects.usable();
  const names = (open: (typeof usable)[number]): boolean => rewardNames(open.project).some(name => path.resolve(open.folder, name) === reward);
  const open = usable.find(names) ?? usable.find(each => reward.startsWith(each.folder + path.sep)) ?? usable[0];
  return open ? optionsOf(open) : { projectFolder: path.dirname(reward), clip: null };
}

function optionsOf({ folder, project: { clip } }: { readonly folder: string; readonly project: Project }): RewardOptions {
  return { projectFolder: folder, clip: clip === null ? null : path.resolve(folder, clip) };
}

import * as path from 'node:path';
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
    const { rewards, pipeline, clip } = open.project;
    const staged = pipeline.stages.flatMap(stage => [stage.reward, ...(stage.replay ? [stage.replay.reward] : [])]);
    const names = [...new Set([...rewards, ...staged, ...(pipeline.sampling ? [pipeline.sampling.reward] : [])])];
    const options = { projectFolder: open.folder, clip: clip === null ? null : path.resolve(open.folder, clip) };
    return names.map(name => ({ path: path.resolve(open.folder, name), name, project: open, options }));
  });
}

import * as path from 'node:path';
import { projectRewards } from '../../host/projectRewards';
import type { RewardOptions } from '../../host/rewardService';
import type { Services } from '../../host/services';

/** How a reward file is loaded; a file that no project names yet is taken as one of the first project. */
export async function rewardOptionsOf({ projects }: Services, reward: string): Promise<RewardOptions> {
  const found = (await projectRewards(projects)).find(each => each.path === reward);
  if (found) return found.options;
  const [project] = await projects.usable();
  return { projectFolder: project?.folder ?? path.dirname(reward), clip: project && project.project.clip !== null ? path.resolve(project.folder, project.project.clip) : null };
}

import * as path from 'node:path';
import type { LintReport } from '../core/lint/lintReport';
import type { DatasetConfig } from '../core/project/project';
import { rewardsOfDataset } from '../core/project/rewardUses';
import { lintGold } from '../platform/lint/lintGold';
import { RewardClient } from '../platform/rewards/rewardClient';
import type { ProjectOnDisk } from './openProject';
import { clipFolder } from './rewardArgument';

/** Scores the labels of a dataset with the rewards that it is trained with. Throws `reward.failed` for a reward that cannot be loaded. */
export async function lintGoldOf({ folder, project }: ProjectOnDisk, dataset: DatasetConfig, python: string): Promise<readonly LintReport[]> {
  const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
  try {
    const reports: LintReport[] = [];
    for (const name of rewardsOfDataset(project, dataset.id)) {
      const { reward, weights } = await client.load({ path: path.resolve(folder, name), clip: clipFolder(folder, project), python: [python] });
      const { report } = await lintGold(folder, dataset, { name: path.basename(name), weights, score: async items => (await client.score({ reward, items })).scores });
      reports.push(report);
    }
    return reports;
  } finally {
    client.dispose();
  }
}

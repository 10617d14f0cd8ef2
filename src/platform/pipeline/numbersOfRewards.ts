import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Project } from '../../core/project/project';
import type { RewardNumber } from '../../core/rewards/score';
import { rewardNumbers } from '../rewards/rewardNumbers';

/** The numbers of the rewards that a project's stages train with, by path; TypeScript and JavaScript files only, the others have none that are known without running them. */
export async function numbersOfRewards(folder: string, { pipeline }: Project): Promise<Readonly<Record<string, readonly RewardNumber[]>>> {
  const files = [...new Set(pipeline.stages.map(stage => stage.reward))].filter(file => /\.[mc]?[jt]s$/.test(file));
  const found = await Promise.all(files.map(async file => {
    const text = await readFile(path.resolve(folder, file), 'utf8').catch(() => ''); // not there: told before a run by its checks
    return [file, rewardNumbers(text.replace(/^\uFEFF/, ''), /ts$/.test(file))] as const;
  }));
  return Object.fromEntries(found);
}

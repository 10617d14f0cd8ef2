import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import type { Score } from '../../core/rewards/score';
import type { Rollout } from '../../core/rollouts/rollout';
import { rewardOfStage } from '../../core/runs/runInfo';
import { projectRewards, rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { readRun } from '../../platform/runs/runReader';

/** The reward that scored rollouts of a dataset in a stage of a run; else the one that the project's stage has now. Throws `argument.invalid` where there is none. */
export async function rewardOfRollout({ projects }: Services, runFolder: string, { stage, dataset }: Pick<Rollout, 'stage' | 'dataset'>): Promise<string> {
  const { info } = await readRun(runFolder);
  const rewards = await projectRewards(projects);
  const named = info && rewardOfStage(info, stage, dataset);
  const ofRun = named && rewards.find(({ project, name }) => name === named && runFolder.startsWith(project.folder + path.sep))?.path;
  if (ofRun) return ofRun;
  for (const { folder, project } of await projects.usable()) {
    const found = project.pipeline.stages.find(each => each.dataset === dataset)?.reward;
    if (found !== undefined) return path.resolve(folder, found);
  }
  const [first] = rewards;
  if (first) return first.path;
  throw new AppError('argument.invalid', { argument: 'reward', reason: 'no pebr.json names one, so there is nothing to score with. List a reward file under "rewards".' });
}

export interface ScoredNow {
  readonly reward: string;
  readonly hash: string;
  readonly scores: readonly Score[];
}

/** Scores stored responses of one sample with a reward as it is now. Throws `workspace.untrusted`, `argument.invalid` and `reward.failed`. */
export async function scoreNow({ projects, datasets, rewards }: Services, reward: string, rollouts: readonly Rollout[]): Promise<ScoredNow> {
  if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: 'scoring runs the reward file' });
  const [first] = rollouts;
  if (!first) return { reward, hash: '', scores: [] };
  const { sample } = await datasets.sample({ dataset: first.dataset, qid: first.sampleId });
  const options = await rewardOptions(projects, reward);
  const { hash } = await rewards.load(reward, options);
  const scores = await rewards.score(reward, options, rollouts.map(({ response, tokens }) => ({ response, sample, ...(tokens > 0 ? { tokens } : {}) })));
  return { reward, hash, scores };
}

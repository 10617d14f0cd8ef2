import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ResponseRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { rewardDatasets } from '../../core/project/rewardUses';
import { rewardFilesOf } from '../../core/rewards/cases/caseFiles';
import { goldResponse } from '../../core/rewards/gold/goldResponse';
import type { ScoreItem } from '../../core/rewards/score';
import type { Services } from '../../host/services';
import { readSamples } from '../../platform/dataset/readSample';
import { itemOfCase } from '../../platform/rewards/runCases';
import { chosenReward } from './chosenReward';
import type { RewardCases } from './rewardCases';

export interface DebugTarget {
  readonly reward: string;
  readonly item: ScoreItem;
}

/** What is to be debugged: the response that is given, the case at the cursor, else the gold answer of the reward's first sample. Undefined where the person chose nothing. */
export async function debugTarget(services: Services, cases: RewardCases, given: unknown): Promise<DebugTarget | undefined> {
  if (isResponse(given)) {
    const { sample } = await services.datasets.sample(given.sample);
    return { reward: given.reward, item: { response: given.response, ...(given.tokens === undefined ? {} : { tokens: given.tokens }), sample } };
  }
  const editor = vscode.window.activeTextEditor;
  const file = editor?.document.uri.fsPath ?? '';
  if (given === undefined && editor && rewardFilesOf(file).length > 0) {
    const line = editor.selection.active.line + 1;
    const placed = (await cases.read(file)).cases.find(each => each.line === line);
    if (placed) return { reward: await cases.rewardOf(file), item: await itemOfCase(placed, async ref => (await services.datasets.sample(ref)).sample) };
  }
  const reward = await chosenReward(services, given, 'Reward to debug');
  return reward === undefined ? undefined : { reward, item: await firstGold(services, reward) };
}

async function firstGold({ projects, datasets }: Services, reward: string): Promise<ScoreItem> {
  for (const open of await projects.usable()) {
    for (const id of rewardDatasets(open.project, name => path.resolve(open.folder, name) === reward)) {
      const { project, config } = await datasets.byId(id);
      const [first] = await readSamples(project.folder, config, { limit: 1 });
      if (first) return { response: goldResponse(first.sample), sample: first.sample };
    }
  }
  throw new AppError('argument.invalid', { argument: reward, reason: 'there is no sample to debug it on. Name a dataset in pebr.json, or choose a response in the playground.' });
}

function isResponse(given: unknown): given is ResponseRequest {
  return typeof given === 'object' && given !== null && typeof (given as Partial<ResponseRequest>).response === 'string';
}

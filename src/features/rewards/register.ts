import * as path from 'node:path';
import * as vscode from 'vscode';
import { viewIds } from '../../contributions';
import { registerCommand } from '../../host/commands';
import { projectRewards } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { RewardTree } from './rewardTree';

/** The Rewards view and the command that opens a reward file. */
export function registerRewards(services: Services): void {
  const { lifetime, log } = services;
  const tree = lifetime.add(new RewardTree(services));
  lifetime.add(vscode.window.createTreeView(viewIds.rewards, { treeDataProvider: tree, showCollapseAll: true }));
  lifetime.add(
    registerCommand(log, 'pebr.reward.open', async file => {
      const chosen = file ?? (await chooseReward(services));
      if (chosen !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(chosen));
    }),
  );
}

async function chooseReward({ projects }: Services): Promise<string | undefined> {
  const rewards = await projectRewards(projects);
  if (rewards.length === 0) {
    void vscode.window.showInformationMessage('No pebr.json of this folder names a reward file. List one under "rewards".');
    return undefined;
  }
  const items = rewards.map(reward => ({ label: path.basename(reward.path), description: reward.name, reward }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Reward file to open' }))?.reward.path;
}

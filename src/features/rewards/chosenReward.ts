import * as path from 'node:path';
import * as vscode from 'vscode';
import { rewardFilesOf } from '../../core/rewards/cases/caseFiles';
import { projectRewards } from '../../host/projectRewards';
import type { Services } from '../../host/services';

/** Whether a file is a reward by its name; a project may name others. */
export function isRewardName(file: string): boolean {
  return /\.reward\.[mc]?[tj]s$/.test(file) || /reward[^/\\]*\.py$/i.test(file);
}

/**
 * The reward that a command is about. A command hands over a path, a menu what it stands on (a file, a node of the Rewards view); without either it is
 * the reward or the cases file in the editor, else the person is asked. Undefined where the person chose none.
 */
export async function chosenReward({ projects }: Services, given: unknown, placeHolder: string): Promise<string | undefined> {
  const named = pathOf(given);
  if (named !== undefined) return named;
  const rewards = await projectRewards(projects);
  const active = vscode.window.activeTextEditor?.document.uri.fsPath;
  if (active !== undefined) {
    const beside = rewardFilesOf(active).find(candidate => rewards.some(reward => reward.path === candidate)) ?? rewardFilesOf(active)[0];
    if (beside !== undefined) return beside;
    if (isRewardName(active) || rewards.some(reward => reward.path === active)) return active;
  }
  if (rewards.length === 0) {
    void vscode.window.showInformationMessage('No pebr.json of this folder names a reward file.', 'New Reward').then(choice => choice && vscode.commands.executeCommand('pebr.reward.new'));
    return undefined;
  }
  if (rewards.length === 1) return rewards[0]?.path;
  const items = rewards.map(reward => ({ label: path.basename(reward.path), description: reward.name, reward }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.reward.path;
}

function pathOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (given instanceof vscode.Uri) return given.fsPath;
  if (typeof given !== 'object' || given === null) return undefined;
  const { reward } = given as { readonly reward?: unknown };
  if (typeof reward === 'string') return reward;
  return typeof reward === 'object' && reward !== null ? (reward as { readonly path: string }).path : undefined;
}

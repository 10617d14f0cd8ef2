import { existsSync } from 'node:fs';
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
export async function chosenReward(services: Services, given: unknown, placeHolder: string): Promise<string | undefined> {
  return pathOf(given) ?? (await activeReward(services)) ?? askReward(services, placeHolder);
}

/** The reward in the editor, or the one whose cases are. */
async function activeReward({ projects }: Services): Promise<string | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri.fsPath;
  if (active === undefined) return undefined;
  const rewards = await projectRewards(projects);
  const isNamed = (file: string): boolean => rewards.some(reward => reward.path === file);
  return rewardFilesOf(active).find(isNamed) ?? rewardFilesOf(active).find(file => existsSync(file)) ?? (isNamed(active) || isRewardName(active) ? active : undefined);
}

/** Undefined where the person chose none. */
export async function askReward({ projects }: Services, placeHolder: string): Promise<string | undefined> {
  const rewards = await projectRewards(projects);
  if (rewards.length === 0) {
    void vscode.window.showInformationMessage('No pebr.json of this folder names a reward file.', 'New Reward').then(choice => choice && vscode.commands.executeCommand('pebr.reward.new'));
    return undefined;
  }
  if (rewards.length === 1) return rewards[0]?.path;
  const items = rewards.map(reward => ({ label: path.basename(reward.path), description: reward.name, reward }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.reward.path;
}

/** The file that a command was handed over. */
export function pathOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (given instanceof vscode.Uri) return given.fsPath;
  if (typeof given !== 'object' || given === null) return undefined;
  const { reward } = given as { readonly reward?: unknown };
  if (typeof reward === 'string') return reward;
  return typeof reward === 'object' && reward !== null ? (reward as { readonly path: string }).path : undefined;
}

import * as path from 'node:path';
import * as vscode from 'vscode';
import { viewIds } from '../../contributions';
import { casesFileOf, rewardFilesOf } from '../../core/rewards/cases/caseFiles';
import { checkCase } from '../../core/rewards/cases/checkCase';
import type { Score } from '../../core/rewards/score';
import { registerCommand } from '../../host/commands';
import type { RewardResults } from '../../host/rewardResults';
import type { Services } from '../../host/services';
import { isPassed, itemOfCase } from '../../platform/rewards/runCases';
import { addCase } from './addCase';
import { CaseTests } from './caseTests';
import { askReward, chosenReward, pathOf } from './chosenReward';
import { showComponentMeans } from './componentMeans';
import { debugTarget } from './debugTarget';
import { goldInWords, type GoldResult, GoldRun } from './goldRun';
import { newReward } from './newReward';
import { RewardCases } from './rewardCases';
import { RewardDebugger } from './rewardDebugger';
import { followRewardFiles } from './rewardFilesKey';
import { RewardLenses } from './rewardLenses';
import { RewardProblems } from './rewardProblems';
import { RewardTree } from './rewardTree';
import { showRunMeans } from './runMeans';
import { RunResults } from './runResults';

/** What integration tests look at. */
export interface RewardHands {
  readonly tests: CaseTests;
  readonly cases: RewardCases;
  readonly tree: RewardTree;
  readonly results: RewardResults;
  readonly runs: RunResults;
}

/** Reward files: their view, their cases as tests, and the commands that make, debug and check them. */
export function registerRewards(services: Services): RewardHands {
  const { lifetime, log } = services;
  const cases = lifetime.add(new RewardCases(services));
  const rewardDebugger = new RewardDebugger(services);
  const tests = lifetime.add(new CaseTests(services, cases, async (placed, run) => {
    const item = await itemOfCase(placed, async ref => (await services.datasets.sample(ref)).sample);
    const score = await rewardDebugger.debug(await cases.rewardOf(placed.file), item, run);
    return score && { placed, score, differences: checkCase(placed, score) };
  }));
  const gold = lifetime.add(new GoldRun(services));
  lifetime.add(followRewardFiles(services));
  const runs = lifetime.add(new RunResults(services));
  lifetime.add(new RewardLenses(services, cases, runs));
  lifetime.add(showRunMeans(runs));
  lifetime.add(showComponentMeans(services));
  lifetime.add(new RewardProblems(services));
  const tree = lifetime.add(new RewardTree(services, cases));
  lifetime.add(vscode.window.createTreeView(viewIds.rewards, { treeDataProvider: tree, showCollapseAll: true }));

  lifetime.add(registerCommand(log, 'pebr.reward.open', async given => {
    const file = pathOf(given) ?? (await askReward(services, 'Reward file to open'));
    if (file !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(file));
  }));
  lifetime.add(registerCommand(log, 'pebr.reward.new', () => newReward(services)));
  lifetime.add(registerCommand(log, 'pebr.reward.addCase', request => addCase(request)));
  lifetime.add(registerCommand(log, 'pebr.reward.runCases', async given => {
    const chosen = await chosenReward(services, given, 'Reward whose cases are to run');
    if (chosen !== undefined) await runCasesOf(tests, chosen);
  }));
  lifetime.add(registerCommand(log, 'pebr.reward.checkGold', async given => {
    const reward = await chosenReward(services, given, 'Reward that should pay every gold answer in full');
    if (reward === undefined) return;
    const title = `Gold answers under ${path.basename(reward)}`;
    const results = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => gold.check(reward, progress, token));
    tellGold(path.basename(reward), results);
  }));
  lifetime.add(registerCommand(log, 'pebr.reward.debug', async given => {
    const target = await debugTarget(services, cases, given);
    const score = target && (await rewardDebugger.debug(target.reward, target.item));
    if (target && score) tellScore(target.reward, score);
  }));
  return { tests, cases, tree, results: services.results, runs };
}

async function runCasesOf(tests: CaseTests, chosen: string): Promise<void> {
  const file = rewardFilesOf(chosen).length > 0 ? chosen : casesFileOf(chosen);
  const outcomes = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Cases of ${path.basename(chosen)}` }, () => tests.runFile(file));
  if (outcomes.length === 0) {
    const choice = 'Open Playground';
    void vscode.window.showInformationMessage(`There are no cases in ${path.basename(file)} yet. A row of the playground becomes one.`, choice)
      .then(chose => chose && vscode.commands.executeCommand('pebr.playground.open', { reward: chosen }));
    return;
  }
  const failed = outcomes.filter(outcome => !isPassed(outcome)).length;
  const words = `${path.basename(file)}: ${outcomes.length - failed} passed, ${failed} failed`;
  const show = failed > 0 ? vscode.window.showWarningMessage(words, 'Show Tests') : vscode.window.showInformationMessage(words, 'Show Tests');
  void show.then(chose => chose && vscode.commands.executeCommand('workbench.view.testing.focus'));
}

function tellGold(reward: string, results: readonly GoldResult[]): void {
  const isFull = results.every(result => result.full === result.count);
  const words = `${reward}. ${results.map(goldInWords).join('. ')}.`;
  if (isFull) void vscode.window.showInformationMessage(words);
  else void vscode.window.showWarningMessage(words, 'Show Problems').then(chose => chose && vscode.commands.executeCommand('workbench.panel.markers.view.focus'));
}

function tellScore(reward: string, score: Score): void {
  const hasBreakpoint = vscode.debug.breakpoints.some(each => each.enabled && each instanceof vscode.SourceBreakpoint && each.location.uri.fsPath === reward);
  const hint = hasBreakpoint ? '' : ` No breakpoint is set in ${path.basename(reward)}: click left of a line number to stop there.`;
  if (score.error) void vscode.window.showWarningMessage(`The reward failed: ${score.error.message}${hint}`);
  else void vscode.window.showInformationMessage(`Overall ${Number((score.overall ?? 0).toFixed(4))}.${hint}`);
}

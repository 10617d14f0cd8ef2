import * as path from 'node:path';
import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { type ScoredStage, stagesOfReward } from '../../core/project/stagesOfReward';
import type { Score } from '../../core/rewards/score';
import { type StageForecast, stageForecast, type VersionScores } from '../../core/rewards/forecast/stageForecast';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { newestRollouts, type StageRollouts } from '../../platform/runs/stageRollouts';
import type { ForecastResult } from '../../protocol/playground';
import { LatestRun } from './latestRun';
import { itemsOfRollouts } from './playgroundItems';

/** Rollouts that are re-scored a stage. */
const limit = 1024;

/** Re-scores the stored rollouts of every stage that a reward trains, and tells what a save changes there. */
export class ForecastSession implements vscode.Disposable {
  private readonly latest: LatestRun<ForecastResult>;
  /** By stage and run: the version that was scored last, and the one before it. */
  private readonly versions = new Map<string, { readonly saved: VersionScores; readonly before?: VersionScores }>();

  constructor(
    private readonly services: Services,
    private readonly onResult: (result: ForecastResult) => void,
  ) {
    this.latest = new LatestRun(onResult, error => nothing(errorInWords(error)));
  }

  async update(reward: string | null): Promise<void> {
    this.onResult({ kind: 'working' });
    await this.latest.run(async token => (reward === null ? nothing('No reward is chosen.') : this.resultOf(reward, token)));
  }

  dispose(): void {
    this.latest.dispose();
  }

  private async resultOf(reward: string, token: vscode.CancellationToken): Promise<ForecastResult> {
    if (!vscode.workspace.isTrusted) return nothing('Rewards are code of this folder. They run once you trust it.');
    const open = (await this.services.projects.usable()).find(({ folder }) => reward.startsWith(folder + path.sep));
    const stages = open ? stagesOfReward(open.project, name => path.resolve(open.folder, name) === reward) : [];
    if (!open || stages.length === 0) return nothing('No stage of pebr.json trains with this reward. Name it as the "reward" of a stage to see what a change does there.');
    const found = await Promise.all(stages.map(async stage => ({ stage, stored: await newestRollouts(open.folder, stage, limit) })));
    const present = found.flatMap(({ stage, stored }) => (stored ? [{ stage, stored }] : []));
    if (present.length === 0) return nothing(`No run has rollouts of ${stages.map(({ stage }) => stage).join(' or ')} yet. Train once, then each save of the reward is tried on them.`);
    const forecasts: StageForecast[] = [];
    for (const { stage, stored } of present) forecasts.push(await this.forecastOf(reward, stage, stored, token));
    return { kind: 'forecast', stages: forecasts };
  }

  private async forecastOf(reward: string, stage: ScoredStage, { runFolder, rollouts }: StageRollouts, token: vscode.CancellationToken): Promise<StageForecast> {
    const options = await rewardOptions(this.services.projects, reward);
    const { items } = await itemsOfRollouts(this.services, rollouts);
    const { hash } = await this.services.rewards.load(reward, options);
    const scores = await this.services.rewards.score(reward, options, items.map(each => each.item), token);
    const byKey = new Map(items.flatMap((each, index) => (scores[index] ? [[each.key, scores[index]] as const] : [])));
    const earlier = this.remember(`${runFolder}\0${stage.stage}\0${stage.dataset ?? ''}`, hash, byKey);
    return stageForecast(stage, runFolder, rollouts, { hash, scores: byKey }, earlier);
  }

  /** Keeps the scores of this version; gives those of the version before, where the reward was saved since the panel opened. */
  private remember(key: string, hash: string, scores: ReadonlyMap<string, Score>): VersionScores | undefined {
    const known = this.versions.get(key);
    if (known?.saved.hash === hash) return known.before;
    const verdicts = new Map([...scores].map(([name, { overall, components }]) => [name, { overall, components }]));
    this.versions.set(key, { saved: { hash, verdicts }, ...(known ? { before: known.saved } : {}) });
    return known?.saved;
  }
}

function nothing(message: string): ForecastResult {
  return { kind: 'none', message };
}

import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { attackResponses, reportAttacks } from '../../core/rewards/attacks/attackReport';
import { attacks } from '../../core/rewards/attacks/attacks';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { readAttackTargets } from '../../platform/dataset/attackTargets';
import type { AttackExample, AttackOutcome, PlaygroundChoice } from '../../protocol/playground';
import { LatestRun } from './latestRun';

/** Tries the known attacks on a reward. */
export class AttackSession implements vscode.Disposable {
  private readonly latest: LatestRun<AttackOutcome>;

  constructor(
    private readonly services: Services,
    private readonly onResult: (outcome: AttackOutcome) => void,
  ) {
    this.latest = new LatestRun<AttackOutcome>(onResult, error => ({ kind: 'none', message: errorInWords(error) }));
  }

  async run(choice: Pick<PlaygroundChoice, 'reward' | 'dataset'>): Promise<void> {
    this.onResult({ kind: 'working' });
    await this.latest.run(token => this.outcomeOf(choice, token));
  }

  dispose(): void {
    this.latest.dispose();
  }

  private async outcomeOf({ reward, dataset }: Pick<PlaygroundChoice, 'reward' | 'dataset'>, token: vscode.CancellationToken): Promise<AttackOutcome> {
    if (reward === null || dataset === null) return { kind: 'none', message: 'Choose a reward and a dataset first.' };
    if (!vscode.workspace.isTrusted) return { kind: 'none', message: 'Rewards are code of this folder. They run once you trust it.' };
    const { project, config } = await this.services.datasets.byId(dataset);
    const targets = await readAttackTargets(project.folder, config);
    const [target] = targets;
    if (!target) return { kind: 'none', message: `${dataset} has no row that can be read.` };
    const options = await rewardOptions(this.services.projects, reward);
    const { hash } = await this.services.rewards.load(reward, options);
    const responses = targets.map(attackResponses);
    const items = targets.flatMap(({ sample }, index) => (responses[index] ?? []).map(response => ({ response, sample })));
    const scores = await this.services.rewards.score(reward, options, items, token);
    const width = attacks.length + 1;
    const [first = []] = responses;
    const examples = attacks.flatMap(({ id }, index): [string, AttackExample][] => {
      const scored = scores[index + 1];
      if (!scored) return [];
      const { evidence, ...score } = scored;
      return [[id, { key: `attack ${id}`, sample: { dataset, qid: target.sample.qid }, group: null, index: 0, response: first[index + 1] ?? '', score, evidence, before: scores[0]?.overall ?? null }]];
    });
    return { kind: 'report', hash, report: reportAttacks(targets.map((_, index) => scores.slice(index * width, (index + 1) * width))), examples: Object.fromEntries(examples) };
  }
}

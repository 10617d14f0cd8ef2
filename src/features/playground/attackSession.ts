import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { attackResponses, reportAttacks } from '../../core/rewards/attackReport';
import { attacks } from '../../core/rewards/attacks';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { readAttackTargets } from '../../platform/dataset/attackTargets';
import type { AttackExample, AttackOutcome, PlaygroundChoice } from '../../protocol/playground';

/** Tries the known attacks on a reward. */
export class AttackSession implements vscode.Disposable {
  private running: vscode.CancellationTokenSource | undefined;

  constructor(
    private readonly services: Services,
    private readonly onResult: (outcome: AttackOutcome) => void,
  ) {}

  async run(choice: Pick<PlaygroundChoice, 'reward' | 'dataset'>): Promise<void> {
    this.dispose();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    this.onResult({ kind: 'working' });
    try {
      const outcome = await this.outcomeOf(choice, source.token);
      if (this.running === source) this.onResult(outcome);
    } catch (error) {
      if (this.running === source && !(error instanceof vscode.CancellationError)) this.onResult({ kind: 'none', message: errorInWords(error) });
    } finally {
      source.dispose();
      if (this.running === source) this.running = undefined;
    }
  }

  dispose(): void {
    this.running?.cancel();
    this.running = undefined;
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

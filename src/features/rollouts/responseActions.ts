import * as vscode from 'vscode';
import type { Curation, CurationChange, StageOverride } from '../../core/curation/curation';
import { AppError } from '../../core/errors';
import { rolloutId } from '../../core/rollouts/rolloutId';
import type { Rollout } from '../../core/rollouts/rollout';
import { runCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { decideSample } from '../../platform/dataset/decideSample';
import { stepInLog } from '../../platform/rollouts/stepInLog';
import type { HostAction } from '../../protocol/rollouts';
import { rewardOfRollout, scoreNow } from './rewardNow';

/** What one key does with the response that is looked at. What is decided about its sample is in its curation file at once, with the rollout that led to it. */
export class ResponseActions {
  constructor(
    private readonly services: Services,
    private readonly runFolder: string,
  ) {}

  /** The curation of the sample where the action changed it, else null. */
  async act(action: HostAction, rollout: Rollout): Promise<Curation | null> {
    switch (action) {
      case 'tag': return this.tag(rollout);
      case 'toWarmUp': return this.decide(rollout, { type: 'setStage', stage: 'warm-up' });
      case 'exclude': return this.decide(rollout, { type: 'setStage', stage: 'excluded' });
      case 'moveStage': return this.moveStage(rollout);
      case 'fixGold': await runCommand('pebr.sample.open', { dataset: rollout.dataset, qid: rollout.sampleId, rollout: rolloutId(rollout) }); break;
      case 'makeCase': await this.makeCase(rollout); break;
      case 'playground': await this.openPlayground(rollout); break;
      case 'openLog': await this.openLog(rollout);
    }
    return null;
  }

  async decide(rollout: Rollout, change: CurationChange): Promise<Curation> {
    const { file } = await this.services.datasets.sample({ dataset: rollout.dataset, qid: rollout.sampleId });
    return decideSample(file, rollout.sampleId, change, rolloutId(rollout), new Date().toISOString().slice(0, 10));
  }

  private async tag(rollout: Rollout): Promise<Curation | null> {
    const tag = (await vscode.window.showInputBox({ title: `Tag for ${rollout.sampleId}`, prompt: 'Several with commas between them', validateInput: text => (text.trim() === '' ? 'A tag has at least one letter' : undefined) }))?.trim();
    if (tag === undefined || tag === '') return null;
    let curation: Curation | null = null;
    for (const each of tag.split(',').map(part => part.trim()).filter(Boolean)) curation = await this.decide(rollout, { type: 'addTag', tag: each });
    return curation;
  }

  private async moveStage(rollout: Rollout): Promise<Curation | null> {
    const stages: readonly { readonly label: string; readonly description: string; readonly stage: StageOverride | null }[] = [
      { label: 'perception', description: 'train it in perception RL', stage: 'perception' },
      { label: 'reasoning', description: 'train it in reasoning RL', stage: 'reasoning' },
      { label: 'warm-up', description: 'learn it before RL', stage: 'warm-up' },
      { label: 'excluded', description: 'train it nowhere', stage: 'excluded' },
      { label: 'by its difficulty', description: 'where sampling sends it', stage: null },
    ];
    const chosen = await vscode.window.showQuickPick(stages, { title: `Stage of ${rollout.sampleId}` });
    return chosen ? this.decide(rollout, { type: 'setStage', stage: chosen.stage }) : null;
  }

  /** The case keeps what the reward says now: a stored score may be of an older reward. */
  private async makeCase(rollout: Rollout): Promise<void> {
    const reward = await rewardOfRollout(this.services, this.runFolder, rollout);
    const { scores } = await scoreNow(this.services, reward, [rollout]);
    const [score] = scores;
    if (score) await runCommand('pebr.reward.addCase', { reward, sample: { dataset: rollout.dataset, qid: rollout.sampleId }, response: rollout.response, ...(rollout.tokens > 0 ? { tokens: rollout.tokens } : {}), score });
  }

  private async openPlayground({ stage, group, dataset, sampleId }: Rollout): Promise<void> {
    const reward = await rewardOfRollout(this.services, this.runFolder, { stage, dataset });
    await runCommand('pebr.playground.open', { runFolder: this.runFolder, stage, group, sample: { dataset, qid: sampleId }, reward });
  }

  private async openLog({ stage, step }: Rollout): Promise<void> {
    const place = await stepInLog(this.runFolder, stage, step);
    if (!place) throw new AppError('argument.invalid', { argument: `step ${step} of ${stage}`, reason: 'the run has no events of it, so there is no log to open.' });
    const at = new vscode.Position(place.line - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection: new vscode.Range(at, at), viewColumn: vscode.ViewColumn.Beside });
  }
}

import * as vscode from 'vscode';
import type { RewardSummary } from '../core/rewards/summary/rewardSummary';

/** What each reward gave when it last scored; the playground and the cases publish it, the reward file shows it. */
export class RewardResults implements vscode.Disposable {
  private readonly latest = new Map<string, RewardSummary>();
  private readonly changed = new vscode.EventEmitter<string>();

  /** Absolute path of the reward file. */
  readonly onDidChange = this.changed.event;

  of(path: string): RewardSummary | undefined {
    return this.latest.get(path);
  }

  publish(summary: RewardSummary): void {
    this.latest.set(summary.path, summary);
    this.changed.fire(summary.path);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

import * as vscode from 'vscode';
import type { RewardSummary } from '../core/rewards/summary/rewardSummary';

/** Whoever waits for the scores themselves has them on the screen before all that follows them is drawn anew: a window draws one thing at a time. */
export const restMs = 300;

/** What each reward gave when it last scored; the playground and the cases publish it, the reward file shows it. */
export class RewardResults implements vscode.Disposable {
  private readonly latest = new Map<string, RewardSummary>();
  private readonly changed = new vscode.EventEmitter<string>();
  private readonly resting = new Map<string, NodeJS.Timeout>();

  /** Absolute path of the reward file; a moment after its results are there. */
  readonly onDidChange = this.changed.event;

  of(path: string): RewardSummary | undefined {
    return this.latest.get(path);
  }

  publish(summary: RewardSummary): void {
    this.latest.set(summary.path, summary);
    clearTimeout(this.resting.get(summary.path));
    this.resting.set(summary.path, setTimeout(() => {
      this.resting.delete(summary.path);
      this.changed.fire(summary.path);
    }, restMs));
  }

  dispose(): void {
    for (const timer of this.resting.values()) clearTimeout(timer);
    this.changed.dispose();
  }
}

import type * as vscode from 'vscode';
import type { LoadedReward, Score, ScoreItem } from '../core/rewards/score';

/** Scores responses with a reward file in the worker process. One worker serves the whole window. */
export interface RewardService extends vscode.Disposable {
  /** Path of a reward that was loaded, or failed to load, and whose file or imports have changed since. */
  readonly onDidChange: vscode.Event<string>;
  /** Loads (again, when the file changed) and tells what the file is; throws `reward.failed` with the line. */
  load(rewardPath: string, options: RewardOptions): Promise<LoadedReward>;
  /** As many scores as items, in order; a failure of one item is in its score. */
  score(rewardPath: string, options: RewardOptions, items: readonly ScoreItem[], token?: vscode.CancellationToken): Promise<readonly Score[]>;
}

export interface RewardOptions {
  /** Folder of the project; workers may read below it. */
  readonly projectFolder: string;
  /** Absolute folder of the image-text model, if the project has one. */
  readonly clip: string | null;
  /** Text that is scored in place of the file's content: an edit that is not saved. The saved version stays loaded beside it. */
  readonly source?: string;
}

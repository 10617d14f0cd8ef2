import type * as vscode from 'vscode';
import type { RewardService } from './rewardService';

/** The window's reward service over the worker process in `dist/rewardWorker.js`. */
export function createRewardService(_context: vscode.ExtensionContext, _log: vscode.LogOutputChannel): RewardService {
  throw new Error('not built yet');
}

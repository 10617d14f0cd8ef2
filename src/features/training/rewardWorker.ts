import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { TrainOptions } from '../../core/engines/trl';
import { workerCommand } from '../../platform/rewards/workerCommand';

/** How the trainer starts the reward worker: by this very Node (or Electron as Node), because no other is known to be there. */
export function rewardWorkerOf(context: vscode.ExtensionContext): TrainOptions['rewardWorker'] {
  const { file, args, env } = workerCommand({ dist: path.join(context.extensionPath, 'dist') });
  return { command: [file, ...args], env };
}

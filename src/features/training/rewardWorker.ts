import * as path from 'node:path';
import type * as vscode from 'vscode';
import type { TrainOptions } from '../../core/engines/trl';

/** How the trainer starts the reward worker: this very Node (or Electron as Node), because no other is known to be there. */
export function rewardWorkerOf(context: vscode.ExtensionContext): TrainOptions['rewardWorker'] {
  return { command: [process.execPath, path.join(context.extensionPath, 'dist', 'rewardWorker.js')], env: { ELECTRON_RUN_AS_NODE: '1' } };
}

import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { setContext } from '../../host/commands';
import { projectRewards } from '../../host/projectRewards';
import type { Services } from '../../host/services';

/** Keeps the context key by which menus know reward files that have no name of their own, such as `score.py`. */
export function followRewardFiles({ projects, log }: Services): vscode.Disposable {
  const lifetime = new DisposableStore();
  let known = '';
  const follow = async (): Promise<void> => {
    const named = (await projectRewards(projects)).map(reward => reward.path);
    const python = vscode.workspace.textDocuments.filter(document => document.languageId === 'python' && /^(?:async\s+)?def\s+compute_score\b/m.test(document.getText()));
    const files = [...new Set([...named, ...python.map(document => document.uri.fsPath)])];
    if (known === files.join('\n')) return;
    known = files.join('\n');
    await setContext('pebr.rewardFiles', files);
  };
  const followNow = (): void => void follow().catch((error: unknown) => log.error('reward files', String(error)));
  for (const event of [projects.onDidChange, vscode.workspace.onDidOpenTextDocument, vscode.workspace.onDidSaveTextDocument]) lifetime.add(event(followNow));
  followNow();
  return lifetime;
}

import * as vscode from 'vscode';
import { projectRewards } from '../../host/projectRewards';
import type { ProjectService } from '../../host/projectService';

/** The reward file in the active editor: one that says so by its name or its function, or that a `pebr.json` names. */
export async function rewardOfEditor(projects: ProjectService): Promise<string | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return undefined;
  const { fsPath: file } = document.uri;
  const isNamedSo = /\.reward\.[mc]?[tj]s$/.test(file) || /reward[^/\\]*\.py$/.test(file);
  const isScoring = document.languageId === 'python' && /^(?:async\s+)?def\s+compute_score\b/m.test(document.getText());
  return isNamedSo || isScoring || (await projectRewards(projects)).some(reward => reward.path === file) ? file : undefined;
}

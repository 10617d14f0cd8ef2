import * as vscode from 'vscode';
import { rewardPlaces } from '../../core/rewards/authoring/rewardPlaces';
import { showLineEndNotes } from './lineEndNotes';
import type { RunResult, RunResults } from './runResults';

/** Behind each component of an open reward file stands what it gave in the last run that trained with it. */
export function showRunMeans(runs: RunResults): vscode.Disposable {
  return showLineEndNotes(runs.onDidChange, document => {
    if (document.uri.scheme !== 'file' || !/\.(?:[mc]?[tj]s|py)$/.test(document.uri.path)) return undefined;
    if (rewardPlaces(document.getText(), document.languageId === 'python').definition === undefined) return undefined;
    const result = runs.of(document.uri.fsPath);
    return result ? runMeansIn(document, result) : [];
  });
}

/** Decorations of a reward file's text, one at the end of each component's line. */
export function runMeansIn(document: vscode.TextDocument, { summary, isStale }: RunResult): vscode.DecorationOptions[] {
  const byLine = new Map<number, string[]>();
  for (const [name, line] of rewardPlaces(document.getText(), document.languageId === 'python').components) {
    if (!Object.hasOwn(summary.components, name)) continue;
    const [spread, flat] = [summary.components[name], summary.flat[name]];
    const words = spread ? `${spread.mean.toFixed(2)}${spread.std === null ? '' : ` ± ${spread.std.toFixed(2)}`}${flat === null || flat === undefined ? '' : `, flat in ${Math.round(100 * flat)} % of groups`}` : 'did not apply';
    byLine.set(line, [...(byLine.get(line) ?? []), `${name} ${words}`]);
  }
  return [...byLine].map(([line, texts]) => {
    const { end } = document.lineAt(line).range;
    const [only = ''] = texts;
    const contentText = `last run${isStale ? ', older version' : ''}: ${texts.length === 1 ? only.slice(only.indexOf(' ') + 1) : texts.join(' · ')}`;
    return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } }, hoverMessage: `Over the last ${summary.responses}${isStale ? ', scored with another version of this file' : ''}. Flat: one value for all responses of a group, which teaches nothing.` };
  });
}

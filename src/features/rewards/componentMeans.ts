import * as vscode from 'vscode';
import { rewardPlaces } from '../../core/rewards/authoring/rewardPlaces';
import type { Services } from '../../host/services';
import { showLineEndNotes } from './lineEndNotes';
import { meanInWords } from './rewardLenses';

/** Behind each component of an open reward file stands its mean over the responses that were scored last. */
export function showComponentMeans({ results }: Services): vscode.Disposable {
  return showLineEndNotes(results.onDidChange, document => {
    const summary = results.of(document.uri.fsPath);
    return summary && meansIn(document, summary);
  });
}

/** Decorations of a reward file's text, one at the end of each component's line. */
export function meansIn(document: vscode.TextDocument, { components, responses }: { readonly components: Readonly<Record<string, { readonly mean: number; readonly std: number | null } | null>>; readonly responses: string }): vscode.DecorationOptions[] {
  const byLine = new Map<number, string[]>();
  for (const [name, line] of rewardPlaces(document.getText(), document.languageId === 'python').components) {
    if (!Object.hasOwn(components, name)) continue;
    const spread = components[name];
    byLine.set(line, [...(byLine.get(line) ?? []), `${name}: ${spread ? meanInWords(spread) : 'does not apply'}`]);
  }
  return [...byLine].map(([line, texts]) => {
    const end = document.lineAt(line).range.end;
    const [only = ''] = texts;
    const contentText = texts.length === 1 ? only.slice(only.indexOf(': ') + 2) : texts.join(' · ');
    return { range: new vscode.Range(end, end), renderOptions: { after: { contentText } }, hoverMessage: `Over ${responses}` };
  });
}

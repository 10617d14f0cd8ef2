import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { rewardPlaces } from '../../core/rewards/rewardPlaces';
import type { Services } from '../../host/services';
import { meanInWords } from './rewardLenses';

/** Behind each component of an open reward file stands its mean over the responses that were scored last. */
export class ComponentMeans implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly type = this.lifetime.add(vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em', fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  }));

  constructor(private readonly services: Services) {
    this.lifetime.add(services.results.onDidChange(path => this.showIn(editor => editor.document.uri.fsPath === path)));
    this.lifetime.add(vscode.window.onDidChangeVisibleTextEditors(() => this.showIn(() => true)));
    this.lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.showIn(editor => editor.document === document)));
    this.showIn(() => true);
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private showIn(isMeant: (editor: vscode.TextEditor) => boolean): void {
    for (const editor of vscode.window.visibleTextEditors.filter(isMeant)) {
      const summary = this.services.results.of(editor.document.uri.fsPath);
      if (summary) editor.setDecorations(this.type, meansIn(editor.document, summary));
    }
  }
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

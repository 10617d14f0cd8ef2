import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';

/**
 * Notes behind lines of the files that are open: drawn anew when a file, the visible editors, or what is known about a file (`onDidChange`, with its path)
 * changes. `notesIn` gives undefined for a file that it has nothing to do with.
 */
export function showLineEndNotes(onDidChange: vscode.Event<string>, notesIn: (document: vscode.TextDocument) => vscode.DecorationOptions[] | undefined): vscode.Disposable {
  const lifetime = new DisposableStore();
  const type = lifetime.add(vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em', fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  }));
  const showIn = (isMeant: (editor: vscode.TextEditor) => boolean): void => {
    for (const editor of vscode.window.visibleTextEditors.filter(isMeant)) {
      const notes = notesIn(editor.document);
      if (notes) editor.setDecorations(type, notes);
    }
  };
  lifetime.add(onDidChange(path => showIn(editor => editor.document.uri.fsPath === path)));
  lifetime.add(vscode.window.onDidChangeVisibleTextEditors(() => showIn(() => true)));
  lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => showIn(editor => editor.document === document)));
  showIn(() => true);
  return lifetime;
}

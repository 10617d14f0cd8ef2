import * as vscode from 'vscode';

const scheme = 'pebr-import';

/** The preview of an import as a page of the editor's own Markdown preview: its theme, fonts and keyboard. */
export class ImportPreviewDocument implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: this.changed.event,
    provideTextDocumentContent: uri => this.texts.get(uri.toString()) ?? '',
  });

  /** Shows the text under a name; shown again, it takes the place of the former. */
  async show(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/Import ${name.replaceAll('/', '-')}.md` });
    const isShown = this.texts.has(uri.toString());
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    if (!isShown || !previewTab(uri)) await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  /** Closes the page of the preview that is shown. */
  async close(name: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/Import ${name.replaceAll('/', '-')}.md` });
    this.texts.delete(uri.toString());
    const tab = previewTab(uri);
    if (tab) await vscode.window.tabGroups.close(tab);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The Markdown preview does not say what it shows but in its title. */
function previewTab(uri: vscode.Uri): vscode.Tab | undefined {
  const name = uri.path.slice(1);
  return vscode.window.tabGroups.all.flatMap(group => group.tabs).find(tab => tab.input instanceof vscode.TabInputWebview && tab.label.includes(name));
}

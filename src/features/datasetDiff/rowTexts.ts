import * as vscode from 'vscode';

const scheme = 'pebr-row';
/** Texts that are kept: those of the editors that are open, and a few more. */
const most = 40;

/** Texts of rows for VS Code's own diff editor. */
export class RowTexts implements vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: uri => this.texts.get(uri.query) ?? '' });
  private next = 1;

  add(name: string, text: string): vscode.Uri {
    const key = String(this.next++);
    this.texts.set(key, text);
    for (const oldest of this.texts.keys()) if (this.texts.size > most) this.texts.delete(oldest);
    return vscode.Uri.from({ scheme, path: `/${name.replace(/[^\w.-]/g, '_')}.json`, query: key });
  }

  dispose(): void {
    this.registration.dispose();
  }
}

import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * A second copy of a document's unsaved rows, under a name that the file alone decides. VS Code keeps the first (hot exit), but a browser window
 * that is reloaded at once can forget which copy belongs to which editor, and would then open the file as it was last saved.
 */
export class UnsavedCopy {
  private readonly place: vscode.Uri;

  constructor(context: vscode.ExtensionContext, file: vscode.Uri) {
    const name = `${createHash('sha256').update(file.fsPath).digest('hex').slice(0, 24)}.json`;
    this.place = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'unsaved', name);
  }

  async read(): Promise<string | undefined> {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(this.place));
    } catch {
      return undefined; // the usual case: nothing was left unsaved
    }
  }

  async write(text: string): Promise<void> {
    await vscode.workspace.fs.writeFile(this.place, new TextEncoder().encode(text));
  }

  async delete(): Promise<void> {
    await vscode.workspace.fs.delete(this.place).then(undefined, () => undefined); // not there is as good
  }
}

import * as vscode from 'vscode';
import { AppError } from '../../core/errors';

/** Changes a `pebr.json` and saves it. Where it is open with unsaved changes it is changed there, and saving stays with the person. */
export async function editProjectFile(file: string, change: (text: string) => string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const before = document.getText();
  const after = change(before);
  if (after === before) return;
  const wasDirty = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  const { from, to, text } = difference(before, after);
  edit.replace(document.uri, new vscode.Range(document.positionAt(from), document.positionAt(to)), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new AppError('file.unwritable', { file, reason: 'the editor refused the change. Close the file and try again.' });
  if (wasDirty) void vscode.window.showInformationMessage(`${file} has unsaved changes. The view is among them and counts once you save the file.`);
  else if (!(await document.save())) throw new AppError('file.unwritable', { file, reason: 'it could not be saved. Make it writable and save it from its editor.' });
}

/** The one part in which two texts differ. */
function difference(before: string, after: string): { readonly from: number; readonly to: number; readonly text: string } {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from++;
  let end = 0;
  while (end < before.length - from && end < after.length - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, text: after.slice(from, after.length - end) };
}

import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import type { RewardNumber } from '../../core/rewards/score';
import { changedNumbers, type TriedNumbers } from '../../core/rewards/authoring/triedNumbers';

/**
 * Writes tried numbers into the reward file through the editor, so that undo takes them back, and saves it. Refuses a file with unsaved
 * edits: the places of `numbers` are those of the saved text.
 */
export async function writeTriedNumbers(file: string, numbers: readonly RewardNumber[], tried: TriedNumbers): Promise<void> {
  const uri = vscode.Uri.file(file);
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) throw new AppError('argument.invalid', { argument: document.fileName, reason: 'it has edits that are not saved; save it, then write the numbers' });
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const changed = changedNumbers(numbers, tried);
  const edit = new vscode.WorkspaceEdit();
  for (const { name, start, end } of numbers) {
    const value = changed[name];
    if (value !== undefined) edit.replace(uri, new vscode.Range(positionIn(text, start), positionIn(text, end)), String(value));
  }
  if (!(await vscode.workspace.applyEdit(edit)) || !(await document.save())) throw new AppError('file.unwritable', { file, reason: 'the editor could not save it' });
}

/** By line and column: the editor's own offsets differ from the file's where line ends are mixed. */
function positionIn(text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset);
  return new vscode.Position(before.split('\n').length - 1, offset - (before.lastIndexOf('\n') + 1));
}

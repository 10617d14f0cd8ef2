import { mkdir, readFile, appendFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { CaseRequest } from '../../contributions';
import { AppError, messageOf } from '../../core/errors';
import { appendedLine, caseAppendix } from '../../core/rewards/cases/appendCase';
import { casesFileOf } from '../../core/rewards/cases/caseFiles';
import { caseLine, caseOf } from '../../core/rewards/cases/caseOf';

/** Makes a response with its score a case beside the reward: asks for a name, adds one line, offers to open it. */
export async function addCase(request: CaseRequest): Promise<void> {
  const name = request.name ?? (await vscode.window.showInputBox({ title: `Name of the case beside ${path.basename(request.reward)}`, value: defaultName(request), prompt: 'It pins the overall and every component of this response.' }));
  if (name === undefined) return;
  const file = casesFileOf(request.reward);
  const line = await append(file, caseLine(caseOf(name.trim() || defaultName(request), request)));
  void vscode.window.showInformationMessage(`Case "${name}" is line ${line} of ${path.basename(file)}.`, 'Open Case', 'Run Cases').then(async choice => {
    if (choice === 'Run Cases') await vscode.commands.executeCommand('pebr.reward.runCases', request.reward);
    if (choice !== 'Open Case') return;
    const at = new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
  });
}

function defaultName({ sample, score }: CaseRequest): string {
  return `${sample.qid}: ${score.error ? 'fails' : (score.overall ?? 0).toFixed(2)}`;
}

/** Adds a line; one-based. A file with unsaved edits gets it in the editor, beside those edits. */
async function append(file: string, line: string): Promise<number> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.fsPath === file && document.isDirty);
  if (open) {
    const text = open.getText();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(open.uri, open.positionAt(text.length), caseAppendix(text, line));
    await vscode.workspace.applyEdit(edit);
    return appendedLine(text);
  }
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '' : Promise.reject(error)));
    await appendFile(file, caseAppendix(text, line));
    return appendedLine(text);
  } catch (error) {
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  }
}

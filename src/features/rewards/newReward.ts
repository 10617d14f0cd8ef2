import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError, messageOf } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { listReward } from '../../core/project/listReward';
import { faultOfRewardName, freeRewardName, type RewardTemplate, rewardTemplates } from '../../core/rewards/authoring/rewardTemplates';
import { runCommand } from '../../host/commands';
import type { OpenProject } from '../../host/projectService';
import type { Services } from '../../host/services';

/** Asks for a template and a name, writes the reward under `rewards/`, lists it in pebr.json and opens it with the playground beside. Never overwrites. */
export async function newReward(services: Services): Promise<void> {
  const project = await chooseProject(services);
  if (!project) return;
  const template = await vscode.window.showQuickPick(rewardTemplates, { title: 'New Reward', placeHolder: 'What should it pay?', matchOnDescription: true, matchOnDetail: true });
  if (!template) return;
  const folder = path.join(project.folder, 'rewards');
  const isTaken = (name: string): boolean => existsSync(path.join(folder, name));
  const name = await vscode.window.showInputBox({
    title: `New Reward: ${template.label}`, prompt: 'Name of the file, under rewards/', value: freeRewardName(template, isTaken),
    validateInput: value => faultOfRewardName(value.trim(), template, isTaken),
  });
  if (name === undefined) return;
  const file = await writeReward(services, project, template, name.trim());
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.One, preview: false });
  await vscode.commands.executeCommand('pebr.playground.open', { reward: file });
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** Absolute path of the new file. Throws `file.unwritable`. */
export async function writeReward({ context }: Services, project: OpenProject, template: RewardTemplate, name: string): Promise<string> {
  const file = vscode.Uri.file(path.join(project.folder, 'rewards', name));
  try {
    const text = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, 'media', 'templates', template.file));
    const edit = new vscode.WorkspaceEdit();
    edit.createFile(file, { contents: text, overwrite: false, ignoreIfExists: false });
    if (!(await vscode.workspace.applyEdit(edit))) throw new Error('there is a file of this name already');
    await list(project.file, `rewards/${name}`);
  } catch (error) {
    throw new AppError('file.unwritable', { file: file.fsPath, reason: messageOf(error) }, { cause: error });
  }
  return file.fsPath;
}

/** Through the editor, so that it can be undone and an unsaved pebr.json is not lost. */
async function list(config: string, name: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(config));
  const before = document.getText();
  const after = listReward(before, name);
  if (after === before) return;
  let start = 0;
  while (before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(before.length - end)), after.slice(start, after.length - end));
  const wasDirty = document.isDirty;
  await vscode.workspace.applyEdit(edit);
  if (!wasDirty) await document.save();
}

async function chooseProject({ projects }: Services): Promise<OpenProject | undefined> {
  const usable = await projects.usable();
  if (usable.length > 1) return (await vscode.window.showQuickPick(usable.map(open => ({ label: open.project.name, description: open.file, open })), { title: 'Project of the new reward' }))?.open;
  if (usable[0]) return usable[0];
  const [broken] = await projects.list();
  if (broken) throw new AppError('project.invalid', { file: broken.file, line: broken.problems[0]?.line ?? 1, reason: broken.problems[0]?.message ?? 'It cannot be used.' });
  const missing = new AppError('project.missing', { folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? 'this window' });
  const create = 'Create Project';
  if ((await vscode.window.showErrorMessage(errorInWords(missing), create)) === create) await runCommand('pebr.project.create');
  return undefined;
}

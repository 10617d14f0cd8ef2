import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import type { Project } from '../../core/project/project';
import { statusWords } from '../../core/runs/runStatus';
import type { ProjectService } from '../../host/projectService';
import type { RunEntry } from './followedRun';
import { nameOfRun } from './nameOfRun';
import type { RunService } from './runService';

export interface ChosenProject {
  readonly folder: string;
  readonly project: Project;
}

/** The project to train: the only one, or the one that is picked. Says what is wrong where none can be used. */
export async function askProject(projects: ProjectService): Promise<ChosenProject> {
  const usable = await projects.usable();
  if (usable.length === 0) {
    const broken = (await projects.list())[0];
    const problem = broken?.problems.find(found => found.severity === 'error');
    if (broken && problem) throw new AppError('project.invalid', { file: problem.file, line: problem.line ?? 1, reason: `${problem.message} ${problem.remedy}` });
    throw new AppError('project.missing', { folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? 'this window' });
  }
  if (usable.length === 1 && usable[0]) return usable[0];
  const items = usable.map(open => ({ label: open.project.name, description: vscode.workspace.asRelativePath(open.folder), open }));
  const choice = await vscode.window.showQuickPick(items, { title: 'Train', placeHolder: 'Which project?' });
  if (!choice) throw new vscode.CancellationError();
  return choice.open;
}

/** What a command is given: a folder, a tree node that carries one, or nothing. */
export type RunArgument = string | { readonly runFolder: string } | undefined; // tree nodes bring more fields

/** The run that is meant: the argument, the only one that fits, or the one that is picked. */
export async function askRun(runs: RunService, argument: RunArgument, fits: (run: RunEntry) => boolean, none: string): Promise<RunEntry> {
  const folder = typeof argument === 'object' ? argument.runFolder : argument;
  if (folder !== undefined) {
    const given = await runs.known(path.resolve(folder));
    if (!given) throw new AppError('run.unreadable', { folder, reason: 'There is no such run.' });
    if (!fits(given)) throw new AppError('argument.invalid', { argument: path.basename(folder), reason: none });
    return given;
  }
  const fitting = (await runs.list()).filter(fits);
  if (fitting.length === 0) throw new AppError('argument.invalid', { argument: 'Runs', reason: none });
  if (fitting.length === 1 && fitting[0]) return fitting[0];
  const items = fitting.map(run => ({ label: nameOfRun(run), description: path.basename(run.folder), detail: statusWords[run.status], run }));
  const choice = await vscode.window.showQuickPick(items, { placeHolder: 'Which run?', matchOnDescription: true });
  if (!choice) throw new vscode.CancellationError();
  return choice.run;
}

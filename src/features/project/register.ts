import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { registerCommand, setContext } from '../../host/commands';
import { toDiagnostic } from '../../host/diagnostics';
import type { Services } from '../../host/services';
import { newProjectText } from './newProject';
import { openSample } from './openSample';

/** `pebr.json`: its context key, its problems, and the commands that make and open it. */
export function registerProject(services: Services): void {
  const { lifetime, log, projects } = services;
  const diagnostics = lifetime.add(vscode.languages.createDiagnosticCollection('pebr project'));
  const follow = async (): Promise<void> => {
    const open = await projects.list();
    await setContext('pebr.hasProject', open.length > 0);
    diagnostics.clear();
    for (const { file, problems } of open) diagnostics.set(vscode.Uri.file(file), problems.map(toDiagnostic));
  };
  const followNow = (): void => void follow().catch((error: unknown) => log.error('project', String(error)));
  lifetime.add(projects.onDidChange(followNow));
  followNow();

  lifetime.add(registerCommand(log, 'pebr.project.create', createProject));
  lifetime.add(registerCommand(log, 'pebr.project.openSample', () => openSample(services)));
  lifetime.add(
    registerCommand(log, 'pebr.project.openConfig', async () => {
      const open = await projects.list();
      const chosen = open.length < 2 ? open[0] : (await vscode.window.showQuickPick(open.map(item => ({ label: item.project?.name ?? item.file, description: item.file, item })), { title: 'Open pebr.json of' }))?.item;
      if (chosen) await vscode.window.showTextDocument(vscode.Uri.file(chosen.file));
      else if (open.length === 0) throw new AppError('project.missing', { folder: workspaceFolder().fsPath });
    }),
  );
}

function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new AppError('argument.invalid', { argument: 'workspace', reason: 'Open a folder first: a project belongs to one.' });
  return folder;
}

/** Asks for the dataset and what it trains, writes `pebr.json` beside it and opens it. An existing file is opened, never overwritten. */
async function createProject(): Promise<void> {
  const folder = workspaceFolder();
  const target = vscode.Uri.joinPath(folder, 'pebr.json');
  if (await exists(target)) {
    await vscode.window.showTextDocument(target);
    return;
  }
  const found = await vscode.workspace.findFiles('**/*.jsonl', '**/{node_modules,.pebr,.venv}/**', 200);
  const files = found.filter(file => !/\.(?:reward\.cases|curation)\.jsonl$/.test(file.path)); // no datasets
  const picked = await vscode.window.showQuickPick(
    files.map(file => ({ label: vscode.workspace.asRelativePath(file), file })),
    { title: 'Datasets of the project (JSONL files with one sample a line)', canPickMany: true, placeHolder: files.length === 0 ? 'No JSONL file in this folder: the project starts without a dataset' : 'Choose one or more' },
  );
  if (!picked) return;
  const datasets: { path: string; stage: 'perception' | 'reasoning' }[] = [];
  for (const { label, file } of picked) {
    const stage = await vscode.window.showQuickPick(['perception', 'reasoning'] as const, { title: `What does ${label} train?` });
    if (!stage) return;
    datasets.push({ path: path.relative(folder.fsPath, file.fsPath).split(path.sep).join('/'), stage: stage as 'perception' | 'reasoning' });
  }
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(newProjectText(path.basename(folder.fsPath), datasets)));
  await vscode.window.showTextDocument(target);
}

function exists(uri: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(uri).then(() => true, () => false);
}

import { access, cp } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { findHostPython } from '../../host/hostPython';
import type { Services } from '../../host/services';
import { runToEnd } from '../../platform/python/runToEnd';

/** Puts a copy of the sample project where the person says, makes its data, and opens it. An existing folder is never touched. */
export async function openSample(services: Services): Promise<void> {
  const [parent] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title: 'Where to put the sample project', openLabel: 'Put Here' })) ?? [];
  if (!parent) return;
  const target = path.join(parent.fsPath, 'pebr-cards');
  if (await isThere(target)) throw new AppError('file.unwritable', { file: target, reason: 'It exists already. Choose another folder, or open this one.' });
  const samples = path.join(services.context.extensionPath, 'samples');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Making the sample project' }, async () => {
    await cp(path.join(samples, 'cards'), target, { recursive: true, filter: source => !/[\\/](data|\.pebr)$/.test(source) });
    await makeData(services, path.join(samples, 'tools', 'make_cards.py'), path.join(target, 'data'));
  });
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(target), { forceNewWindow: vscode.workspace.workspaceFolders !== undefined });
}

/** The pictures are drawn on this machine, by the Python that trains. */
async function makeData({ context, log }: Services, script: string, folder: string): Promise<void> {
  const { program } = await findHostPython(context, log);
  const made = await runToEnd(program, [script, folder], { onLine: line => log.info(line), timeoutMs: 300_000 });
  if (made.code === 0) return;
  const said = made.failure ?? made.stderr.trim().split('\n').at(-1) ?? '';
  throw new AppError('python.unusable', { python: program, reason: `the sample's pictures could not be drawn: ${said} Run "PeBR: Set Up Python for Training", delete ${path.dirname(folder)} and try again.` });
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}

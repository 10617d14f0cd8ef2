import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { environmentFolder, findHostPython, trainerFolder } from '../../host/hostPython';
import type { Services } from '../../host/services';
import { runToEnd } from '../../platform/python/runToEnd';

/** Makes the trainer's Python environment in the extension's storage. Safe to repeat: what is there already is kept. */
export async function setUpPython({ context, log }: Services): Promise<void> {
  const { program, version } = await findHostPython(context, log, true);
  const folder = environmentFolder(context);
  const script = path.join(trainerFolder(context), 'set_up.py');
  log.info(`Setting up Python with ${program} (${version}) in ${folder}`);
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Setting up Python for training', cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const onLine = (line: string): void => {
        log.info(line);
        if (line.trim()) progress.report({ message: line.trim().slice(0, 100) });
      };
      const ended = await runToEnd(program, [script, '--venv', folder], { onLine, signal: abort.signal, env: { PYTHONUNBUFFERED: '1' } });
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      return ended;
    },
  );
  if (result.failure || result.code !== 0) {
    const said = result.failure ?? (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-3).join(' ');
    throw new AppError('python.unusable', { python: program, reason: said });
  }
  const choice = await vscode.window.showInformationMessage('Python is ready for training.', 'Train');
  if (choice) await vscode.commands.executeCommand('pebr.training.start');
}

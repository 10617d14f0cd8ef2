import * as vscode from 'vscode';
import type { CommandArgs, CommandId, ContextKeys, Settings } from '../contributions';
import { errorInWords } from '../core/errorWords';

/** Registers a command of `contributions.ts`. A failure is logged with its stack and told in words, here and nowhere else. */
export function registerCommand<K extends CommandId>(
  log: vscode.LogOutputChannel,
  id: K,
  run: (...args: CommandArgs[K]) => void | Promise<void>,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      log.info(id);
      await run(...(args as CommandArgs[K]));
    } catch (error) {
      await reportError(log, id, error);
    }
  });
}

export function runCommand<K extends CommandId>(id: K, ...args: CommandArgs[K]): Thenable<void> {
  return vscode.commands.executeCommand(id, ...args);
}

/** Shows what happened with a way to the log; cancellation is silent. */
export async function reportError(log: vscode.LogOutputChannel, what: string, error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  log.error(what, error instanceof Error ? (error.stack ?? error.message) : String(error));
  const choice = await vscode.window.showErrorMessage(errorInWords(error), 'Show Log');
  if (choice === 'Show Log') log.show();
}

export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): Thenable<void> {
  return vscode.commands.executeCommand('setContext', key, value);
}

export function readSetting<K extends keyof Settings>(key: K): Settings[K] {
  const value = vscode.workspace.getConfiguration().get<Settings[K]>(key);
  if (value === undefined) throw new Error(`The manifest has no default for ${key}`);
  return value;
}

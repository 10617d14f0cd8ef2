import * as path from 'node:path';
import * as vscode from 'vscode';
import { findPython, type PythonFound } from '../platform/python/findPython';
import { readSetting } from './commands';

/** Folder of the environment that *Set Up Python for Training* makes. */
export function environmentFolder(context: vscode.ExtensionContext): string {
  return path.join(context.globalStorageUri.fsPath, 'python');
}

/** Folder of the Python package `pebr_trainer`. */
export function trainerFolder(context: vscode.ExtensionContext): string {
  return path.join(context.extensionPath, 'trainer');
}

/**
 * Python of this window: the setting, an environment of ours, the Python extension's interpreter, `python3`. Each step is logged.
 * With `withoutOurs` the environments of ours are left out: set-up needs a Python to make one with.
 */
export async function findHostPython(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, withoutOurs = false): Promise<PythonFound> {
  return findPython({
    setting: readSetting('pebr.python.path').trim(),
    environments: withoutOurs ? [] : [path.join(trainerFolder(context), '.venv'), environmentFolder(context)],
    fromPythonExtension: await interpreterOfPythonExtension(log),
    onStep: text => log.debug(text),
  });
}

interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(environment: { readonly path: string }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

async function interpreterOfPythonExtension(log: vscode.LogOutputChannel): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
  if (!extension) return undefined;
  try {
    const { environments } = extension.isActive ? extension.exports : await extension.activate();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const resolved = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
    return resolved?.executable.uri?.fsPath;
  } catch (error) {
    log.warn('The Python extension did not tell its interpreter', error instanceof Error ? error : String(error)); // another extension's failure is not ours
    return undefined;
  }
}

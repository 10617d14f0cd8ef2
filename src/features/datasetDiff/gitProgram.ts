import * as vscode from 'vscode';

/** What of the built-in Git extension's API is used. */
interface GitExtension {
  getAPI(version: 1): { readonly git: { readonly path: string } };
}

/** The Git program that VS Code uses; the one on the path where its extension is off. */
export async function gitProgram(): Promise<string> {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  try {
    return (await extension?.activate())?.getAPI(1).git.path ?? 'git';
  } catch {
    return 'git'; // the extension is switched off (`git.enabled`)
  }
}

import * as vscode from 'vscode';

/** A file of responses that the person picks; undefined when they changed their mind. */
export async function pickResponseFile(): Promise<string | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Score the Responses of a File', openLabel: 'Score', filters: { 'Responses (JSON Lines)': ['jsonl', 'ndjson', 'json'] } })) ?? [];
  return uri?.fsPath;
}

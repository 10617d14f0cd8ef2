import * as vscode from 'vscode';
import { fileRevisions, type FileRevision, resolveRevision } from '../../platform/diff/gitRevision';

/** A commit to compare with, and what the file was called there. */
export interface ChosenRevision {
  readonly commit: string;
  /** Path from the top of the repository; the same as now where absent. */
  readonly path?: string;
  readonly label: string;
}

interface Item extends vscode.QuickPickItem {
  readonly revision?: FileRevision;
}

/** Asks for one of the commits that touched the file, or any other by its name; undefined where the person went away. */
export async function askRevision(git: string, file: string): Promise<ChosenRevision | undefined> {
  const revisions = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Asking Git for revisions' }, () => fileRevisions(git, file));
  const items: Item[] = revisions.map(revision => ({
    label: `$(git-commit) ${revision.subject}`, description: `${revision.commit.slice(0, 8)} · ${ago(revision.time)}`, detail: revision.author, revision,
  }));
  const other: Item = { label: '$(edit) Another revision…', description: 'a branch, a tag, HEAD~3, a commit id', alwaysShow: true };
  const picked = await vscode.window.showQuickPick([...items, other], { title: 'Compare Dataset with Revision', placeHolder: 'Which one is the old one?', matchOnDescription: true });
  if (!picked) return undefined;
  if (picked.revision) return { commit: picked.revision.commit, path: picked.revision.path, label: labelOf(picked.revision) };
  const name = await vscode.window.showInputBox({ prompt: 'A branch, a tag, HEAD~3, a commit id', value: 'HEAD' });
  return name === undefined ? undefined : namedRevision(git, file, name);
}

/** A revision by its name. Throws `argument.invalid`. */
export async function namedRevision(git: string, file: string, name: string): Promise<ChosenRevision> {
  const commit = await resolveRevision(git, file, name);
  return { commit, label: name === commit ? commit.slice(0, 8) : `${name} (${commit.slice(0, 8)})` };
}

function labelOf({ commit, subject }: FileRevision): string {
  return `${commit.slice(0, 8)} ${subject.length > 40 ? `${subject.slice(0, 39)}…` : subject}`;
}

function ago(seconds: number): string {
  const days = Math.floor((Date.now() / 1000 - seconds) / 86_400);
  if (days < 1) return 'today';
  if (days < 31) return `${days} ${days === 1 ? 'day' : 'days'} ago`;
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

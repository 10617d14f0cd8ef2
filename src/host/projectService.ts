import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../core/errors';
import type { Problem } from '../core/problem';
import type { Project } from '../core/project/project';
import { parseProject } from '../core/project/parseProject';

/** A `pebr.json` on disk. `project` is absent while the file cannot be used; `problems` then say why. */
export interface OpenProject {
  readonly file: string;
  readonly folder: string;
  readonly project: Project | undefined;
  readonly problems: readonly Problem[];
}

/** The projects of the workspace. They follow the files: a changed, new or deleted `pebr.json` fires `onDidChange`. */
export class ProjectService implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/pebr.json');
  private loaded: Promise<readonly OpenProject[]> | undefined;

  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    const forget = (): void => {
      this.loaded = undefined;
      this.changed.fire();
    };
    this.watcher.onDidChange(forget);
    this.watcher.onDidCreate(forget);
    this.watcher.onDidDelete(forget);
  }

  list(): Promise<readonly OpenProject[]> {
    this.loaded ??= this.load();
    return this.loaded;
  }

  /** The usable projects. */
  async usable(): Promise<readonly (OpenProject & { readonly project: Project })[]> {
    return (await this.list()).filter((open): open is OpenProject & { readonly project: Project } => open.project !== undefined);
  }

  dispose(): void {
    this.watcher.dispose();
    this.changed.dispose();
  }

  private async load(): Promise<readonly OpenProject[]> {
    const files = await this.find();
    const projects = await Promise.all(files.map(file => this.open(file)));
    this.log.debug(`projects: ${projects.map(open => open.file).join(', ') || 'none'}`);
    return projects.sort((a, b) => a.file.localeCompare(b.file));
  }

  /** The project of each workspace folder, and those further down where the search works. */
  private async find(): Promise<readonly string[]> {
    const tops = (vscode.workspace.workspaceFolders ?? []).map(folder => vscode.Uri.joinPath(folder.uri, 'pebr.json'));
    const present = await Promise.all(tops.map(uri => vscode.workspace.fs.stat(uri).then(() => uri.fsPath, () => undefined)));
    const below = await vscode.workspace.findFiles('*/**/pebr.json', '**/{node_modules,.pebr,.venv,out}/**', 20).then(
      uris => uris.map(uri => uri.fsPath),
      (error: unknown) => {
        this.log.warn(`The search for pebr.json below the top folder failed: ${messageOf(error)}`);
        return [];
      },
    );
    return [...new Set([...present.filter(file => file !== undefined), ...below])];
  }

  private async open(file: string): Promise<OpenProject> {
    const folder = path.dirname(file);
    try {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
      return { file, folder, ...parseProject(text, file) };
    } catch (error) {
      const problem: Problem = {
        severity: 'error', rule: 'project/unreadable', file, message: messageOf(error), remedy: 'Check that the file exists and may be read.',
      };
      return { file, folder, project: undefined, problems: [problem] };
    }
  }
}

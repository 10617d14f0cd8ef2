import { statSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../core/lifecycle';

/** One save by another program is several events. */
const settleMs = 30;

/** Tells which reward is to be looked at again: its file, or one that it imports, was saved or changed on disk. */
export class RewardFiles implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<string>());
  private readonly filesOf = new Map<string, { readonly files: ReadonlySet<string>; readonly isBroken: boolean }>();
  private readonly watchedFolders = new Set<string>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  /** State of each file when its change was told last. */
  private readonly told = new Map<string, string>();

  /** Absolute path of a reward. */
  readonly onDidChange = this.changed.event;

  constructor() {
    // The editor tells of a save of its own once it is through with it, and its watchers of what other programs write a little later.
    this.lifetime.add(vscode.workspace.onDidSaveTextDocument(document => this.tell(document.uri.fsPath)));
    this.lifetime.add({ dispose: () => [...this.waiting.values()].forEach(timer => clearTimeout(timer)) });
  }

  /** Before a reward is loaded for the first time: a save meanwhile is told too. */
  expect(reward: string): void {
    if (!this.filesOf.has(reward)) this.follow(reward, [], false);
  }

  /** Remembers what a reward consists of. A broken one may be mended by any file beside it. */
  follow(reward: string, files: readonly string[], isBroken: boolean): void {
    this.filesOf.set(reward, { files: new Set([reward, ...files]), isBroken });
    for (const folder of new Set([reward, ...files].map(file => path.dirname(file)))) this.watch(folder);
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private watch(folder: string): void {
    if (this.watchedFolders.has(folder)) return;
    this.watchedFolders.add(folder);
    const watcher = this.lifetime.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), '*.{ts,mts,cts,js,mjs,cjs,json,py}')));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.lifetime.add(event(uri => this.settle(uri.fsPath)));
    this.watchClosely(folder);
  }

  /** Sees a save of this window as soon as it is written: the editor's own word comes after all else that it does on a save. Where that cannot be had, its word is waited for. */
  private watchClosely(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => void this.lookForSave(path.join(folder, name ?? '')));
      watcher.on('error', () => watcher.close());
      this.lifetime.add({ dispose: () => watcher.close() });
    } catch {
      return; // too many files are watched, or this file system tells nothing
    }
  }

  private async lookForSave(file: string): Promise<void> {
    const document = vscode.workspace.textDocuments.find(each => each.uri.fsPath === file);
    if (!document?.isDirty || this.rewardsWith(file).length === 0) return;
    const state = stateOf(file);
    const written = await readFile(file, 'utf8').catch(() => undefined);
    if (written?.replace(/^\uFEFF/, '') === document.getText() && state === stateOf(file)) this.tell(file); // the whole of it
  }

  private settle(file: string): void {
    if (this.rewardsWith(file).length === 0) return;
    clearTimeout(this.waiting.get(file));
    this.waiting.set(file, setTimeout(() => {
      this.waiting.delete(file);
      this.tell(file);
    }, settleMs));
  }

  /** Each state of a file is told once, whoever sees it first. */
  private tell(file: string): void {
    const rewards = this.rewardsWith(file);
    const state = stateOf(file);
    if (rewards.length === 0 || this.told.get(file) === state) return;
    this.told.set(file, state);
    for (const reward of rewards) this.changed.fire(reward);
  }

  private rewardsWith(file: string): readonly string[] {
    return [...this.filesOf].flatMap(([reward, { files, isBroken }]) => {
      const isBeside = isBroken && [...files].some(each => path.dirname(each) === path.dirname(file));
      return files.has(file) || isBeside ? [reward] : [];
    });
  }
}

function stateOf(file: string): string {
  try {
    const { mtimeMs, size } = statSync(file);
    return `${mtimeMs}:${size}`;
  } catch {
    return 'gone';
  }
}

import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../core/lifecycle';

/** Tells which reward is to be looked at again: its file, or one that it imports, was saved or changed on disk. */
export class RewardFiles implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<string>());
  private readonly filesOf = new Map<string, { readonly files: ReadonlySet<string>; readonly isBroken: boolean }>();
  private readonly watchedFolders = new Set<string>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  /** Absolute path of a reward. */
  readonly onDidChange = this.changed.event;

  constructor() {
    // A save in this window is known at once; the watchers see what other programs write, a little later.
    this.lifetime.add(vscode.workspace.onDidSaveTextDocument(document => this.touch(document.uri.fsPath)));
    this.lifetime.add({ dispose: () => [...this.waiting.values()].forEach(timer => clearTimeout(timer)) });
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
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.lifetime.add(event(uri => this.touch(uri.fsPath)));
  }

  private touch(file: string): void {
    for (const [reward, { files, isBroken }] of this.filesOf) {
      const isBeside = isBroken && [...files].some(each => path.dirname(each) === path.dirname(file));
      if (!files.has(file) && !isBeside) continue;
      clearTimeout(this.waiting.get(reward));
      this.waiting.set(reward, setTimeout(() => this.changed.fire(reward), 30)); // one save is several events
    }
  }
}

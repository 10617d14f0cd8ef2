import * as path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/lifecycle';
import { resolveImage } from '../../platform/dataset/imageInfo';
import type { RowView } from '../../protocol/datasetEditor';
import type { PanelRows } from './panelRows';

/** A person who goes through samples by a held key rests on none of them. */
const restMs = 250;
/** A picture that is written comes in pieces. */
const quietMs = 150;
/** A watcher is deaf for a moment after it was made. */
const deafMs = 1500;

/** Follows the image files of the one row that a page shows: a picture that is replaced, deleted or put back on disk is shown as it is now. */
export class ShownImages implements Disposable {
  private watchers = new DisposableStore();
  private timer: NodeJS.Timeout | undefined;
  /** Their names in the row. */
  private watched: readonly string[] = [];
  private shown: number | undefined;

  constructor(
    private readonly rows: PanelRows,
    private readonly imageRoot: () => string,
    private readonly send: (view: RowView) => void,
    private readonly report: (error: unknown) => void,
  ) {}

  /** The page shows this row now. */
  show(index: number): void {
    if (this.shown !== index) this.watch([]);
    this.shown = index; // perhaps with another sample in it
    this.look(restMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.shown = undefined;
    this.watchers.dispose();
  }

  private look(afterMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.compare().catch(this.report), afterMs);
  }

  private async compare(): Promise<void> {
    const { shown } = this;
    if (shown === undefined) return;
    const told = this.rows.toldImages(shown);
    const view = await this.rows.view(shown);
    if (!view || shown !== this.shown) return;
    if (told !== undefined && told !== this.rows.toldImages(shown)) this.send(view);
    const names = view.images.map(image => image.name);
    if (names.join('\n') === this.watched.join('\n')) return;
    this.watch(names);
    this.look(deafMs);
  }

  private watch(names: readonly string[]): void {
    this.watchers.dispose();
    this.watchers = new DisposableStore();
    this.watched = names;
    for (const file of new Set(names.flatMap(name => resolveImage(this.imageRoot(), name) ?? []))) {
      const watcher = this.watchers.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file))));
      for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.watchers.add(event(() => this.look(quietMs)));
    }
  }
}

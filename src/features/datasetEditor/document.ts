import * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import type { Row } from '../../core/dataset/row';
import { AppError } from '../../core/errors';
import { EditedRows, invertEdit, type RowEdit } from '../../core/labels/editedRows';
import { applyChange, describeChange, type LabelChange } from '../../core/labels/labelChange';
import { DisposableStore } from '../../core/lifecycle';
import { DatasetFile, type RowText } from '../../platform/dataset/datasetFile';
import type { RowContext } from '../../platform/dataset/inspectRow';
import { locateRows } from '../../platform/dataset/locateRows';
import { saveRows } from '../../platform/dataset/saveRows';
import { readBackup, writeBackup } from './backup';

/** A step as VS Code's undo stack takes it. */
export interface DocumentEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** The file changed underneath while there were unsaved edits. */
export interface Followed {
  readonly kept: number;
  readonly conflicts: number;
}

/** One open dataset: the file, and the rows that differ from it. Panels show it; they hold nothing of their own. */
export class DatasetDocument implements vscode.CustomDocument {
  /** What ends with the document, such as the watcher of its file. */
  readonly lifetime = new DisposableStore();
  private readonly rowChanged = this.lifetime.add(new vscode.EventEmitter<number>());
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<void>());
  private readonly reloaded = this.lifetime.add(new vscode.EventEmitter<void>());
  private readonly followed = this.lifetime.add(new vscode.EventEmitter<Followed>());
  private readonly staled = this.lifetime.add(new vscode.EventEmitter<string>());
  private readonly contextChanged = this.lifetime.add(new vscode.EventEmitter<void>());
  private queue: Promise<unknown> = Promise.resolve();
  private missing = false;
  private changes = 0;

  /** A row, counted from 0, has another text than before. */
  readonly onDidChangeRow = this.rowChanged.event;
  /** The number of edits or conflicts, or whether the file is there, changed. */
  readonly onDidChange = this.changed.event;
  /** Any row may be different. */
  readonly onDidReload = this.reloaded.event;
  readonly onDidChangeContext = this.contextChanged.event;
  readonly onDidFollow = this.followed.event;
  /** A step of the undo stack cannot be taken because its row changed on disk; the text says which step. */
  readonly onDidFindStale = this.staled.event;

  private constructor(
    readonly uri: vscode.Uri,
    private file: DatasetFile,
    readonly rows: EditedRows,
    /** How its rows are read. */
    public context: RowContext,
  ) {}

  static async open(uri: vscode.Uri, context: RowContext, backupText: string | undefined): Promise<DatasetDocument> {
    const file = await DatasetFile.open(uri.fsPath);
    const document = new DatasetDocument(uri, file, new EditedRows(), context);
    if (backupText !== undefined) {
      document.rows.restore(readBackup(backupText));
      document.rows.rebase(await locateRows(file, document.rows.all(), context.columns));
    }
    return document;
  }

  /** Grows whenever a row may have changed. */
  get version(): number {
    return this.changes;
  }

  get isMissing(): boolean {
    return this.missing;
  }

  rowCount(): Promise<number> {
    return this.file.count();
  }

  /** Rows `from` to `to` (exclusive) as they are here, edits included. */
  async readRows(from: number, to: number): Promise<readonly RowText[]> {
    const rows = await this.file.readRows(from, to);
    return rows.map(at => ({ ...at, text: this.rows.at(at.row)?.text ?? at.text }));
  }

  /** The file as it is saved, for searches. */
  get saved(): DatasetFile {
    return this.file;
  }

  /** Applies one change of a person; `undefined` when it changes nothing. Throws when the line is no row. */
  change(index: number, change: LabelChange): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      await this.takeChanges(); // the watcher may be late, and a line that is half overwritten must not become the base of an edit
      const [onDisk] = await this.file.readRows(index, index + 1);
      if (!onDisk) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'the file does not have it any more' });
      const now = this.rows.at(index)?.text ?? onDisk.text;
      const row = this.parse(now);
      if (!row) throw new AppError('argument.invalid', { argument: `line ${onDisk.line}`, reason: 'it is no row that can be edited here. Correct it in the text editor.' });
      const edit = this.rows.edit(index, onDisk.text, applyChange(now, change, this.context.columns));
      if (!edit) return undefined;
      this.tellRow(index);
      return this.step(describeChange(change, row), edit);
    });
  }

  /** Decides a row that was changed here and on disk. */
  resolve(index: number, take: 'mine' | 'theirs'): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      const entry = this.rows.at(index);
      const edit = entry && this.rows.resolve(entry.key, take);
      this.tellRow(index);
      return edit && this.step('Take the row on disk', edit);
    });
  }

  /** Writes the edited rows into the file. Refuses, and loses nothing, while a row was changed here and on disk. */
  save(): Promise<void> {
    return this.inTurn(async () => {
      await this.takeChanges();
      if (this.rows.conflicts().length > 0) throw new AppError('dataset.changedOnDisk', { file: this.uri.fsPath });
      if (this.rows.unsaved().length > 0 || (await this.file.state()) === 'missing') await this.write(this.uri.fsPath);
      const rowsBefore = await this.file.count();
      this.rows.markSaved(rowsBefore);
      await this.takeFile();
    });
  }

  /** Writes the whole dataset with its edits to another file. */
  saveAs(target: vscode.Uri): Promise<void> {
    return this.inTurn(() => this.write(target.fsPath));
  }

  revert(): Promise<void> {
    return this.inTurn(async () => {
      this.rows.revert();
      await this.takeFile();
    });
  }

  backup(): string {
    return writeBackup(this.rows.unsaved());
  }

  /** Called when the file may have changed on disk; our own saving is told apart by the file's signature. */
  follow(): Promise<void> {
    return this.inTurn(() => this.takeChanges());
  }

  /** How rows are read may be different: `pebr.json` changed. */
  setContext(context: RowContext): void {
    if (JSON.stringify(context) === JSON.stringify(this.context)) return;
    this.context = context;
    this.contextChanged.fire();
    this.reloaded.fire();
  }

  dispose(): void {
    this.lifetime.dispose();
    void this.inTurn(() => this.file.close());
  }

  private async takeChanges(): Promise<void> {
    const state = await this.file.state();
    if (state === 'changed') {
      await this.takeFile();
      const unsaved = this.rows.unsaved().length;
      if (unsaved > 0) this.followed.fire({ kept: unsaved - this.rows.conflicts().length, conflicts: this.rows.conflicts().length });
    } else if (this.missing !== (state === 'missing')) {
      this.missing = state === 'missing';
      this.changed.fire();
    }
  }

  private async write(target: string): Promise<void> {
    const unsaved = this.rows.unsaved();
    const changed = unsaved.flatMap(({ row, base, text }) => (row === undefined ? [] : [{ row, base, text }]));
    await saveRows(this.file, target, changed, unsaved.filter(entry => entry.row === undefined).map(entry => entry.text));
  }

  /** Opens the file as it is now, and finds the touched rows in it. */
  private async takeFile(): Promise<void> {
    const state = await this.file.state();
    this.missing = state === 'missing';
    if (state === 'changed') {
      const file = await DatasetFile.open(this.uri.fsPath);
      await file.count();
      const before = this.file;
      this.file = file;
      await before.close();
      this.rows.rebase(await locateRows(file, this.rows.all(), this.context.columns));
    }
    this.changes++;
    this.reloaded.fire();
    this.changed.fire();
  }

  private step(label: string, edit: RowEdit): DocumentEdit {
    const apply = (way: RowEdit, verb: string): Promise<void> =>
      this.inTurn(async () => {
        const entry = this.rows.apply(way);
        if (!entry) this.staled.fire(`${verb} "${label}" is not possible: the row was changed on disk since.`);
        else if (entry.row !== undefined) this.tellRow(entry.row);
      });
    return { label, undo: () => apply(invertEdit(edit), 'Undo of'), redo: () => apply(edit, 'Redo of') };
  }

  private tellRow(index: number): void {
    this.changes++;
    this.rowChanged.fire(index);
    this.changed.fire();
  }

  private parse(text: string): Row | undefined {
    return parseRow(text, this.context.columns).row;
  }

  /** One thing at a time: an edit never sees a file that is half taken over. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined); // told to the caller
    return result;
  }
}

import * as vscode from 'vscode';
import type { Curation, CurationChange } from '../../core/curation/curation';
import type { BulkEdit } from '../../core/labels/bulkEdit';
import type { BulkPreview } from '../../core/labels/bulkPreview';
import type { EditedRows } from '../../core/labels/editedRows';
import type { LabelChange } from '../../core/labels/labelChange';
import { DisposableStore } from '../../core/lifecycle';
import type { ProposalDecision } from '../../core/proposals/decision';
import type { DatasetFile, RowText } from '../../platform/dataset/datasetFile';
import { type Decision, EditSession } from '../../platform/dataset/editSession';
import type { DocumentEdit, PastSteps } from '../../platform/dataset/editSteps';
import type { SeenRow } from '../../platform/dataset/placeOfSeen';
import type { RowContext } from '../../platform/dataset/inspectRow';
import type { BulkOptions } from '../../platform/dataset/planBulk';
import { printBackup, type Restored } from '../../platform/dataset/restoreEdits';
import type { SessionEvents } from '../../platform/dataset/sessionEvents';
import { unsavedRows } from '../../platform/dataset/unsavedRows';

export type { DocumentEdit } from '../../platform/dataset/editSteps';
export type { Followed } from '../../platform/dataset/sessionEvents';

/** One open dataset as VS Code knows it: the session that edits it, and how its rows are read. Panels show it; they hold nothing of their own. */
export class DatasetDocument implements vscode.CustomDocument {
  /** What ends with the document, such as the watcher of its file. */
  readonly lifetime = new DisposableStore();
  private readonly contextChanged = this.lifetime.add(new vscode.EventEmitter<void>());

  private isRestoredTold = false;

  readonly onDidChangeContext = this.contextChanged.event;
  readonly onDidChangeRow: SessionEvents['onDidChangeRow'];
  readonly onDidChangeCuration: SessionEvents['onDidChangeCuration'];
  readonly onDidChange: SessionEvents['onDidChange'];
  readonly onDidReload: SessionEvents['onDidReload'];
  readonly onDidFollow: SessionEvents['onDidFollow'];
  readonly onDidFindStale: SessionEvents['onDidFindStale'];
  readonly onDidFailToJournal: SessionEvents['onDidFailToJournal'];

  private constructor(
    readonly uri: vscode.Uri,
    private readonly session: EditSession,
    private readonly reading: { context: RowContext },
  ) {
    this.onDidChangeRow = session.events.onDidChangeRow;
    this.onDidChangeCuration = session.events.onDidChangeCuration;
    this.onDidChange = session.events.onDidChange;
    this.onDidReload = session.events.onDidReload;
    this.onDidFollow = session.events.onDidFollow;
    this.onDidFindStale = session.events.onDidFindStale;
    this.onDidFailToJournal = session.events.onDidFailToJournal;
  }

  /** Takes up what a journal in `journalFolder` has, or else `backup`. */
  static async open(uri: vscode.Uri, context: RowContext, journalFolder: string, backup: string | undefined): Promise<DatasetDocument> {
    const reading = { context };
    const session = await EditSession.open(uri.fsPath, { columns: () => reading.context.columns, journalFolder, ...(backup !== undefined && { backup }) });
    return new DatasetDocument(uri, session, reading);
  }

  /** How its rows are read. */
  get context(): RowContext {
    return this.reading.context;
  }

  /** How rows are read may be different: `pebr.json` changed. */
  setContext(context: RowContext): void {
    if (JSON.stringify(context) === JSON.stringify(this.context)) return;
    this.reading.context = context;
    this.contextChanged.fire();
    this.session.events.tellAll();
  }

  /** Grows whenever a row may have changed. */
  get version(): number {
    return this.session.events.version;
  }

  /** Grows whenever the numbers of rows may mean other rows than before. */
  get numbering(): number {
    return this.session.numbering;
  }

  get isMissing(): boolean {
    return this.session.isMissing;
  }

  /** What came back of an earlier session. */
  get restored(): Restored {
    return this.session.restored;
  }

  /** How many edits came back of a window that crashed or was killed; told to the first page that asks. */
  takeRestored(): number {
    const { count, isFromCrash } = this.restored;
    if (!isFromCrash || this.isRestoredTold) return 0;
    this.isRestoredTold = true;
    return count;
  }

  /** The rows that differ from the file one by one; those under large bulk edits are not here. */
  get rows(): EditedRows {
    return this.session.unsaved.rows;
  }

  /** Rows and samples with something that is not saved. */
  get unsavedCount(): number {
    return this.session.unsaved.unsavedCount;
  }

  isEdited(row: number): boolean {
    return this.session.unsaved.isEdited(row);
  }

  /** Whether a row goes with the next save; `base` is its line in the file, which `readRows` gives for it. */
  isDeleted(row: number, base: string): boolean {
    return this.session.unsaved.textOf(row, base) === null;
  }

  /** Unsaved rows in the order of the file, in batches; `text` null for a deleted one, `base` null for one that the file does not have yet. */
  get editedRows(): ReturnType<typeof unsavedRows> {
    return unsavedRows(this.session.saved, this.session.unsaved);
  }

  rowCount(): Promise<number> {
    return this.session.saved.count();
  }

  /** Rows `from` to `to` (exclusive) as they are here, edits included. */
  readRows(from: number, to: number): Promise<readonly RowText[]> {
    return this.session.readRows(from, to);
  }

  /** The file as it is saved, for searches. */
  get saved(): DatasetFile {
    return this.session.saved;
  }

  /** The sample is looked at because of a rollout: what is changed in it notes that. */
  cameFrom(qid: string, rollout: string): void {
    this.session.cameFrom(qid, rollout);
  }

  curationOf(qid: string): Curation {
    return this.session.curationOf(qid);
  }

  /** What was decided about samples and is not saved yet, by qid. */
  get unsavedCuration(): ReadonlyMap<string, Curation> {
    return this.session.unsaved.curation.unsaved;
  }

  change(index: number, change: LabelChange | undefined, decided?: readonly ProposalDecision[] | CurationChange, seen?: SeenRow): Promise<DocumentEdit | undefined> {
    return this.session.change(index, change, decided, seen);
  }

  changeCuration(rows: ArrayLike<number>, change: CurationChange, options?: BulkOptions): Promise<DocumentEdit | undefined> {
    return this.session.changeCuration(rows, change, options);
  }

  bulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<DocumentEdit | undefined> {
    return this.session.bulk(rows, edit, options);
  }

  previewBulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<BulkPreview> {
    return this.session.previewBulk(rows, edit, options);
  }

  /** Decides rows that were changed here and on disk, by their keys; without keys all of them. */
  resolve(decision: Decision, keys?: readonly number[]): Promise<DocumentEdit | undefined> {
    return this.session.resolve(decision, keys);
  }

  /** Whether some number of undos or redos leads to what is saved. */
  get canReachSaved(): boolean {
    return this.session.canReachSaved;
  }

  /** What earlier windows did, for VS Code's undo stack. */
  get past(): PastSteps {
    return this.session.past;
  }

  save(): Promise<void> {
    return this.session.save();
  }

  saveAs(target: vscode.Uri): Promise<void> {
    return this.session.saveAs(target.fsPath);
  }

  revert(): Promise<void> {
    return this.session.revert();
  }

  backup(): string {
    return printBackup(this.uri.fsPath, this.session.snapshot());
  }

  follow(): Promise<void> {
    return this.session.follow();
  }

  /** The window is closed or reloaded; what is unsaved is for the next one. */
  end(): void {
    this.session.end();
  }

  /** Ends it; what is not saved is given up. Resolves once its undo history is left for the next document of the file. */
  close(): Promise<void> {
    return this.session.close();
  }

  dispose(): void {
    this.lifetime.dispose();
  }
}

import type { Curation, CurationChange } from '../../core/curation/curation';
import { withOrigins } from '../../core/curation/fromRollout';
import type { ProposalDecision } from '../../core/proposals/decision';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { type BulkEdit, describeBulk, isCurationEdit } from '../../core/labels/bulkEdit';
import type { BulkPreview } from '../../core/labels/bulkPreview';
import type { DatasetEdits } from '../../core/labels/datasetEdits';
import type { EditedRow } from '../../core/labels/editedRows';
import { mergeFields } from '../../core/labels/mergeFields';
import type { UnsavedEdits } from '../../core/labels/journalLine';
import { type LabelChange, namesPlaces } from '../../core/labels/labelChange';
import { LargeEdit } from '../../core/labels/largeEdit';
import type { LineText } from '../../core/labels/rowEdit';
import { typedText } from '../../core/labels/typedText';
import type { DatasetFile, RowText } from './datasetFile';
import { EditedFiles, type SessionOptions } from './editedFiles';
import { type DocumentEdit, EditSteps, type PastSteps } from './editSteps';
import { placeOfSeen, type SeenIn, type SeenRow, typedInWords } from './placeOfSeen';
import { type BulkOptions, planBulk } from './planBulk';
import { planSampleChange } from './planSampleChange';
import type { Restored } from './restoreEdits';
import { SessionEvents } from './sessionEvents';

/** How a row that changed here and on disk is decided: as a whole, or with these properties from here and the others from the disk. */
export type Decision = 'mine' | 'theirs' | { readonly mine: readonly string[] };

/** One dataset being edited: its file, its curation file, and what is not saved of both, journaled step by step. All that the editor does, without VS Code. */
export class EditSession {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly steps: EditSteps;
  private readonly origins = new Map<string, string>();

  private constructor(
    private readonly files: EditedFiles,
    readonly events: SessionEvents,
    private readonly options: SessionOptions,
  ) {
    this.steps = new EditSteps(files, events, work => this.inTurn(work));
  }

  /** Opens a dataset with what an earlier session left unsaved, in its journal or else in `backup`. */
  static async open(path: string, options: SessionOptions): Promise<EditSession> {
    const events = new SessionEvents();
    const session = new EditSession(await EditedFiles.open(path, options, events), events, options);
    // Whatever is done waits for it. Where it cannot be read a person is told, and saving, which reads it again, refuses.
    session.inTurn(() => session.files.curationRead).catch((error: unknown) => events.tellStale(errorInWords(error)));
    return session;
  }

  get isMissing(): boolean {
    return this.files.isMissing;
  }

  /** Grows whenever the numbers of rows may mean other rows than before: the file changed on disk, or deleted rows went with a save. */
  get numbering(): number {
    return this.files.numbering;
  }

  /** What came back of an earlier session. */
  get restored(): Restored {
    return this.files.restored;
  }

  /** Whether some number of undos or redos leads to what is saved. */
  get canReachSaved(): boolean {
    return this.files.history.savedAt !== undefined;
  }

  /** What earlier sessions did, and what was undone there. */
  get past(): PastSteps {
    return this.steps.past;
  }

  /** The file as it is saved, for searches. */
  get saved(): DatasetFile {
    return this.files.file;
  }

  /** What is not saved. To be read; changed through the methods here. */
  get unsaved(): DatasetEdits {
    return this.files.edits;
  }

  /** What is unsaved, for a backup. */
  snapshot(): UnsavedEdits {
    return this.files.snapshot();
  }

  /** Rows `from` to `to` (exclusive) as they are here, edits included; a row that is deleted here has the file's line. */
  async readRows(from: number, to: number): Promise<readonly RowText[]> {
    const rows = await this.saved.readRows(from, to);
    return rows.map(at => ({ ...at, text: this.unsaved.textOf(at.row, at.text) ?? at.text }));
  }

  /**
   * Applies one change of a person, and what it decides about proposed boxes or the sample, as one step; `undefined` when it changes nothing. Without `change` only the
   * decision is kept. Throws when the line is no row, or a decision has no sample to be about. Where the file was replaced since the person saw the row (`seen`),
   * text goes to the sample it was typed for, wherever it is now; what names boxes by their places is refused.
   */
  change(shown: number, change: LabelChange | undefined, decided: readonly ProposalDecision[] | CurationChange = [], seen?: SeenRow): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      await this.files.takeChanges(); // the watcher may be late, and a line that is half overwritten must not become the base of an edit
      const typed = typedText(change, 'type' in decided ? decided : undefined);
      const index = seen ? await placeOfSeen(shown, seen, await this.seenIn(shown), !change || !namesPlaces(change), typed) : shown;
      const [onDisk] = await this.saved.readRows(index, index + 1);
      if (!onDisk) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: `the file does not have it any more.${typedInWords(typed)}` });
      const step = planSampleChange(onDisk, this.unsaved, this.options.columns(), { change, decided, typed, origins: this.origins });
      return step && this.steps.do(step);
    });
  }

  /** The sample is looked at because of a rollout: what is changed in it notes that. */
  cameFrom(qid: string, rollout: string): void {
    this.origins.set(qid, rollout);
  }

  curationOf(qid: string): Curation {
    return this.unsaved.curation.of(qid);
  }

  /** One change of what is decided about the samples of these rows. Rows without a qid are left out; throws when no other is there. */
  changeCuration(rows: ArrayLike<number>, change: CurationChange, options?: BulkOptions): Promise<DocumentEdit | undefined> {
    return this.bulk(Uint32Array.from(rows), change, options);
  }

  /** The same change of many rows, as one step. Rows that refuse it are left out; `previewBulk` tells which. Throws when `options.signal` stops it, and then nothing is changed. */
  bulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      await this.files.takeChanges();
      this.checkNumbering(options);
      const columns = this.options.columns();
      const plan = await planBulk(this.saved, this.unsaved, columns, rows.slice().sort(), edit, options);
      if (plan.changed === 0) {
        const [first] = plan.refused;
        if (first && plan.unchanged === 0) throw new AppError('argument.invalid', { argument: `row ${first.row + 1}`, reason: first.reason });
        return undefined;
      }
      const label = plan.changed === 1 ? describeBulk(edit) : `${describeBulk(edit)} (${plan.changed.toLocaleString('en')} rows)`;
      if (isCurationEdit(edit)) return this.steps.do({ label, rows: [], curation: withOrigins(this.unsaved.curation.planned(plan.qids, edit), this.origins) });
      const texts = plan.kept.withTexts();
      for (const { row } of texts) plan.rows.delete(row);
      const layer = plan.rows.size > 0 ? { id: this.steps.newLayerId(), edit, rows: plan.rows, columns } : undefined;
      const large = layer && new LargeEdit(layer, plan.kept.withSplices());
      const planned = texts.flatMap(({ row, base, now, after }) => this.unsaved.rows.planned(row, base, now, after) ?? []);
      return this.steps.do({ label, rows: planned, large }, layer && { lay: layer, splices: new Map() });
    });
  }

  /** What `bulk` would do. */
  async previewBulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<BulkPreview> {
    this.checkNumbering(options);
    const { changed, unchanged, refusedCount, refused, examples, isFinalOnceSaved } = await planBulk(this.saved, this.unsaved, this.options.columns(), rows.slice().sort(), edit, options);
    return { changed, unchanged, refusedCount, refused, examples, isFinalOnceSaved }; // the plan itself also holds the rows
  }

  /** Decides rows that were changed here and on disk, by their keys, as one step; without keys all of them. A row of which one side is no row is decided as a whole. */
  resolve(decision: Decision, keys?: readonly number[]): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      const { rows } = this.unsaved;
      const chosen = rows.conflicts().filter(({ key }) => !keys || keys.includes(key));
      const edits = chosen.flatMap(entry => rows.settled(entry.key, this.decided(entry, decision)) ?? []);
      if (edits.length === 0) return undefined;
      const side = decision === 'mine' ? 'Keep mine' : decision === 'theirs' ? 'Take the row on disk' : 'Merge the row with the one on disk';
      return this.steps.do({ label: edits.length === 1 ? side : `${side} (${edits.length.toLocaleString('en')} rows)`, rows: edits });
    });
  }

  /** Writes what is unsaved into the files. Refuses, and loses nothing, while a row was changed here and on disk. */
  save(): Promise<void> {
    return this.inTurn(() => this.files.save());
  }

  /** Writes the whole dataset with its edits and its curation to another file. */
  saveAs(target: string): Promise<void> {
    return this.inTurn(() => this.files.saveAs(target));
  }

  revert(): Promise<void> {
    return this.inTurn(() => this.files.revert());
  }

  /** Called when one of the files may have changed on disk. */
  follow(): Promise<void> {
    return this.inTurn(() => this.files.takeChanges());
  }

  /** Resolves once every step so far would survive the end of this process. */
  committed(): Promise<void> {
    return this.inTurn(() => this.files.committed());
  }

  /** The process ends, perhaps with something unsaved, which the next one takes up. */
  end(): void {
    this.files.end();
  }

  /** Ends the session; what is not saved is given up. */
  close(): Promise<void> {
    this.events.dispose();
    return this.inTurn(() => this.files.close());
  }

  private async seenIn(row: number): Promise<SeenIn> {
    const [there] = await this.readRows(row, row + 1);
    return { file: this.saved, columns: this.options.columns(), numbering: this.numbering, there };
  }

  private checkNumbering(options: BulkOptions | undefined): void {
    if (options?.numbering !== undefined && options.numbering !== this.numbering) throw new AppError('dataset.rowsMoved', { file: this.saved.file });
  }

  private decided({ text, theirs = null }: EditedRow, decision: Decision): LineText {
    if (decision === 'mine') return text;
    if (decision === 'theirs' || text === null || theirs === null) return theirs;
    return mergeFields(text, theirs, decision.mine);
  }

  /** One thing at a time: an edit never sees a file that is half taken over. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined); // told to the caller
    return result;
  }
}

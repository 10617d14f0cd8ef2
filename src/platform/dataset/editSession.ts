import { type CurationEdit, invertCurationEdit } from '../../core/curation/curatedSamples';
import type { Curation, CurationChange } from '../../core/curation/curation';
import { followEdits, type ProposalDecision } from '../../core/proposals/decision';
import { parseRow } from '../../core/dataset/parseRow';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { type BulkEdit, describeBulk, isCurationEdit } from '../../core/labels/bulkEdit';
import type { BulkPreview } from '../../core/labels/bulkPreview';
import type { DatasetEdits, EditChange } from '../../core/labels/datasetEdits';
import { invertEdit } from '../../core/labels/editedRows';
import type { UnsavedEdits } from '../../core/labels/journalLine';
import { applyChange, describeChange, type LabelChange } from '../../core/labels/labelChange';
import { type LargeChange, LargeEdit } from '../../core/labels/largeEdit';
import type { DatasetFile, RowText } from './datasetFile';
import { EditedFiles, type SessionOptions } from './editedFiles';
import { type BulkOptions, planBulk } from './planBulk';
import type { Restored } from './restoreEdits';
import { SessionEvents } from './sessionEvents';

/** A step as VS Code's undo stack takes it. */
export interface DocumentEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What one gesture of a person did; the unit of undo. */
type EditStep = Omit<EditChange, 'large'>;

/** One dataset being edited: its file, its curation file, and what is not saved of both, journaled step by step. All that the editor does, without VS Code. */
export class EditSession {
  private queue: Promise<unknown> = Promise.resolve();
  private nextLayer: number;

  private constructor(
    private readonly files: EditedFiles,
    readonly events: SessionEvents,
    private readonly options: SessionOptions,
  ) {
    this.nextLayer = files.edits.layers.reduce((next, { id }) => Math.max(next, id + 1), 1);
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
   * Applies one change of a person, and what it decides about proposed boxes, as one step; `undefined` when it changes nothing. Without `change` only the
   * decision is kept. Throws when the line is no row, or a decision has no sample to be about.
   */
  change(index: number, change: LabelChange | undefined, decided: readonly ProposalDecision[] = []): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      await this.files.takeChanges(); // the watcher may be late, and a line that is half overwritten must not become the base of an edit
      const [onDisk] = await this.saved.readRows(index, index + 1);
      if (!onDisk) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'the file does not have it any more' });
      const now = this.unsaved.textOf(index, onDisk.text);
      if (now === null) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'it is deleted; undo that first' });
      const { row } = parseRow(now, this.options.columns());
      if (!row) throw new AppError('argument.invalid', { argument: `line ${onDisk.line}`, reason: 'it is no row that can be edited here. Correct it in the text editor.' });
      if (decided.length > 0 && row.qid === '') throw new AppError('argument.invalid', { argument: `line ${onDisk.line}`, reason: 'it has no id, so nothing can be remembered about its proposals. Give it one first.' });
      const after = change ? applyChange(now, change, this.options.columns()) : now;
      const edit = change && this.unsaved.rows.planned(index, onDisk.text, now, after);
      const curation = this.decisions(row.qid, decided, after);
      if (!edit && !curation) return undefined;
      return this.commit(change ? describeChange(change, row) : `Reject ${decided.length === 1 ? 'a proposed box' : `${decided.length} proposed boxes`}`, { rows: edit ? [edit] : [], curation });
    });
  }

  /** What a sample's decisions about proposals become when its line becomes `text`: new ones are added, and accepted boxes that are others now are marked. */
  private decisions(qid: string, decided: readonly ProposalDecision[], text: string): CurationEdit | undefined {
    const before = qid === '' ? [] : (this.curationOf(qid).proposals ?? []);
    if (before.length + decided.length === 0) return undefined;
    const proposals = followEdits([...before, ...decided], parseRow(text, this.options.columns()).row?.boxes ?? []);
    return this.unsaved.curation.planned([qid], { type: 'setProposals', proposals });
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
      if (isCurationEdit(edit)) return this.commit(label, { rows: [], curation: this.unsaved.curation.planned(plan.qids, edit) });
      const texts = plan.kept.withTexts();
      for (const { row } of texts) plan.rows.delete(row);
      const layer = plan.rows.size > 0 ? { id: this.nextLayer++, edit, rows: plan.rows, columns } : undefined;
      const large = layer && new LargeEdit(layer, plan.kept.withSplices());
      return this.commit(label, { rows: texts.flatMap(({ row, base, now, after }) => this.unsaved.rows.planned(row, base, now, after) ?? []) }, layer && { lay: layer, splices: new Map() }, large);
    });
  }

  /** What `bulk` would do. */
  async previewBulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<BulkPreview> {
    this.checkNumbering(options);
    const { changed, unchanged, refusedCount, refused, examples } = await planBulk(this.saved, this.unsaved, this.options.columns(), rows.slice().sort(), edit, options);
    return { changed, unchanged, refusedCount, refused, examples }; // the plan itself also holds the rows
  }

  /** Decides a row that was changed here and on disk. */
  resolve(index: number, take: 'mine' | 'theirs'): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      const entry = this.unsaved.rows.at(index);
      const edit = entry && this.unsaved.rows.resolve(entry.key, take);
      const now = entry && this.unsaved.rows.get(entry.key);
      if (now) this.files.append({ rows: [now] });
      this.events.tellRow(index);
      return edit && this.stepOf('Take the row on disk', { rows: [edit] }, undefined);
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

  private checkNumbering(options: BulkOptions | undefined): void {
    if (options?.numbering !== undefined && options.numbering !== this.numbering) throw new AppError('dataset.rowsMoved', { file: this.saved.file });
  }

  /** Does a step for the first time; `large` is its part that is kept without texts. */
  private commit(label: string, step: EditStep, first?: LargeChange, large?: LargeEdit): DocumentEdit {
    if (large) this.files.largeEdits.add(large);
    this.take({ ...step, large: first });
    return this.stepOf(label, step, large);
  }

  private stepOf(label: string, step: EditStep, large: LargeEdit | undefined): DocumentEdit {
    const inverse: EditStep = { rows: step.rows.map(invertEdit), curation: step.curation && invertCurationEdit(step.curation) };
    const isLaid = (id: number): boolean => this.unsaved.layers.some(layer => layer.id === id);
    const go = (isForward: boolean): Promise<void> =>
      this.inTurn(async () => {
        const change = large?.change(isForward, isLaid, () => this.nextLayer++);
        const stale = this.take({ ...(isForward ? step : inverse), large: change });
        const verb = isForward ? 'Redo of' : 'Undo of';
        if (large && !change) this.events.tellStale(`${verb} "${label}" is not possible any more: it changed more than is kept, and the file was saved or changed since. Your version control has the file before.`);
        else if (stale > 0) this.events.tellStale(`${verb} "${label}" is not possible${stale > 1 ? ` for ${stale.toLocaleString('en')} rows` : ''}: the row was changed on disk since.`);
      });
    return { label, undo: () => go(false), redo: () => go(true) };
  }

  /** Changes what is unsaved, journals it, and tells who shows the rows. Returns how many rows could not follow. */
  private take(change: EditChange): number {
    const { rows, stale } = this.unsaved.apply(change);
    const { curation, large } = change;
    const samples = curation?.qids.map(qid => ({ qid, base: this.unsaved.curation.savedOf(qid), now: this.unsaved.curation.of(qid) }));
    this.files.append({ rows, samples, laid: large?.lay, lifted: large?.lift });
    if (curation) this.events.tellCuration(curation.qids);
    if (large || rows.length > 1) this.events.tellAll();
    else if (rows[0]) this.events.tellRow(rows[0].row);
    else this.events.tellCount();
    return stale;
  }

  /** One thing at a time: an edit never sees a file that is half taken over. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined); // told to the caller
    return result;
  }
}

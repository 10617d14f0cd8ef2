import type { CurationEdit } from '../../core/curation/curatedSamples';
import type { Curation, CurationChange } from '../../core/curation/curation';
import { originEdit, withOrigins } from '../../core/curation/fromRollout';
import { followEdits, type ProposalDecision } from '../../core/proposals/decision';
import { parseRow } from '../../core/dataset/parseRow';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { type BulkEdit, describeBulk, isCurationEdit } from '../../core/labels/bulkEdit';
import type { BulkPreview } from '../../core/labels/bulkPreview';
import type { DatasetEdits, EditChange } from '../../core/labels/datasetEdits';
import type { EditedRow } from '../../core/labels/editedRows';
import { type EditStep, invertStep } from '../../core/labels/editHistory';
import { mergeFields } from '../../core/labels/mergeFields';
import type { JournalStep, UnsavedEdits } from '../../core/labels/journalLine';
import { applyChange, describeChange, type LabelChange, namesPlaces } from '../../core/labels/labelChange';
import { type LargeChange, LargeEdit } from '../../core/labels/largeEdit';
import type { LineText } from '../../core/labels/rowEdit';
import { typedText } from '../../core/labels/typedText';
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

/** How a row that changed here and on disk is decided: as a whole, or with these properties from here and the others from the disk. */
export type Decision = 'mine' | 'theirs' | { readonly mine: readonly string[] };

/** A row as a person saw it when the change was made. */
export interface SeenRow {
  readonly qid: string;
  /** The session's then. */
  readonly numbering: number;
}

/** The steps of earlier sessions as VS Code's undo stack has to get them. */
export interface PastSteps {
  readonly steps: readonly DocumentEdit[];
  /** How many of them are done. */
  readonly position: number;
  /** After how many the files were saved; `undefined` when none of these is that. */
  readonly savedAt: number | undefined;
}

/** One dataset being edited: its file, its curation file, and what is not saved of both, journaled step by step. All that the editor does, without VS Code. */
export class EditSession {
  private queue: Promise<unknown> = Promise.resolve();
  private nextLayer: number;
  private readonly origins = new Map<string, string>();

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

  /** Whether some number of undos or redos leads to what is saved. */
  get canReachSaved(): boolean {
    return this.files.history.savedAt !== undefined;
  }

  /** What earlier sessions did, and what was undone there. */
  get past(): PastSteps {
    const { steps, position, savedAt } = this.files.history;
    return { steps: steps.map(step => this.documentEdit(step)), position, savedAt };
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
      const index = seen ? await this.placeOf(shown, seen, !change || !namesPlaces(change), typed) : shown;
      const [onDisk] = await this.saved.readRows(index, index + 1);
      if (!onDisk) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: `the file does not have it any more.${inWords(typed)}` });
      const now = this.unsaved.textOf(index, onDisk.text);
      if (now === null) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: `it is deleted; undo that first.${inWords(typed)}` });
      const { row } = parseRow(now, this.options.columns());
      if (!row) throw new AppError('argument.invalid', { argument: `line ${onDisk.line}`, reason: `it is no row that can be edited here. Correct it in the text editor.${inWords(typed)}` });
      const isAboutSample = 'type' in decided;
      if ((isAboutSample || decided.length > 0) && row.qid === '') throw new AppError('argument.invalid', { argument: `line ${onDisk.line}`, reason: 'it has no id, so nothing can be remembered about it. Give it one first.' });
      const after = change ? applyChange(now, change, this.options.columns()) : now;
      const edit = change && this.unsaved.rows.planned(index, onDisk.text, now, after);
      const curation = withOrigins(isAboutSample ? this.unsaved.curation.planned([row.qid], decided) : this.decisions(row.qid, decided, after), this.origins) ?? (edit && originEdit(row.qid, this.curationOf(row.qid), this.origins));
      if (!edit && !curation) return undefined;
      const label = change ? describeChange(change, row) : isAboutSample ? describeBulk(decided) : `Reject ${decided.length === 1 ? 'a proposed box' : `${decided.length} proposed boxes`}`;
      return this.commit({ label, rows: edit ? [edit] : [], curation });
    });
  }

  /** What a sample's decisions about proposals become when its line becomes `text`: new ones are added, and accepted boxes that are others now are marked. */
  private decisions(qid: string, decided: readonly ProposalDecision[], text: string): CurationEdit | undefined {
    const before = qid === '' ? [] : (this.curationOf(qid).proposals ?? []);
    if (before.length + decided.length === 0) return undefined;
    const proposals = followEdits([...before, ...decided], parseRow(text, this.options.columns()).row?.boxes ?? []);
    return this.unsaved.curation.planned([qid], { type: 'setProposals', proposals });
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
      if (isCurationEdit(edit)) return this.commit({ label, rows: [], curation: withOrigins(this.unsaved.curation.planned(plan.qids, edit), this.origins) });
      const texts = plan.kept.withTexts();
      for (const { row } of texts) plan.rows.delete(row);
      const layer = plan.rows.size > 0 ? { id: this.nextLayer++, edit, rows: plan.rows, columns } : undefined;
      const large = layer && new LargeEdit(layer, plan.kept.withSplices());
      const planned = texts.flatMap(({ row, base, now, after }) => this.unsaved.rows.planned(row, base, now, after) ?? []);
      return this.commit({ label, rows: planned, large }, layer && { lay: layer, splices: new Map() });
    });
  }

  /** What `bulk` would do. */
  async previewBulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<BulkPreview> {
    this.checkNumbering(options);
    const { changed, unchanged, refusedCount, refused, examples } = await planBulk(this.saved, this.unsaved, this.options.columns(), rows.slice().sort(), edit, options);
    return { changed, unchanged, refusedCount, refused, examples }; // the plan itself also holds the rows
  }

  /** Decides rows that were changed here and on disk, by their keys, as one step; without keys all of them. A row of which one side is no row is decided as a whole. */
  resolve(decision: Decision, keys?: readonly number[]): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      const { rows } = this.unsaved;
      const chosen = rows.conflicts().filter(({ key }) => !keys || keys.includes(key));
      const edits = chosen.flatMap(entry => rows.settled(entry.key, this.decided(entry, decision)) ?? []);
      if (edits.length === 0) return undefined;
      const side = decision === 'mine' ? 'Keep mine' : decision === 'theirs' ? 'Take the row on disk' : 'Merge the row with the one on disk';
      return this.commit({ label: edits.length === 1 ? side : `${side} (${edits.length.toLocaleString('en')} rows)`, rows: edits });
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

  /** Where the sample that a person saw is now. `isFindable`: the change means the same wherever it stands. `typed` is told where it has no place. */
  private async placeOf(shown: number, { qid, numbering }: SeenRow, isFindable: boolean, typed: string): Promise<number> {
    const [there] = await this.readRows(shown, shown + 1);
    const isSame = there !== undefined && (parseRow(there.text, this.options.columns()).row?.qid ?? '') === qid;
    if (isSame && numbering === this.numbering) return shown;
    if (qid === '' || !isFindable) throw new AppError('dataset.rowsMoved', { file: this.saved.file, typed });
    const found = isSame ? there : await this.saved.findQid(qid, this.options.columns());
    if (found) return found.row;
    throw new AppError('argument.invalid', { argument: `sample ${qid}`, reason: `the file does not have it any more.${inWords(typed)}` });
  }

  private checkNumbering(options: BulkOptions | undefined): void {
    if (options?.numbering !== undefined && options.numbering !== this.numbering) throw new AppError('dataset.rowsMoved', { file: this.saved.file });
  }

  private decided({ text, theirs = null }: EditedRow, decision: Decision): LineText {
    if (decision === 'mine') return text;
    if (decision === 'theirs' || text === null || theirs === null) return theirs;
    return mergeFields(text, theirs, decision.mine);
  }

  /** Does a step for the first time; `first` is its part that is kept without texts. */
  private commit(step: EditStep, first?: LargeChange): DocumentEdit {
    this.files.history.push(step);
    this.take({ ...step, large: first }, { did: step });
    return this.documentEdit(step);
  }

  private documentEdit(step: EditStep): DocumentEdit {
    const { label, large } = step;
    const isLaid = (id: number): boolean => this.unsaved.layers.some(layer => layer.id === id);
    const go = (isForward: boolean): Promise<void> =>
      this.inTurn(async () => {
        const change = large?.change(isForward, isLaid, () => this.nextLayer++);
        const way = isForward ? step : invertStep(step);
        const how: Pick<JournalStep, 'did' | 'went'> = this.files.history.move(step, isForward) ? { went: isForward ? 'forth' : 'back' } : {};
        const stale = this.take({ ...way, large: change }, how);
        if (!how.went && stale < step.rows.length) this.addOutOfTurn({ ...way, label: `${isForward ? 'Redo' : 'Undo'} ${label}` });
        const verb = isForward ? 'Redo of' : 'Undo of';
        if (large && !change) this.events.tellStale(`${verb} "${label}" is not possible any more: it changed more than is kept, and the file was saved or changed since. Your version control has the file before.`);
        else if (stale > 0) this.events.tellStale(`${verb} "${label}" is not possible${stale > 1 ? ` for ${stale.toLocaleString('en')} rows` : ''}: the row was changed on disk since.`);
      });
    return { label, undo: () => go(false), redo: () => go(true) };
  }

  /** VS Code took back another step than the newest: for the next window that is a step of its own. */
  private addOutOfTurn(step: EditStep): void {
    this.files.history.push(step);
    this.files.append({ did: step });
  }

  /** Changes what is unsaved, journals it, and tells who shows the rows. Returns how many rows could not follow. */
  private take(change: EditChange, how: Pick<JournalStep, 'did' | 'went'>): number {
    const { rows, stale } = this.unsaved.apply(change);
    const { curation, large } = change;
    const samples = curation?.qids.map(qid => ({ qid, base: this.unsaved.curation.savedOf(qid), now: this.unsaved.curation.of(qid) }));
    this.files.append({ rows, samples, laid: large?.lay, lifted: large?.lift, ...how });
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

function inWords(typed: string): string {
  return typed === '' ? '' : ` What you made: ${typed}`;
}

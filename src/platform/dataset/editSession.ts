import { CuratedSamples, invertCurationEdit } from '../../core/curation/curatedSamples';
import type { Curation, CurationChange } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import { AppError } from '../../core/errors';
import { Emitter } from '../../core/event';
import { type BulkEdit, describeBulk, isCurationEdit } from '../../core/labels/bulkEdit';
import { DatasetEdits, type EditChange } from '../../core/labels/datasetEdits';
import { invertEdit } from '../../core/labels/editedRows';
import type { UnsavedEdits } from '../../core/labels/journalLine';
import { applyChange, describeChange, type LabelChange } from '../../core/labels/labelChange';
import { type LargeChange, LargeEdit } from '../../core/labels/largeEdit';
import { DisposableStore } from '../../core/lifecycle';
import type { Columns } from '../../core/project/project';
import { curationFile, readCuration, saveCuration } from './curationFile';
import { DatasetFile, readSignature, type RowText } from './datasetFile';
import { EditJournal, removeJournals } from './editJournal';
import { moveLayers } from './moveLayers';
import { locateRows } from './locateRows';
import { type BulkOptions, type BulkPreview, planBulk } from './planBulk';
import { removeLeftovers } from './replaceFile';
import { type Restored, restoreEdits } from './restoreEdits';
import { saveRows } from './saveRows';
import { goneBefore, placesAfterSave, unsavedRows } from './unsavedRows';

/** A step as VS Code's undo stack takes it. */
export interface DocumentEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** The files changed underneath while there were unsaved edits. */
export interface Followed {
  readonly kept: number;
  /** Rows of which one has to be chosen. */
  readonly conflicts: number;
  /** Samples of whose curation mine was kept where both changed the same field. */
  readonly decisions: number;
  /** Rows that left a bulk edit, because they are others now. */
  readonly left: number;
}

export interface SessionOptions {
  /** How rows are read; asked anew at each edit. */
  readonly columns: () => Columns;
  /** Where journals are kept; without one a crash loses what is not saved. */
  readonly journalFolder?: string;
  /** What an earlier session left, where there is no journal: the text of `backup`. */
  readonly backup?: string;
}

/** What one gesture of a person did; the unit of undo. */
type EditStep = Omit<EditChange, 'large'>;

/** One dataset being edited: its file, its curation file, and what is not saved of both, journaled step by step. All that the editor does, without VS Code. */
export class EditSession {
  private readonly lifetime = new DisposableStore();
  private readonly rowChanged = this.lifetime.add(new Emitter<number>());
  private readonly curationChanged = this.lifetime.add(new Emitter<readonly string[] | undefined>());
  private readonly changed = this.lifetime.add(new Emitter<void>());
  private readonly reloaded = this.lifetime.add(new Emitter<void>());
  private readonly followed = this.lifetime.add(new Emitter<Followed>());
  private readonly staled = this.lifetime.add(new Emitter<string>());
  private readonly unjournaled = this.lifetime.add(new Emitter<unknown>());
  private queue: Promise<unknown> = Promise.resolve();
  private journal: EditJournal | undefined;
  private nextLayer: number;
  /** Bulk edits on the undo stack that are kept without texts. */
  private readonly largeEdits = new Set<LargeEdit>();
  private missing = false;
  private versions = 0;

  /** A row, counted from 0, has another text than before. */
  readonly onDidChangeRow = this.rowChanged.event;
  /** What was decided about these samples changed; any may have, without a list. */
  readonly onDidChangeCuration = this.curationChanged.event;
  /** The number of edits or conflicts, or whether the file is there, changed. */
  readonly onDidChange = this.changed.event;
  /** Any row may be different. */
  readonly onDidReload = this.reloaded.event;
  readonly onDidFollow = this.followed.event;
  /** A step of the undo stack cannot be taken because its rows changed on disk; the text says which step. */
  readonly onDidFindStale = this.staled.event;
  /** Steps cannot be written to the journal: a crash would lose them. */
  readonly onDidFailToJournal = this.unjournaled.event;

  private constructor(
    readonly path: string,
    private file: DatasetFile,
    private readonly edits: DatasetEdits,
    /** What came back of an earlier session. */
    readonly restored: Restored,
    private curationSignature: string | undefined,
    private readonly options: SessionOptions,
  ) {
    this.nextLayer = edits.layers.reduce((next, { id }) => Math.max(next, id + 1), 1);
  }

  /** Opens a dataset with what an earlier session left unsaved, in its journal or else in `backup`. */
  static async open(path: string, options: SessionOptions): Promise<EditSession> {
    const { journalFolder, backup, columns } = options;
    const curationPath = curationFile(path);
    const file = await DatasetFile.open(path);
    try {
      const curationSignature = await readSignature(curationPath);
      const edits = new DatasetEdits(new CuratedSamples((await readCuration(curationPath)).records));
      const { left, ...restored } = await restoreEdits(file, edits, columns(), journalFolder, backup);
      const session = new EditSession(path, file, edits, restored, curationSignature, options);
      if (journalFolder !== undefined) {
        session.journal = await EditJournal.open(journalFolder, path, file.signature, left, error => session.unjournaled.fire(error));
        if (await session.restartJournal()) await removeJournals(left);
      }
      await Promise.all([removeLeftovers(path), removeLeftovers(curationPath)]);
      return session;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Grows whenever a row may have changed. */
  get version(): number {
    return this.versions;
  }

  get isMissing(): boolean {
    return this.missing;
  }

  /** The file as it is saved, for searches. */
  get saved(): DatasetFile {
    return this.file;
  }

  /** What is not saved. To be read; changed through the methods here. */
  get unsaved(): DatasetEdits {
    return this.edits;
  }

  /** Rows `from` to `to` (exclusive) as they are here, edits included; a row that is deleted here has the file's line. */
  async readRows(from: number, to: number): Promise<readonly RowText[]> {
    const rows = await this.file.readRows(from, to);
    return rows.map(at => ({ ...at, text: this.edits.textOf(at.row, at.text) ?? at.text }));
  }

  /** Applies one change of a person; `undefined` when it changes nothing. Throws when the line is no row. */
  change(index: number, change: LabelChange): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      await this.takeChanges(); // the watcher may be late, and a line that is half overwritten must not become the base of an edit
      const [onDisk] = await this.file.readRows(index, index + 1);
      if (!onDisk) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'the file does not have it any more' });
      const now = this.edits.textOf(index, onDisk.text);
      if (now === null) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'it is deleted; undo that first' });
      const { row } = parseRow(now, this.options.columns());
      if (!row) throw new AppError('argument.invalid', { argument: `line ${onDisk.line}`, reason: 'it is no row that can be edited here. Correct it in the text editor.' });
      const edit = this.edits.rows.planned(index, onDisk.text, now, applyChange(now, change, this.options.columns()));
      return edit && this.commit(describeChange(change, row), { rows: [edit] });
    });
  }

  curationOf(qid: string): Curation {
    return this.edits.curation.of(qid);
  }

  /** One change of what is decided about the samples of these rows. Rows without a qid are left out; throws when no other is there. */
  changeCuration(rows: ArrayLike<number>, change: CurationChange, options?: BulkOptions): Promise<DocumentEdit | undefined> {
    return this.bulk(Uint32Array.from(rows), change, options);
  }

  /** The same change of many rows, as one step. Rows that refuse it are left out; `previewBulk` tells which. Throws when `options.signal` stops it, and then nothing is changed. */
  bulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      await this.takeChanges();
      const columns = this.options.columns();
      const plan = await planBulk(this.file, this.edits, columns, rows.slice().sort(), edit, options);
      if (plan.changed === 0) {
        const [first] = plan.refused;
        if (first && plan.unchanged === 0) throw new AppError('argument.invalid', { argument: `row ${first.row + 1}`, reason: first.reason });
        return undefined;
      }
      const label = plan.changed === 1 ? describeBulk(edit) : `${describeBulk(edit)} (${plan.changed.toLocaleString('en')} rows)`;
      if (isCurationEdit(edit)) return this.commit(label, { rows: [], curation: this.edits.curation.planned(plan.qids, edit) });
      const texts = plan.kept.withTexts();
      for (const { row } of texts) plan.rows.delete(row);
      const layer = plan.rows.size > 0 ? { id: this.nextLayer++, edit, rows: plan.rows, columns } : undefined;
      const large = layer && new LargeEdit(layer, plan.kept.withSplices());
      return this.commit(label, { rows: texts.flatMap(({ row, base, now, after }) => this.edits.rows.planned(row, base, now, after) ?? []) }, layer && { lay: layer, splices: new Map() }, large);
    });
  }

  /** What `bulk` would do. */
  previewBulk(rows: Uint32Array, edit: BulkEdit, options?: BulkOptions): Promise<BulkPreview> {
    return planBulk(this.file, this.edits, this.options.columns(), rows.slice().sort(), edit, options);
  }

  /** Decides a row that was changed here and on disk. */
  resolve(index: number, take: 'mine' | 'theirs'): Promise<DocumentEdit | undefined> {
    return this.inTurn(async () => {
      const entry = this.edits.rows.at(index);
      const edit = entry && this.edits.rows.resolve(entry.key, take);
      const now = entry && this.edits.rows.get(entry.key);
      if (now) this.journal?.append({ rows: [now] });
      this.tellRow(index);
      return edit && this.stepOf('Take the row on disk', { rows: [edit] }, undefined);
    });
  }

  /** Writes what is unsaved into the files. Refuses, and loses nothing, while a row was changed here and on disk. */
  save(): Promise<void> {
    return this.inTurn(async () => {
      await this.takeChanges();
      const { rows, layers, curation } = this.edits;
      if (rows.conflicts().length > 0) throw new AppError('dataset.changedOnDisk', { file: this.path });
      if (rows.unsaved().length > 0 || layers.length > 0 || (await this.file.state()) === 'missing') {
        const shift = goneBefore(this.edits);
        const placeOf = placesAfterSave(this.edits);
        await saveRows(this.file, this.path, unsavedRows(this.file, this.edits), signature => this.journal?.saving(signature).catch(() => undefined));
        if (placeOf) for (const large of this.largeEdits) large.move(placeOf, row => rows.at(row)?.key);
        this.edits.markSaved(shift);
        await this.takeFile();
      }
      await saveCuration(curationFile(this.path), curation.unsaved, new Date().toISOString().slice(0, 10));
      curation.markSaved();
      this.curationSignature = await readSignature(curationFile(this.path));
      await this.restartJournal();
      this.tellAll();
    });
  }

  /** Writes the whole dataset with its edits to another file. */
  saveAs(target: string): Promise<void> {
    return this.inTurn(async () => {
      await saveRows(this.file, target, unsavedRows(this.file, this.edits));
      const all = new Map([...(await readCuration(curationFile(this.path))).records, ...this.edits.curation.unsaved]);
      await saveCuration(curationFile(target), all, new Date().toISOString().slice(0, 10));
    });
  }

  revert(): Promise<void> {
    return this.inTurn(async () => {
      this.edits.revert();
      for (const large of this.largeEdits) large.forget();
      await this.takeFile();
      await this.takeCuration();
      await this.restartJournal();
      this.tellAll();
    });
  }

  /** What is unsaved, for a backup. */
  snapshot(): UnsavedEdits {
    const { layers, curation } = this.edits;
    return { signature: this.file.signature, rows: this.edits.ownRows(), layers, samples: [...curation.unsaved].map(([qid, now]) => ({ qid, base: curation.savedOf(qid), now })) };
  }

  /** Called when one of the files may have changed on disk; our own saving is told apart by the files' signatures. */
  follow(): Promise<void> {
    return this.inTurn(() => this.takeChanges());
  }

  /** Tells who shows rows that they are read in another way now. */
  reread(): void {
    this.tellAll();
  }

  /** Resolves once every step so far would survive the end of this process. */
  committed(): Promise<void> {
    return this.inTurn(async () => this.journal?.committed());
  }

  /** The process ends, perhaps with something unsaved, which the next one takes up. */
  end(): void {
    this.journal?.end();
  }

  /** Ends the session; what is not saved is given up. */
  close(): Promise<void> {
    this.lifetime.dispose();
    return this.inTurn(async () => {
      await this.journal?.remove();
      await this.file.close();
    });
  }

  private async takeChanges(): Promise<void> {
    const state = await this.file.state();
    const hasCurationChanged = (await readSignature(curationFile(this.path))) !== this.curationSignature;
    if (this.missing !== (state === 'missing')) {
      this.missing = state === 'missing';
      this.changed.fire();
    }
    if (state !== 'changed' && !hasCurationChanged) return;
    const left = state === 'changed' ? await this.takeFile() : 0;
    if (state === 'changed') for (const large of this.largeEdits) large.forget();
    const decisions = hasCurationChanged ? await this.takeCuration() : 0;
    await this.restartJournal();
    this.tellAll();
    const kept = this.edits.unsavedCount;
    const conflicts = this.edits.rows.conflicts().length;
    if (kept + left > 0) this.followed.fire({ kept: kept - conflicts, conflicts, decisions, left });
  }

  /** Opens the file as it is now, and finds the touched rows in it. Returns how many rows left their bulk edits. */
  private async takeFile(): Promise<number> {
    const state = await this.file.state();
    this.missing = state === 'missing';
    if (state !== 'changed') return 0;
    const before = this.file;
    const file = await DatasetFile.open(this.path);
    await file.count();
    const find = await locateRows(file, this.edits.rows.all(), this.options.columns());
    const { layers, left } = await moveLayers(before, file, this.edits.layers);
    this.file = file;
    this.edits.rows.rebase(find);
    this.edits.setLayers(layers);
    await before.close();
    return left;
  }

  private async takeCuration(): Promise<number> {
    const file = curationFile(this.path);
    this.curationSignature = await readSignature(file);
    return this.edits.curation.rebase((await readCuration(file)).records).length;
  }

  /** Whether the journal has what is unsaved. */
  private async restartJournal(): Promise<boolean> {
    try {
      await this.journal?.restart(this.snapshot());
      return true;
    } catch (error) {
      this.unjournaled.fire(error);
      return false;
    }
  }

  /** Does a step for the first time; `large` is its part that is kept without texts. */
  private commit(label: string, step: EditStep, first?: LargeChange, large?: LargeEdit): DocumentEdit {
    if (large) this.largeEdits.add(large);
    this.take({ ...step, large: first });
    return this.stepOf(label, step, large);
  }

  private stepOf(label: string, step: EditStep, large: LargeEdit | undefined): DocumentEdit {
    const inverse: EditStep = { rows: step.rows.map(invertEdit), curation: step.curation && invertCurationEdit(step.curation) };
    const isLaid = (id: number): boolean => this.edits.layers.some(layer => layer.id === id);
    const go = (isForward: boolean): Promise<void> =>
      this.inTurn(async () => {
        const change = large?.change(isForward, isLaid, () => this.nextLayer++);
        const stale = this.take({ ...(isForward ? step : inverse), large: change });
        const verb = isForward ? 'Redo of' : 'Undo of';
        if (large && !change) this.staled.fire(`${verb} "${label}" is not possible any more: it changed more than is kept, and the file was saved or changed since. Your version control has the file before.`);
        else if (stale > 0) this.staled.fire(`${verb} "${label}" is not possible${stale > 1 ? ` for ${stale.toLocaleString('en')} rows` : ''}: the row was changed on disk since.`);
      });
    return { label, undo: () => go(false), redo: () => go(true) };
  }

  /** Changes what is unsaved, journals it, and tells who shows the rows. Returns how many rows could not follow. */
  private take(change: EditChange): number {
    const { rows, stale } = this.edits.apply(change);
    const { curation, large } = change;
    const samples = curation?.qids.map(qid => ({ qid, base: this.edits.curation.savedOf(qid), now: this.edits.curation.of(qid) }));
    this.journal?.append({ rows, samples, laid: large?.lay, lifted: large?.lift });
    if (curation) this.curationChanged.fire(curation.qids);
    if (large || rows.length > 1) this.tellAll();
    else if (rows[0]) this.tellRow(rows[0].row);
    else this.changed.fire();
    return stale;
  }

  private tellRow(index: number): void {
    this.versions++;
    this.rowChanged.fire(index);
    this.changed.fire();
  }

  private tellAll(): void {
    this.versions++;
    this.reloaded.fire();
    this.curationChanged.fire(undefined);
    this.changed.fire();
  }

  /** One thing at a time: an edit never sees a file that is half taken over. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined); // told to the caller
    return result;
  }
}

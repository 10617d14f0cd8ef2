import type { Curation } from '../../core/curation/curation';
import { CuratedSamples } from '../../core/curation/curatedSamples';
import { AppError } from '../../core/errors';
import { DatasetEdits } from '../../core/labels/datasetEdits';
import type { EditHistory } from '../../core/labels/editHistory';
import type { JournalStep, KeptEdits } from '../../core/labels/journalLine';
import type { LargeEdit } from '../../core/labels/largeEdit';
import type { Columns } from '../../core/project/project';
import { readCuration } from './curationFile';
import { DatasetFile } from './datasetFile';
import { EditJournal } from './editJournal';
import { FollowedCuration } from './followedCuration';
import { holdDeleted } from './holdDeleted';
import { keptEdits } from './keptEdits';
import { removeJournals } from './leftJournals';
import { locateRows } from './locateRows';
import { moveLayers } from './moveLayers';
import { removeLeftovers } from './replaceFile';
import { type Restored, restoreEdits } from './restoreEdits';
import { saveRows } from './saveRows';
import type { SessionEvents } from './sessionEvents';
import { goneBefore, placesAfterSave, unsavedRows } from './unsavedRows';

export interface SessionOptions {
  /** How rows are read; asked anew at each edit. */
  readonly columns: () => Columns;
  /** Where journals are kept; without one a crash loses what is not saved. */
  readonly journalFolder?: string;
  /** What an earlier session left, where there is no journal: the text of `printBackup`. */
  readonly backup?: string;
}

/**
 * A dataset file, its curation file and its journal, with what is not saved of them. Saves, and follows what others do to them.
 * Its callers see to it that one thing is done at a time.
 */
export class EditedFiles {
  /** What was decided about samples is known; the rows of a dataset show before that where it is about very many. */
  curationRead: Promise<void> = Promise.resolve();
  private missing = false;
  private numberings = 0;

  private constructor(
    readonly path: string,
    private dataset: DatasetFile,
    /** What is not saved. */
    readonly edits: DatasetEdits,
    /** The steps that led there, also of earlier sessions. */
    readonly history: EditHistory,
    /** What came back of an earlier session. */
    readonly restored: Restored,
    private readonly curation: FollowedCuration,
    private readonly journal: EditJournal | undefined,
    private readonly options: SessionOptions,
    private readonly events: SessionEvents,
  ) {}

  /** Opens them with what an earlier session left unsaved, in its journal or else in `backup`. */
  static async open(path: string, options: SessionOptions, events: SessionEvents): Promise<EditedFiles> {
    const { journalFolder, backup, columns } = options;
    const dataset = await DatasetFile.open(path);
    try {
      const edits = new DatasetEdits(new CuratedSamples());
      const curation = await FollowedCuration.of(path, edits.curation);
      const records = readCuration(curation.path).then(read => read.records);
      records.catch(() => undefined); // told by whoever waits for it
      const { left, history, ...restored } = await restoreEdits(dataset, edits, columns(), journalFolder, backup, records);
      const journal = journalFolder === undefined ? undefined : await EditJournal.open(journalFolder, path, dataset.signature, left, error => events.tellUnjournaled(error));
      const files = new EditedFiles(path, dataset, edits, history, restored, curation, journal, options, events);
      const isSmall = await curation.isSmall();
      files.curationRead = records.then(read => files.takeRecords(read));
      if (isSmall) await files.curationRead;
      if (await files.restartJournal()) await removeJournals(left);
      await Promise.all([removeLeftovers(path), removeLeftovers(curation.path)]);
      return files;
    } catch (error) {
      await dataset.close();
      throw error;
    }
  }

  /** The file as it is saved. */
  get file(): DatasetFile {
    return this.dataset;
  }

  get isMissing(): boolean {
    return this.missing;
  }

  /** Grows whenever the numbers of rows may mean other rows than before. */
  get numbering(): number {
    return this.numberings;
  }

  /** Keeps a step safe from a crash. */
  append(step: JournalStep): void {
    this.journal?.append(step);
    if (this.journal?.isOvergrown) void this.restartJournal();
  }

  /** Resolves once every step so far would survive the end of this process. */
  async committed(): Promise<void> {
    await this.journal?.committed();
  }

  /** The process ends, perhaps with something unsaved, which the next one takes up. */
  end(): void {
    this.journal?.end();
  }

  async save(): Promise<void> {
    await this.takeChanges();
    const { rows, layers } = this.edits;
    if (rows.conflicts().length > 0) throw new AppError('dataset.changedOnDisk', { file: this.path });
    const isInPlace = layers.length === 0 && rows.unsaved().every(({ base, text }) => base !== null && text !== null);
    if (rows.unsaved().length > 0 || layers.length > 0 || (await this.dataset.state()) === 'missing') await this.saveRows();
    await this.curation.save();
    this.history.markSaved();
    if (isInPlace) await this.journal?.saved(this.dataset.signature).catch(() => undefined); // told by the journal
    else await this.restartJournal();
    this.events.tellAll();
  }

  async saveAs(target: string): Promise<void> {
    await saveRows(this.dataset, target, unsavedRows(this.dataset, this.edits));
    await this.curation.saveAs(target);
  }

  async revert(): Promise<void> {
    this.edits.revert();
    for (const large of this.largeEdits) large.forget();
    this.history.revert();
    await this.takeFile();
    await this.curation.take();
    await this.restartJournal();
    this.events.tellAll();
  }

  snapshot(): KeptEdits {
    return keptEdits(this.dataset.signature, this.edits, this.history);
  }

  /** What is not saved is given up; the undo history is for whoever opens the file next. */
  async close(): Promise<void> {
    this.edits.revert();
    this.history.revert();
    await this.journal?.close(this.snapshot()).catch((error: unknown) => this.events.tellUnjournaled(error));
    await this.dataset.close();
  }

  /** Takes up what others did to the files; our own saving is told apart by their signatures. */
  async takeChanges(): Promise<void> {
    const state = await this.dataset.state();
    const hasCurationChanged = await this.curation.hasChanged();
    if (this.missing !== (state === 'missing')) {
      this.missing = state === 'missing';
      this.events.tellCount();
    }
    if (state !== 'changed' && !hasCurationChanged) return;
    const left = state === 'changed' ? await this.takeFile() : 0;
    if (state === 'changed') for (const large of this.largeEdits) large.forget();
    const decisions = hasCurationChanged ? await this.curation.take() : 0;
    await this.restartJournal();
    this.events.tellAll();
    const kept = this.edits.unsavedCount;
    const conflicts = this.edits.rows.conflicts().length;
    if (kept + left > 0) this.events.tellFollowed({ kept: kept - conflicts, conflicts, decisions, left });
  }

  private get largeEdits(): readonly LargeEdit[] {
    return this.history.steps.flatMap(({ large }) => large ?? []);
  }

  private async saveRows(): Promise<void> {
    const { edits, journal } = this;
    await holdDeleted(this.dataset, edits, this.largeEdits);
    const gone = goneBefore(edits);
    const placeOf = placesAfterSave(edits);
    // Between the new file's taking the old one's place and the journal's new start the process may end: the journal knows both versions.
    await saveRows(this.dataset, this.path, unsavedRows(this.dataset, edits), signature => journal?.saving(signature).catch(() => undefined));
    if (placeOf) for (const large of this.largeEdits) large.move(placeOf, row => edits.rows.at(row)?.key);
    edits.markSaved(gone);
    await this.takeFile(placeOf === undefined);
  }

  /** Opens the file as it is now, and finds the touched rows in it. Returns how many rows left their bulk edits. `isInPlace`: every row is known to have its number still. */
  private async takeFile(isInPlace = false): Promise<number> {
    const state = await this.dataset.state();
    this.missing = state === 'missing';
    if (state !== 'changed') return 0;
    const before = this.dataset;
    const now = await DatasetFile.open(this.path);
    await now.count();
    const find = await locateRows(now, this.edits.rows.all(), this.options.columns());
    const { layers, left } = await moveLayers(before, now, this.edits.layers);
    this.dataset = now;
    if (!isInPlace) this.numberings++;
    this.edits.rows.rebase(find);
    this.edits.setLayers(layers);
    await before.close();
    return left;
  }

  private takeRecords(records: ReadonlyMap<string, Curation>): void {
    this.edits.curation.rebase(records);
    if (records.size > 0) this.events.tellAll();
  }

  /** Whether the journal has what is unsaved. */
  private async restartJournal(): Promise<boolean> {
    try {
      await this.journal?.restart(this.snapshot());
      return true;
    } catch (error) {
      this.events.tellUnjournaled(error);
      return false;
    }
  }
}

import type { EditChange } from '../../core/labels/datasetEdits';
import { type EditStep, invertStep } from '../../core/labels/editHistory';
import type { JournalStep } from '../../core/labels/journalLine';
import type { LargeChange } from '../../core/labels/largeEdit';
import type { EditedFiles } from './editedFiles';
import type { SessionEvents } from './sessionEvents';

/** A step as VS Code's undo stack takes it. */
export interface DocumentEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** The steps of earlier sessions as VS Code's undo stack has to get them. */
export interface PastSteps {
  readonly steps: readonly DocumentEdit[];
  /** How many of them are done. */
  readonly position: number;
  /** After how many the files were saved; `undefined` when none of these is that. */
  readonly savedAt: number | undefined;
}

/** Does the steps of a person, and takes them back and does them again when VS Code asks: each changes what is unsaved, is journaled, and is told. */
export class EditSteps {
  private nextLayer: number;

  constructor(
    private readonly files: EditedFiles,
    private readonly events: SessionEvents,
    /** One thing at a time. */
    private readonly inTurn: (work: () => Promise<void>) => Promise<void>,
  ) {
    this.nextLayer = files.edits.layers.reduce((next, { id }) => Math.max(next, id + 1), 1);
  }

  /** What earlier sessions did, and what was undone there. */
  get past(): PastSteps {
    const { steps, position, savedAt } = this.files.history;
    return { steps: steps.map(step => this.documentEdit(step)), position, savedAt };
  }

  /** For a bulk edit that is kept without texts. */
  newLayerId(): number {
    return this.nextLayer++;
  }

  /** Does a step for the first time; `first` is its part that is kept without texts. */
  do(step: EditStep, first?: LargeChange): DocumentEdit {
    this.files.history.push(step);
    this.take({ ...step, large: first }, { did: step });
    return this.documentEdit(step);
  }

  private documentEdit(step: EditStep): DocumentEdit {
    const { label, large } = step;
    const isLaid = (id: number): boolean => this.files.edits.layers.some(layer => layer.id === id);
    const go = (isForward: boolean): Promise<void> =>
      this.inTurn(async () => {
        const change = large?.change(isForward, isLaid, () => this.nextLayer++);
        const whole = large ? { ...step, rows: [...step.rows, ...large.rows] } : step;
        const way = isForward ? whole : invertStep(whole);
        const how: Pick<JournalStep, 'did' | 'went'> = this.files.history.move(step, isForward) ? { went: isForward ? 'forth' : 'back' } : {};
        const stale = this.take({ ...way, large: change }, how);
        if (!how.went && stale < whole.rows.length) this.addOutOfTurn({ ...way, label: `${isForward ? 'Redo' : 'Undo'} ${label}` });
        const verb = isForward ? 'Redo of' : 'Undo of';
        if (large && !change) this.events.tellStale(`${verb} "${label}" is not possible any more: it changed more than is kept, and the file was saved or changed since, or opened anew. Your version control has the file before.`);
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
    const { rows, stale } = this.files.edits.apply(change);
    const { curation, large } = change;
    const samples = curation?.qids.map(qid => ({ qid, base: this.files.edits.curation.savedOf(qid), now: this.files.edits.curation.of(qid) }));
    this.files.append({ rows, samples, laid: large?.lay, lifted: large?.lift, ...how });
    if (curation) this.events.tellCuration(curation.qids);
    if (large || rows.length > 1) this.events.tellAll();
    else if (rows[0]) this.events.tellRow(rows[0].row);
    else this.events.tellCount();
    return stale;
  }
}

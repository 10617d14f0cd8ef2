import { CuratedSamples, type CurationEdit, invertCurationEdit } from '../curation/curatedSamples';
import { type EditedRow, EditedRows, invertEdit, isUnsaved, type LineText, type RowEdit } from './editedRows';
import { type RowLayer, throughLayers } from './rowLayer';
import { RowSet } from './rowSet';

/** What one gesture of a person did; the unit of undo. */
export interface EditStep {
  readonly rows: readonly RowEdit[];
  readonly layer?: RowLayer;
  readonly curation?: CurationEdit;
}

/** What a step reached. */
export interface StepOutcome {
  readonly rows: readonly EditedRow[];
  /** Rows that could not follow, because they changed on disk since. */
  readonly stale: number;
  /** A layer was laid or lifted. */
  readonly isLayered: boolean;
}

/** Everything about a dataset that is not saved yet: edited rows, bulk edits as layers over the others, and decisions about samples. */
export class DatasetEdits {
  readonly rows = new EditedRows();
  private layered: readonly RowLayer[] = [];
  private layeredRows = new RowSet();

  constructor(readonly curation: CuratedSamples) {}

  get layers(): readonly RowLayer[] {
    return this.layered;
  }

  /** The rows under a layer that are not edited by themselves, in rising order. */
  *rowsUnderLayers(): Generator<number> {
    for (const row of this.layeredRows) if (!this.rows.at(row)) yield row;
  }

  /** The line of a row as it is here; `base` is the file's. */
  textOf(row: number, base: string): LineText {
    const entry = this.rows.at(row);
    return entry ? entry.text : throughLayers(this.layered, row, base);
  }

  isEdited(row: number): boolean {
    const entry = this.rows.at(row);
    return entry ? isUnsaved(entry) : this.layeredRows.has(row);
  }

  /** The rows by themselves that have to be kept: edited ones, and those for which a layer does not hold. */
  ownRows(): readonly EditedRow[] {
    return this.rows.all().filter(entry => isUnsaved(entry) || this.layeredRows.has(entry.row));
  }

  /** Rows and samples with something that is not saved. */
  get unsavedCount(): number {
    let layered = this.layeredRows.size;
    if (layered > 0) for (const { row, base } of this.rows.all()) if (base !== null && this.layeredRows.has(row)) layered--;
    return this.rows.unsaved().length + layered + this.curation.unsaved.size;
  }

  do(step: EditStep): StepOutcome {
    if (step.curation) this.curation.apply(step.curation);
    return this.take(step.rows, step.layer, true);
  }

  undo(step: EditStep): StepOutcome {
    if (step.curation) this.curation.apply(invertCurationEdit(step.curation));
    return this.take(step.rows.map(invertEdit), step.layer, false);
  }

  /** The file has everything that is here. */
  markSaved(goneBefore: (row: number) => number): void {
    this.rows.markSaved(goneBefore);
    this.setLayers([]);
  }

  revert(): void {
    this.rows.revert();
    this.setLayers([]);
    this.curation.revert();
  }

  /** Replaces all layers; rows that are edited by themselves stay as they are. */
  setLayers(layers: readonly RowLayer[]): void {
    this.layered = layers;
    this.layeredRows = new RowSet();
    for (const { rows } of layers) for (const row of rows) this.layeredRows.add(row);
  }

  private take(edits: readonly RowEdit[], layer: RowLayer | undefined, isLaid: boolean): StepOutcome {
    const rows: EditedRow[] = [];
    let stale = 0;
    for (const edit of edits) {
      const entry = this.rows.apply(edit);
      if (entry) rows.push(entry);
      else stale++;
    }
    if (!layer) return { rows, stale, isLayered: false };
    const there = this.layered.find(({ id }) => id === layer.id); // as it lies over the file of today
    if ((there !== undefined) === isLaid) return { rows, stale: stale + layer.rows.size, isLayered: false };
    const under = (there ?? layer).rows;
    const before = this.layered;
    this.setLayers(isLaid ? [...before, layer] : before.filter(each => each !== there));
    // Rows that were edited one by one over the layer, and are back to what it gave them, follow it.
    for (const { key, row, base, text } of this.rows.all()) {
      if (base === null || !under.has(row) || text !== throughLayers(before, row, base)) continue;
      const entry = this.rows.apply({ key, before: text, after: throughLayers(this.layered, row, base) });
      if (entry) rows.push(entry);
    }
    return { rows, stale, isLayered: true };
  }
}

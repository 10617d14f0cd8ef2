import type { CuratedSamples, CurationEdit } from '../curation/curatedSamples';
import { type EditedRow, EditedRows, isUnsaved } from './editedRows';
import type { LargeChange } from './largeEdit';
import { type LineText, type RowEdit, rowEdit } from './rowEdit';
import { type RowLayer, throughLayers } from './rowLayer';
import { RowSet } from './rowSet';
import { applySplice, invertSplice, type Splice } from './splices';

/** What a step changes, in the one direction or in the other. */
export interface EditChange {
  readonly rows: readonly RowEdit[];
  readonly curation?: CurationEdit | undefined;
  readonly large?: LargeChange | undefined;
}

/** What a step reached. */
export interface StepOutcome {
  readonly rows: readonly EditedRow[];
  /** Rows that could not follow, because they changed on disk since. */
  readonly stale: number;
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

  apply({ rows: edits, curation, large }: EditChange): StepOutcome {
    if (curation) this.curation.apply(curation);
    const rows: EditedRow[] = [];
    let stale = 0;
    for (const edit of edits) {
      const entry = this.rows.apply(edit);
      if (entry) rows.push(entry);
      else stale++;
    }
    if (large) rows.push(...this.takeLarge(large));
    return { rows, stale };
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

  /** Returns the rows by themselves that went with it. */
  private takeLarge({ lay, lift, splices }: LargeChange): readonly EditedRow[] {
    const before = this.layered;
    const lifted = before.find(({ id }) => id === lift); // as it lies over the file of today
    this.setLayers([...before.filter(each => each !== lifted), ...(lay ? [lay] : [])]);
    return this.rows.all().flatMap(entry => {
      const after = this.followed(entry, before, lay, lifted) ?? splicedText(entry.text, splices.get(entry.key));
      return after === undefined ? [] : (this.rows.apply(rowEdit(entry.key, entry.text, after)) ?? []);
    });
  }

  /** The text of a row that was edited by itself over a layer and is back to what that gave it, or that a saved bulk edit changed too. */
  private followed({ row, base, text }: EditedRow, before: readonly RowLayer[], lay: RowLayer | undefined, lifted: RowLayer | undefined): LineText | undefined {
    const layer = lay ?? lifted;
    if (!layer || base === null || !layer.rows.has(row)) return undefined;
    if (layer.edit.type !== 'splices') return text === throughLayers(before, row, base) ? throughLayers(this.layered, row, base) : undefined;
    const splice = layer.edit.splices.at(row);
    return splicedText(text, splice && lifted ? invertSplice(splice) : splice);
  }
}

function splicedText(text: LineText, splice: Splice | undefined): string | undefined {
  return text === null || splice === undefined ? undefined : applySplice(text, splice);
}

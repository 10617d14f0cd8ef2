import { afterEdit, type LineText, type RowEdit, rowEdit } from './rowEdit';

/** A row that was touched since the document was opened. */
export interface EditedRow {
  /** Stays the same when the row moves in the file. */
  readonly key: number;
  /** Where it is in the file; of a row that the file does not have, the row before which it stood. */
  readonly row: number;
  /** Which of several rows at one such place comes first. */
  readonly order: number;
  /** The line as the file has it; null: the file does not have it. */
  readonly base: LineText;
  /** The line as it is here; null: it is deleted here. */
  readonly text: LineText;
  /** Set when the file changed this row underneath while it had unsaved edits: the file's line, null where the file does not have the row any more. */
  readonly theirs?: LineText;
}

/** Where a row is in a changed file, and what it says there. */
export interface FoundRow {
  readonly row: number;
  readonly text: string;
}

/** The rows of a dataset that differ from its file, or have. Rows that nobody touched are not here, however many there are. */
export class EditedRows {
  private readonly byKey = new Map<number, EditedRow>();
  private readonly keyOfRow = new Map<number, number>();
  private nextKey = 1;

  /** The touched row that the file has at this place. */
  at(row: number): EditedRow | undefined {
    const key = this.keyOfRow.get(row);
    return key === undefined ? undefined : this.byKey.get(key);
  }

  get(key: number): EditedRow | undefined {
    return this.byKey.get(key);
  }

  /** Every touched row, edited or back to what the file has. */
  all(): readonly EditedRow[] {
    return [...this.byKey.values()];
  }

  unsaved(): readonly EditedRow[] {
    return this.all().filter(isUnsaved);
  }

  /** Rows that the file changed underneath while they had edits; saving waits until each is decided. */
  conflicts(): readonly EditedRow[] {
    return this.all().filter(row => row.theirs !== undefined);
  }

  /**
   * The step that gives a row another line, or none with `after` null; `undefined` when nothing changes. `base` is the file's line, `now` what is
   * shown of a row that is not here yet. Nothing changes before `apply`.
   */
  planned(row: number, base: string, now: LineText, after: LineText): RowEdit | undefined {
    const text = this.at(row)?.text;
    const before = text === undefined ? now : text;
    if (before === after) return undefined;
    const entry = this.at(row) ?? this.put({ key: this.nextKey++, row, order: 0, base, text: now });
    return rowEdit(entry.key, before, after);
  }

  /** The step that decides a row which was changed here and on disk: `after` is then the line here, and the one on disk is what it differs from. */
  settled(key: number, after: LineText): RowEdit | undefined {
    const entry = this.byKey.get(key);
    return entry?.theirs === undefined ? undefined : rowEdit(key, entry.text, after, { base: entry.base, theirs: entry.theirs });
  }

  /** Does a step, or, inverted, takes it back. `undefined` when the row is not what the step starts from: it changed on disk in between. */
  apply(edit: RowEdit): EditedRow | undefined {
    const entry = this.byKey.get(edit.key);
    const text = entry && afterEdit(entry.text, edit);
    if (!entry || text === undefined) return undefined;
    return this.put({ ...afterDecision(entry, edit), text });
  }

  /** The file now has what is here; its rows moved by what was deleted and put back. `goneBefore` counts the rows before one that went besides these. */
  markSaved(goneBefore: (row: number) => number = () => 0): void {
    let moved = 0;
    this.keyOfRow.clear();
    for (const [order, entry] of [...this.byKey.values()].sort(byPlace).entries()) {
      const row = entry.row - goneBefore(entry.row) + moved;
      if (entry.base === null && entry.text !== null) moved++;
      if (entry.base !== null && entry.text === null) moved--;
      this.put({ ...entry, row, order, base: entry.text });
    }
  }

  /** Takes up touched rows of an earlier session; a `rebase` then finds their places in the file of today. */
  restore(rows: Iterable<EditedRow>): void {
    for (const row of rows) {
      this.put(row);
      this.nextKey = Math.max(this.nextKey, row.key + 1);
    }
  }

  /** Lets go of touched rows that nobody needs any more. */
  retain(isNeeded: (row: EditedRow) => boolean): void {
    for (const entry of this.all()) {
      if (isUnsaved(entry) || entry.theirs !== undefined || isNeeded(entry)) continue;
      this.byKey.delete(entry.key);
      if (this.keyOfRow.get(entry.row) === entry.key) this.keyOfRow.delete(entry.row);
    }
  }

  /** Every row back to what the file last said. Steps that were saved can still be taken back afterwards. */
  revert(): void {
    for (const { theirs, ...entry } of this.all()) {
      const base = theirs === undefined ? entry.base : theirs;
      this.put({ ...entry, base, text: base });
    }
  }

  /**
   * Follows a change of the file. Rows without unsaved edits take what the file says; edits on rows that the file did not touch are
   * kept; the others become conflicts, in which nothing is lost and nothing is overwritten. So do edited rows that the file does not have
   * any more.
   */
  rebase(find: (row: EditedRow) => FoundRow | undefined): void {
    this.keyOfRow.clear();
    for (const entry of this.all()) {
      const found = find(entry);
      const { theirs: _, ...plain } = entry;
      if (!found) this.put(lost(entry));
      else if (!isUnsaved(entry)) this.put({ ...plain, row: found.row, base: found.text, text: found.text });
      else if (found.text === entry.base || found.text === entry.text) this.put({ ...plain, row: found.row, base: found.text });
      else this.put({ ...plain, row: found.row, base: entry.base, theirs: found.text });
    }
  }

  private put(entry: EditedRow): EditedRow {
    this.byKey.set(entry.key, entry);
    if (isInFile(entry)) this.keyOfRow.set(entry.row, entry.key);
    return entry;
  }
}

/** Whether the file has this row. */
function isInFile({ base, theirs }: EditedRow): boolean {
  return theirs === undefined ? base !== null : theirs !== null;
}

/** A row that the file does not have any more: its edits wait for a decision, unless it was deleted here too. */
function lost({ theirs: _, ...entry }: EditedRow): EditedRow {
  if (entry.text === null || !isUnsaved(entry)) return { ...entry, base: null, text: null };
  return entry.base === null ? entry : { ...entry, theirs: null };
}

/** A conflict that is decided by a step, or is open again because the step is taken back and nothing was saved in between. */
function afterDecision(entry: EditedRow, { settles, reopens }: Pick<RowEdit, 'settles' | 'reopens'>): EditedRow {
  const { theirs, ...plain } = entry;
  if (settles && theirs === settles.theirs) return { ...plain, base: settles.theirs };
  if (reopens && theirs === undefined && entry.base === reopens.theirs) return { ...plain, ...reopens };
  return entry;
}

export function isUnsaved(row: EditedRow): boolean {
  return row.text !== row.base;
}

/** In the order of the file: a row that it does not have stands before the one at its place. */
export function byPlace(a: EditedRow, b: EditedRow): number {
  return a.row - b.row || Number(a.base !== null) - Number(b.base !== null) || a.order - b.order;
}

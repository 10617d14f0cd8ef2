/** The text of a row's line; null where there is no such row, because it was deleted. */
export type LineText = string | null;

/** One step on the undo stack: the line of a touched row before and after. Texts, not operations: taking it back restores the very bytes. */
export interface RowEdit {
  readonly key: number;
  readonly before: LineText;
  readonly after: LineText;
}

export function invertEdit(edit: RowEdit): RowEdit {
  return { key: edit.key, before: edit.after, after: edit.before };
}

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
  /** Set when the file changed this row underneath while it had unsaved edits: the file's line. */
  readonly theirs?: string;
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
    return { key: entry.key, before, after };
  }

  /** Does a step, or, inverted, takes it back. `undefined` when the row is not what the step starts from: it changed on disk in between. */
  apply(edit: RowEdit): EditedRow | undefined {
    const entry = this.byKey.get(edit.key);
    if (!entry || entry.text !== edit.before) return undefined;
    return this.put({ ...entry, text: edit.after });
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

  /** Takes up unsaved rows of an earlier session; a `rebase` then finds their places in the file of today. */
  restore(rows: Iterable<Omit<EditedRow, 'key'>>): void {
    for (const row of rows) this.put({ ...row, key: this.nextKey++ });
  }

  /** Every row back to what the file last said. Steps that were saved can still be taken back afterwards. */
  revert(): void {
    for (const { theirs: _, ...entry } of this.all()) this.put({ ...entry, text: entry.base });
  }

  /**
   * Follows a change of the file. Rows without unsaved edits take what the file says; edits on rows that the file did not touch are
   * kept; the others become conflicts, in which nothing is lost and nothing is overwritten. Edited rows that the file does not have any
   * more stay, to be put back at their place.
   */
  rebase(find: (row: EditedRow) => FoundRow | undefined): void {
    this.keyOfRow.clear();
    for (const entry of this.all()) {
      const found = find(entry);
      const { theirs: _, ...plain } = entry;
      if (!found) this.put({ ...plain, base: null, text: isUnsaved(entry) ? entry.text : null });
      else if (!isUnsaved(entry)) this.put({ ...plain, row: found.row, base: found.text, text: found.text });
      else if (found.text === entry.base || found.text === entry.text) this.put({ ...plain, row: found.row, base: found.text });
      else this.put({ ...plain, row: found.row, base: entry.base ?? found.text, theirs: found.text });
    }
  }

  /** Decides a conflict. Taking theirs is a step that can be undone; keeping mine changes nothing here, and saving then writes it. */
  resolve(key: number, take: 'mine' | 'theirs'): RowEdit | undefined {
    const entry = this.byKey.get(key);
    if (entry?.theirs === undefined) return undefined;
    const { theirs, ...plain } = entry;
    this.put({ ...plain, base: theirs, text: take === 'mine' ? entry.text : theirs });
    return take === 'theirs' ? { key, before: entry.text, after: theirs } : undefined;
  }

  private put(entry: EditedRow): EditedRow {
    this.byKey.set(entry.key, entry);
    if (entry.base !== null) this.keyOfRow.set(entry.row, entry.key);
    return entry;
  }
}

export function isUnsaved(row: EditedRow): boolean {
  return row.text !== row.base;
}

/** In the order of the file: a row that it does not have stands before the one at its place. */
export function byPlace(a: EditedRow, b: EditedRow): number {
  return a.row - b.row || Number(a.base !== null) - Number(b.base !== null) || a.order - b.order;
}

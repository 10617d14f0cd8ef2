/** One step on the undo stack: the line of a touched row before and after. Texts, not operations: taking it back restores the very bytes. */
export interface RowEdit {
  readonly key: number;
  readonly before: string;
  readonly after: string;
}

export function invertEdit(edit: RowEdit): RowEdit {
  return { key: edit.key, before: edit.after, after: edit.before };
}

/** A row that was touched since the document was opened. */
export interface EditedRow {
  /** Stays the same when the row moves in the file. */
  readonly key: number;
  /** Where it is in the file; absent when the file does not have it any more. */
  readonly row: number | undefined;
  /** The line as the file has it. */
  readonly base: string;
  /** The line as it is here. */
  readonly text: string;
  /** Set when the file changed this row underneath while it had unsaved edits: the file's line, or null where it was deleted. */
  readonly theirs?: string | null;
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

  at(row: number): EditedRow | undefined {
    const key = this.keyOfRow.get(row);
    return key === undefined ? undefined : this.byKey.get(key);
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

  /** Changes the line of a row; `base` is the file's line. Returns the step for the undo stack, `undefined` when nothing changes. */
  edit(row: number, base: string, after: string): RowEdit | undefined {
    const entry = this.at(row) ?? this.put({ key: this.nextKey++, row, base, text: base });
    if (entry.text === after) return undefined;
    this.put({ ...entry, text: after });
    return { key: entry.key, before: entry.text, after };
  }

  /** Does a step again, or, inverted, takes it back. `undefined` when the row is not what the step starts from: it changed on disk in between. */
  apply(edit: RowEdit): EditedRow | undefined {
    const entry = this.byKey.get(edit.key);
    if (!entry || entry.text !== edit.before) return undefined;
    return this.put({ ...entry, text: edit.after });
  }

  /** The file now has what is here. `appendedAt` is the row of the first line that was added at the file's end. */
  markSaved(appendedAt: number): void {
    let next = appendedAt;
    for (const entry of this.all()) {
      const row = entry.row ?? (isUnsaved(entry) ? next++ : undefined);
      this.put({ ...entry, row, base: entry.text });
    }
  }

  /** Takes up unsaved rows of an earlier session (hot exit); a `rebase` then finds their places in the file of today. */
  restore(rows: readonly Omit<EditedRow, 'key'>[]): void {
    for (const row of rows) this.put({ ...row, key: this.nextKey++ });
  }

  /** Every row back to what the file last said. Steps that were saved can still be taken back afterwards. */
  revert(): void {
    for (const { theirs: _, ...entry } of this.all()) this.put({ ...entry, text: entry.base });
  }

  /**
   * Follows a change of the file. Rows without unsaved edits take what the file says; edits on rows that the file did not touch are
   * kept; the others become conflicts, in which nothing is lost and nothing is overwritten.
   */
  rebase(find: (row: EditedRow) => FoundRow | undefined): void {
    this.keyOfRow.clear();
    for (const entry of this.all()) {
      const found = find(entry);
      const { theirs: _, ...plain } = entry;
      if (!isUnsaved(entry)) this.put(found ? { ...plain, row: found.row, base: found.text, text: found.text } : { ...plain, row: undefined });
      else if (!found) this.put({ ...plain, row: undefined, theirs: null });
      else if (found.text === entry.base || found.text === entry.text) this.put({ ...plain, row: found.row, base: found.text });
      else this.put({ ...plain, row: found.row, theirs: found.text });
    }
  }

  /** Decides a conflict. Taking theirs is a step that can be undone; keeping mine changes nothing here, and saving then writes it. */
  resolve(key: number, take: 'mine' | 'theirs'): RowEdit | undefined {
    const entry = this.byKey.get(key);
    if (entry?.theirs === undefined) return undefined;
    const { theirs, ...plain } = entry;
    if (take === 'mine') this.put({ ...plain, base: theirs ?? '' });
    else if (theirs === null) this.put({ ...plain, text: entry.base });
    else this.put({ ...plain, base: theirs, text: theirs });
    return take === 'theirs' && theirs !== null ? { key, before: entry.text, after: theirs } : undefined;
  }

  private put(entry: EditedRow): EditedRow {
    this.byKey.set(entry.key, entry);
    if (entry.row !== undefined) this.keyOfRow.set(entry.row, entry.key);
    return entry;
  }
}

function isUnsaved(row: EditedRow): boolean {
  return row.text !== row.base;
}

import { signal } from '@preact/signals';

/** Rows of a dataset that are selected: a byte each, so that five million are selected at once. */
export class RowSelection {
  private marks = new Uint8Array(0);
  /** A new object with every change, so that whoever read `count` draws anew. */
  private readonly state = signal({ count: 0 });

  get count(): number {
    return this.state.value.count;
  }

  has(row: number): boolean {
    return this.marks[row] === 1;
  }

  /** Just these rows. */
  set(rows: Iterable<number>, rowCount: number): void {
    this.marks = new Uint8Array(rowCount);
    this.mark(rows, true, 0);
  }

  /** Adds the rows, or takes them away. */
  add(rows: Iterable<number>, isSelected: boolean): void {
    this.mark(rows, isSelected, this.state.peek().count);
  }

  clear(): void {
    this.marks = new Uint8Array(0);
    this.state.value = { count: 0 };
  }

  /** In the file's order. */
  rows(): Uint32Array {
    const rows = new Uint32Array(this.state.peek().count);
    let at = 0;
    for (let row = this.marks.indexOf(1); row >= 0; row = this.marks.indexOf(1, row + 1)) rows[at++] = row;
    return rows;
  }

  private mark(rows: Iterable<number>, isSelected: boolean, before: number): void {
    let count = before;
    for (const row of rows) {
      this.reach(row);
      if (this.has(row) !== isSelected) count += isSelected ? 1 : -1;
      this.marks[row] = Number(isSelected);
    }
    this.state.value = { count };
  }

  private reach(row: number): void {
    if (row < this.marks.length) return;
    const larger = new Uint8Array(Math.max(row + 1, 2 * this.marks.length));
    larger.set(this.marks);
    this.marks = larger;
  }
}

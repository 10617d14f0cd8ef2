/** Rows of a dataset by number, counted from 0. A bit a row: of five million rows any choice takes less than a megabyte. */
export class RowSet {
  private bits = new Uint32Array(32);
  private count = 0;

  static of(rows: Iterable<number>): RowSet {
    const set = new RowSet();
    for (const row of rows) set.add(row);
    return set;
  }

  /** Reads what `runs` wrote; throws when it is no such list. */
  static fromRuns(runs: readonly number[]): RowSet {
    const set = new RowSet();
    let row = 0;
    for (const [index, length] of runs.entries()) {
      if (!Number.isInteger(length) || length < 0 || row + length > mostRows) throw new Error('The list of rows is damaged');
      if (index % 2 === 1) for (let each = row; each < row + length; each++) set.add(each);
      row += length;
    }
    return set;
  }

  get size(): number {
    return this.count;
  }

  has(row: number): boolean {
    return ((this.bits[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
  }

  add(row: number): void {
    if (this.has(row)) return;
    const word = row >>> 5;
    if (word >= this.bits.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.bits.length * 2));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[word] = (this.bits[word] ?? 0) | (1 << (row & 31));
    this.count++;
  }

  delete(row: number): void {
    if (!this.has(row)) return;
    this.bits[row >>> 5] = (this.bits[row >>> 5] ?? 0) & ~(1 << (row & 31));
    this.count--;
  }

  /** In rising order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [word, bits] of this.bits.entries()) {
      for (let bit = 0; bits >>> bit !== 0 && bit < 32; bit++) if ((bits & (1 << bit)) !== 0) yield word * 32 + bit;
    }
  }

  toArray(): Uint32Array {
    const rows = new Uint32Array(this.count);
    let at = 0;
    for (const row of this) rows[at++] = row;
    return rows;
  }

  /** How many rows to leave out, how many to take, and so on in turn: one line of text, however many rows. */
  runs(): readonly number[] {
    const runs: number[] = [];
    let end = 0;
    for (const row of this) {
      if (runs.length > 0 && row === end) runs[runs.length - 1] = (runs[runs.length - 1] ?? 0) + 1;
      else runs.push(row - end, 1);
      end = row + 1;
    }
    return runs;
  }
}

const mostRows = 2 ** 31;

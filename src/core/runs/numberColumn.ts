/** Numbers that grow by appending; a row that was skipped is NaN. */
export class NumberColumn {
  private data = new Float64Array(64);
  private filled = 0;

  /** Sets a row at or after the end. */
  set(row: number, value: number): void {
    if (row >= this.data.length) {
      const grown = new Float64Array(Math.max(row + 1, this.data.length * 2));
      grown.set(this.data.subarray(0, this.filled));
      this.data = grown;
    }
    if (row > this.filled) this.data.fill(Number.NaN, this.filled, row);
    this.data[row] = value;
    this.filled = Math.max(this.filled, row + 1);
  }

  /** Takes these numbers in place of all it had. */
  fill(values: Float32Array | Float64Array): void {
    this.data = new Float64Array(Math.max(64, Math.ceil(values.length * 1.25))); // room for what comes
    this.data.set(values);
    this.filled = values.length;
  }

  at(row: number): number {
    return row < this.filled ? (this.data[row] ?? Number.NaN) : Number.NaN;
  }

  cut(rows: number): void {
    this.filled = Math.min(this.filled, rows);
  }

  /** The first `rows` numbers; a view that the next `set` may change. */
  view(rows: number): Float64Array {
    if (rows > this.filled) {
      const value = this.at(rows - 1); // NaN: fills what no row has set yet
      this.set(rows - 1, value);
    }
    return this.data.subarray(0, rows);
  }
}

const width = 16;

/** Rows of the least and the greatest value of each block; −1 where a block has none. A block of level k has width^(k + 1) rows. */
interface Level {
  least: Int32Array;
  greatest: Int32Array;
  blocks: number;
}

/**
 * Finds the least and the greatest value of any span of a column's rows without reading them all: what a chart of a hundred thousand steps draws of
 * each pixel. Grows with the column; NaN is no value.
 */
export class Extremes {
  private readonly levels: Level[] = [];
  private values: Float64Array = new Float64Array();
  /** Rows that `find` found; −1 where the span has no value. */
  least = -1;
  greatest = -1;

  /** Takes the rows that the column has gained; those before are as they were. */
  grow(values: Float64Array): void {
    this.values = values;
    for (let level = 0, size = width; size <= values.length; level++, size *= width) this.growLevel(level, size, Math.floor(values.length / size));
  }

  /** Sets `least` and `greatest` for the rows from `from` to before `to`; of equal values the first. Charts ask a hundred thousand times a second: nothing is made here. */
  find(from: number, to: number): void {
    const { values, levels } = this;
    let least = -1;
    let greatest = -1;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let row = from; row < to; ) {
      let level: Level | undefined;
      let size = 1;
      for (let k = 0, next = width; k < levels.length && row % next === 0 && row + next <= to; k++, next *= width) {
        const larger = levels[k] as Level;
        if (row / next >= larger.blocks) break;
        level = larger;
        size = next;
      }
      const first = level ? (level.least[row / size] as number) : row;
      const last = level ? (level.greatest[row / size] as number) : row;
      if (first >= 0 && (values[first] as number) < low) low = values[(least = first)] as number;
      if (last >= 0 && (values[last] as number) > high) high = values[(greatest = last)] as number;
      row += size;
    }
    this.least = least;
    this.greatest = greatest;
  }

  private growLevel(level: number, size: number, blocks: number): void {
    const own = (this.levels[level] ??= { least: new Int32Array(64), greatest: new Int32Array(64), blocks: 0 });
    if (blocks > own.least.length) {
      own.least = enlarged(own.least, blocks);
      own.greatest = enlarged(own.greatest, blocks);
    }
    while (own.blocks < blocks) {
      const block = own.blocks;
      this.find(block * size, (block + 1) * size); // from the level below: this block is not counted yet
      own.least[block] = this.least;
      own.greatest[block] = this.greatest;
      own.blocks++;
    }
  }
}

function enlarged(rows: Int32Array, least: number): Int32Array {
  const grown = new Int32Array(Math.max(least, rows.length * 2));
  grown.set(rows);
  return grown;
}

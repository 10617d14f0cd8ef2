/** A row matched with a column. */
export interface Pair {
  readonly row: number;
  readonly column: number;
}

/**
 * The one-to-one matching of rows with columns of the largest total score: the Hungarian method with potentials, O(n² m).
 * `scores[row][column]` are finite; every row or every column is matched, whichever are fewer.
 */
export function matchBest(scores: readonly (readonly number[])[]): readonly Pair[] {
  const rows = scores.length;
  const columns = scores[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return [];
  if (rows > columns) {
    const turned = Array.from({ length: columns }, (_, column) => scores.map(row => row[column] ?? 0));
    return matchBest(turned).map(({ row, column }) => ({ row: column, column: row })).sort((a, b) => a.row - b.row);
  }
  // Column 0 and row 0 are the method's artificial start; everything real counts from 1.
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  const before = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    const least = new Float64Array(columns + 1).fill(Infinity);
    const isSeen = new Uint8Array(columns + 1);
    rowOf[0] = row;
    let column = 0;
    while (rowOf[column] !== 0) {
      isSeen[column] = 1;
      const current = rowOf[column] ?? 0;
      let step = Infinity;
      let next = 0;
      for (let other = 1; other <= columns; other++) {
        if (isSeen[other]) continue;
        const cost = -(scores[current - 1]?.[other - 1] ?? 0) - (rowPotential[current] ?? 0) - (columnPotential[other] ?? 0);
        if (cost < (least[other] ?? 0)) {
          least[other] = cost;
          before[other] = column;
        }
        if ((least[other] ?? 0) < step) {
          step = least[other] ?? 0;
          next = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (isSeen[other]) {
          rowPotential[rowOf[other] ?? 0]! += step;
          columnPotential[other]! -= step;
        } else least[other]! -= step;
      }
      column = next;
    }
    while (column !== 0) {
      const previous = before[column] ?? 0;
      rowOf[column] = rowOf[previous] ?? 0;
      column = previous;
    }
  }
  const pairs: Pair[] = [];
  for (let column = 1; column <= columns; column++) if ((rowOf[column] ?? 0) > 0) pairs.push({ row: (rowOf[column] ?? 0) - 1, column: column - 1 });
  return pairs.sort((a, b) => a.row - b.row);
}

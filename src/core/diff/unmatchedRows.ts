/** Rows of one side, by number, whose text the other side does not have. */
export interface UnmatchedRows {
  readonly old: readonly number[];
  readonly now: readonly number[];
}

/**
 * Leaves out, on both sides, the rows whose text stands on the other side too; each stands for one, so a row that stands twice on one side and once
 * on the other is left over once (the last one). Rows that only moved are none. `hashes` are those of the rows' texts.
 */
export function unmatchedRows(oldHashes: Float64Array, nowHashes: Float64Array): UnmatchedRows {
  const surplus = surplusOf(oldHashes.slice().sort(), nowHashes.slice().sort());
  return { old: rowsOf(oldHashes, surplus.old), now: rowsOf(nowHashes, surplus.now) };
}

interface Surplus {
  readonly old: Map<number, number>;
  readonly now: Map<number, number>;
}

function surplusOf(old: Float64Array, now: Float64Array): Surplus {
  const surplus: Surplus = { old: new Map(), now: new Map() };
  const add = (map: Map<number, number>, hash: number): void => void map.set(hash, (map.get(hash) ?? 0) + 1);
  let a = 0;
  let b = 0;
  while (a < old.length || b < now.length) {
    const left = old[a] ?? Infinity;
    const right = now[b] ?? Infinity;
    if (left === right) {
      a++;
      b++;
    } else if (left < right) add(surplus.old, old[a++] ?? 0);
    else add(surplus.now, now[b++] ?? 0);
  }
  return surplus;
}

function rowsOf(hashes: Float64Array, surplus: Map<number, number>): readonly number[] {
  const rows: number[] = [];
  if (surplus.size === 0) return rows;
  for (let row = hashes.length - 1; row >= 0; row--) {
    const left = surplus.get(hashes[row] ?? 0);
    if (left === undefined || left === 0) continue;
    surplus.set(hashes[row] ?? 0, left - 1);
    rows.push(row);
  }
  return rows.reverse();
}

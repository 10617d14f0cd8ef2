import type { RowGroupStart } from './queryAnswer';

/** Rows that are kept (a byte each), in `order` or in that of the file. */
export function keptRows(kept: Uint8Array, count: number, order: Uint32Array | null): Uint32Array {
  const rows = new Uint32Array(count);
  let at = 0;
  if (order) for (const row of order) if (kept[row]) rows[at++] = row;
  if (!order) for (let row = 0; row < kept.length; row++) if (kept[row]) rows[at++] = row;
  return rows.subarray(0, at);
}

/** Which group each row is in: a place in `values`, the empty value as null. */
export interface RowGroups {
  readonly codes: Uint32Array;
  readonly values: readonly (string | null)[];
}

/** Brings the rows of a group together, the largest group first; within a group they keep their order. */
export function groupRows(rows: Uint32Array, { codes, values }: RowGroups): { readonly rows: Uint32Array; readonly groups: readonly RowGroupStart[] } {
  const counts = new Uint32Array(values.length);
  for (const row of rows) counts[codes[row] ?? 0] = (counts[codes[row] ?? 0] ?? 0) + 1;
  const shown = values.map((_, code) => code).filter(code => counts[code]);
  shown.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const next = new Uint32Array(values.length);
  const groups: RowGroupStart[] = [];
  let from = 0;
  for (const code of shown) {
    const count = counts[code] ?? 0;
    groups.push({ value: values[code] ?? null, from, count });
    next[code] = from;
    from += count;
  }
  const grouped = new Uint32Array(rows.length);
  for (const row of rows) {
    const code = codes[row] ?? 0;
    const place = next[code] ?? 0;
    grouped[place] = row;
    next[code] = place + 1;
  }
  return { rows: grouped, groups };
}

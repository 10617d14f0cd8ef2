import type { RowGroupStart } from '../../src/core/query/queryAnswer';

/** What a stripe of the list shows: the head of a group, or some positions of the query side by side. */
export type Stripe =
  | { readonly kind: 'head'; readonly y: number; readonly group: RowGroupStart }
  | { readonly kind: 'rows'; readonly y: number; readonly from: number; readonly to: number };

export interface LayoutSizes {
  /** Rows side by side: 1 in a table. */
  readonly columns: number;
  /** Px. */
  readonly rowHeight: number;
  readonly headHeight: number;
}

/** Where the rows of a query stand in a list, group by group, px from its top; nothing is held for a row. */
export class RowLayout {
  readonly height: number;
  /** Where each group starts. */
  private readonly starts: Float64Array;

  constructor(
    private readonly total: number,
    private readonly groups: readonly RowGroupStart[],
    private readonly sizes: LayoutSizes,
  ) {
    this.starts = new Float64Array(groups.length + 1);
    groups.forEach(({ count }, at) => (this.starts[at + 1] = (this.starts[at] ?? 0) + sizes.headHeight + this.rowsHeight(count)));
    this.height = groups.length > 0 ? (this.starts[groups.length] ?? 0) : this.rowsHeight(total);
  }

  /** Stripes that are at least partly between `top` and `bottom`. */
  stripes(top: number, bottom: number): readonly Stripe[] {
    if (this.groups.length === 0) return this.rowsBetween(0, 0, this.total, top, bottom);
    const found: Stripe[] = [];
    for (let at = lastAtMost(this.groups.length, index => this.starts[index] ?? 0, top); at < this.groups.length && (this.starts[at] ?? 0) < bottom; at++) {
      const group = this.groups[at];
      const y = this.starts[at] ?? 0;
      if (!group) break;
      if (y + this.sizes.headHeight > top) found.push({ kind: 'head', y, group });
      found.push(...this.rowsBetween(y + this.sizes.headHeight, group.from, group.count, top, bottom));
    }
    return found;
  }

  /** Top of the stripe that holds a position. */
  yOf(position: number): number {
    const { columns, rowHeight, headHeight } = this.sizes;
    if (this.groups.length === 0) return Math.floor(position / columns) * rowHeight;
    const at = lastAtMost(this.groups.length, index => this.groups[index]?.from ?? 0, position);
    return (this.starts[at] ?? 0) + headHeight + Math.floor((position - (this.groups[at]?.from ?? 0)) / columns) * rowHeight;
  }

  /** The same, but above the group's head where the stripe is the first one below it: whoever sees the row sees what group it is of. */
  topOf(position: number): number {
    const y = this.yOf(position);
    const { headHeight } = this.sizes;
    const start = this.groups.length === 0 ? -1 : (this.starts[lastAtMost(this.groups.length, index => this.starts[index] ?? 0, y)] ?? 0);
    return start === y - headHeight ? start : y;
  }

  private rowsHeight(count: number): number {
    return Math.ceil(count / this.sizes.columns) * this.sizes.rowHeight;
  }

  private rowsBetween(y: number, from: number, count: number, top: number, bottom: number): readonly Stripe[] {
    const { columns, rowHeight } = this.sizes;
    const lines = Math.ceil(count / columns);
    const first = Math.max(0, Math.floor((top - y) / rowHeight));
    const last = Math.min(lines, Math.ceil((bottom - y) / rowHeight));
    return Array.from({ length: Math.max(0, last - first) }, (_, offset) => {
      const line = first + offset;
      return { kind: 'rows', y: y + line * rowHeight, from: from + line * columns, to: from + Math.min(count, (line + 1) * columns) };
    });
  }
}

/** The last index whose value is at most `limit`, values rising; 0 where none is. */
function lastAtMost(count: number, valueOf: (index: number) => number, limit: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (valueOf(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

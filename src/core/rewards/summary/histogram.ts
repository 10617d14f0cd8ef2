export interface HistogramBin {
  /** Both included where the bin is looked up; neighbours share the edge. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Counts of values in equal bins over [0, 1], stretched to what lies outside; null values are left out. */
export function histogram(values: readonly (number | null | undefined)[], bins = 12): readonly HistogramBin[] {
  const known = values.filter((value): value is number => typeof value === 'number');
  const low = known.reduce((least, value) => Math.min(least, value), 0);
  const high = known.reduce((most, value) => Math.max(most, value), 1);
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of known) {
    const at = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count, index) => ({ from: low + index * width, to: low + (index + 1) * width, count }));
}

import type { FacetBar } from './queryAnswer';

/** Bins of equal width with round edges that hold all values from `least` to `greatest`. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

const mostBins = 20;

export function binsOf(least: number, greatest: number, isWhole: boolean): Bins {
  const rough = Math.max((greatest - least) / mostBins, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find(factor => factor * power >= rough * 0.999999) ?? 10) * power;
  const width = isWhole ? Math.max(1, Math.round(step)) : step;
  const from = Math.floor(least / width) * width;
  return { from, width, count: Math.max(1, Math.floor((greatest - from) / width) + 1) };
}

/** The bar of one bin; its chip names exactly the values that fall into it. */
export function barOfBin(chip: string, bins: Bins, bin: number, count: number, isWhole: boolean): FacetBar {
  const [low, high] = [edge(bins, bin), edge(bins, bin + 1)];
  if (!isWhole) return { label: `${low} to ${high}`, count, chip: `${chip}:${low}..<${high}` };
  const last = high - 1;
  return low === last ? { label: String(low), count, chip: `${chip}:${low}` } : { label: `${low} to ${last}`, count, chip: `${chip}:${low}..${last}` };
}

/** Where a bin starts, as it is shown; the same number decides which bin a value is in. */
export function edge({ from, width }: Bins, bin: number): number {
  return Number((from + bin * width).toPrecision(12));
}

import { RowSet } from './rowSet';

const mostKinds = 10_000;

/** One line's change: at a place of it, what stood there and what stands there. */
export interface Splice {
  /** UTF-16 offset into the line. */
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

/** Splices as text: equal words are written once. */
export interface SpliceTable {
  readonly words: readonly string[];
  readonly at: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What a bulk edit did to many lines, kept so that it can be taken back exactly: of a million rows it takes some ten megabytes, not their texts. */
export class Splices {
  private constructor(
    /** Rising. */
    private readonly rows: Uint32Array,
    private readonly splices: readonly Splice[],
  ) {}

  /** `rows` rising, with the splice of each. */
  static of(rows: ArrayLike<number>, splices: readonly Splice[]): Splices {
    return new Splices(Uint32Array.from(rows), splices);
  }

  get size(): number {
    return this.rows.length;
  }

  rowSet(): RowSet {
    return RowSet.of(this.rows);
  }

  at(row: number): Splice | undefined {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rows[middle] as number) < row) low = middle + 1;
      else high = middle;
    }
    return this.rows[low] === row ? this.splices[low] : undefined;
  }

  inverted(): Splices {
    const known = new Map<Splice, Splice>();
    const splices = this.splices.map(splice => {
      const inverse = known.get(splice) ?? invertSplice(splice);
      known.set(splice, inverse);
      return inverse;
    });
    return new Splices(this.rows, splices);
  }

  /** With the rows at other places of the file; those that have none any more are left out, and told to `gone`. */
  moved(placeOf: (row: number) => number | undefined, gone?: (row: number, splice: Splice) => void): Splices {
    const moved: (readonly [place: number, splice: Splice])[] = [];
    for (const [index, row] of this.rows.entries()) {
      const splice = this.splices[index] as Splice;
      const place = placeOf(row);
      if (place === undefined) gone?.(row, splice);
      else moved.push([place, splice]);
    }
    moved.sort(([a], [b]) => a - b);
    return Splices.of(moved.map(([place]) => place), moved.map(([, splice]) => splice));
  }

  toTable(): SpliceTable {
    const places = new Map<string, number>();
    const placeOf = (word: string): number => {
      const place = places.get(word) ?? places.size;
      places.set(word, place);
      return place;
    };
    const before = this.splices.map(splice => placeOf(splice.before));
    const after = this.splices.map(splice => placeOf(splice.after));
    return { words: [...places.keys()], at: this.splices.map(({ at }) => at), before, after };
  }

  static fromTable(rows: RowSet, { words, at, before, after }: SpliceTable): Splices {
    const shared = new SharedSplices();
    const word = (place: number | undefined): string => words[place ?? -1] ?? '';
    return new Splices(rows.toArray(), at.map((offset, place) => shared.of({ at: offset, before: word(before[place]), after: word(after[place]) }).splice));
  }
}

/** The one place where two lines differ, from the first letter that does to the last. */
export function spliceBetween(before: string, after: string): Splice {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { at: start, before: before.slice(start, before.length - end), after: after.slice(start, after.length - end) };
}

export function invertSplice({ at, before, after }: Splice): Splice {
  return { at, before: after, after: before };
}

/** The line afterwards; `undefined` when it does not say there what is replaced. */
export function applySplice(text: string, { at, before, after }: Splice): string | undefined {
  return text.startsWith(before, at) ? text.slice(0, at) + after + text.slice(at + before.length) : undefined;
}

/** Makes equal splices one object, as long as there are not too many kinds. */
export class SharedSplices {
  private readonly known = new Map<string, Splice>();

  of(splice: Splice): { readonly splice: Splice; readonly isNew: boolean } {
    const key = `${splice.at} ${splice.before.length} ${splice.before}${splice.after}`;
    const same = this.known.get(key);
    if (same) return { splice: same, isNew: false };
    const own = { at: splice.at, before: ownText(splice.before), after: ownText(splice.after) };
    if (this.known.size < mostKinds) this.known.set(key, own);
    return { splice: own, isNew: true };
  }
}

/** A part of a line keeps the whole line in memory, unless it is written anew. */
function ownText(part: string): string {
  return part.length < 13 ? part : (JSON.parse(JSON.stringify(part)) as string);
}

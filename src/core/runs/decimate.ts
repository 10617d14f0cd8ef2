import { Extremes } from './extremes';

/** Rows from `from` to before `to` whose positions rise. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** A curve: where its values lie on the common axis, NaN where there is none; only the rows of its pieces are drawn. */
export interface Curve {
  readonly positions: Float64Array;
  readonly values: Float64Array;
  readonly pieces: readonly Piece[];
  /** Of `values`. */
  readonly extremes: Extremes;
}

/** Rows of a chart as uPlot takes them: ascending positions, then the values of each curve; null where it has none there. */
export type DrawnCurves = readonly [positions: number[], ...values: (number | null)[][]];

/** A curve of points in any order. */
export function curveFrom(positions: Float64Array, values: Float64Array): Curve {
  const pieces: { from: number; to: number }[] = [];
  for (let row = 0; row < positions.length; row++) {
    const last = pieces.at(-1);
    if (last && (positions[row] as number) >= (positions[row - 1] as number)) last.to = row + 1;
    else pieces.push({ from: row, to: row + 1 });
  }
  const extremes = new Extremes();
  extremes.grow(values);
  return { positions, values, pieces, extremes };
}

/**
 * The curves between `from` and `to` (inclusive). Up to `2 × pixels` rows a curve are drawn as they are; of more each pixel keeps its least and
 * greatest value, in their order, so that no peak is lost. What it costs grows with the pixels, not with the rows.
 */
export function decimate(curves: readonly Curve[], from: number, to: number, pixels: number): DrawnCurves {
  const seen = curves.map(({ positions, pieces }) => pieces.map(piece => ({ from: firstAt(positions, piece, from), to: firstAt(positions, piece, to, true) })).filter(part => part.to > part.from));
  const isFew = seen.every(parts => parts.reduce((sum, part) => sum + part.to - part.from, 0) <= pixels * 2);
  return isFew ? exact(curves, seen) : bucketed(curves, seen, from, to, Math.max(1, Math.floor(pixels)));
}

/** The last value at or before a place that is not further away than `reach`; null where there is none. */
export function valueNear({ positions, values, pieces }: Curve, at: number, reach: number): number | null {
  let nearest = Number.NEGATIVE_INFINITY;
  let found: number | null = null;
  for (const piece of pieces) {
    for (let row = firstAt(positions, piece, at, true) - 1; row >= piece.from; row--) {
      const position = positions[row] as number;
      if (position <= nearest || at - position > reach) break;
      if (Number.isNaN(values[row])) continue;
      [nearest, found] = [position, values[row] as number];
      break;
    }
  }
  return found;
}

/** The first row of a piece whose position is at least `at`, or with `isPast` beyond it. */
function firstAt(positions: Float64Array, piece: Piece, at: number, isPast = false): number {
  let [low, high] = [piece.from, piece.to];
  while (low < high) {
    const middle = (low + high) >> 1;
    const position = positions[middle] as number;
    if (isPast ? position <= at : position < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function exact(curves: readonly Curve[], seen: readonly (readonly Piece[])[]): DrawnCurves {
  const at = new Map<number, (number | null)[]>();
  curves.forEach(({ positions, values }, curve) => {
    for (const { from, to } of seen[curve] ?? []) {
      for (let row = from; row < to; row++) {
        const [position, value] = [positions[row] as number, values[row] as number];
        let cells = at.get(position);
        if (!cells) at.set(position, (cells = curves.map(() => null))); // a place without a value stays: a line must not hide the hole
        if (!Number.isNaN(value)) cells[curve] = value;
      }
    }
  });
  const rows = [...at].sort((a, b) => a[0] - b[0]);
  return [rows.map(([position]) => position), ...curves.map((_, curve) => rows.map(([, cells]) => cells[curve] ?? null))];
}

function bucketed(curves: readonly Curve[], seen: readonly (readonly Piece[])[], from: number, to: number, pixels: number): DrawnCurves {
  const width = (to - from) / pixels || 1;
  const positions = Array.from({ length: pixels * 2 }, (_, row) => from + (row / 2 + 0.25) * width);
  return [positions, ...curves.map((curve, index) => {
    const drawn: (number | null)[] = new Array<number | null>(pixels * 2).fill(null);
    for (const part of seen[index] ?? []) drawPiece(curve, part, from, width, drawn);
    return drawn;
  })];
}

/** Two values a pixel: the least and the greatest, the earlier one first; one where they are the same. Pieces that share a pixel are put together. */
function drawPiece({ positions, values, extremes }: Curve, part: Piece, from: number, width: number, drawn: (number | null)[]): void {
  const last = drawn.length / 2 - 1;
  for (let row = part.from; row < part.to; ) {
    const pixel = Math.min(last, Math.max(0, Math.floor(((positions[row] as number) - from) / width)));
    const end = pixel === last ? part.to : Math.max(row + 1, firstAt(positions, { from: row, to: part.to }, from + (pixel + 1) * width));
    extremes.find(row, end);
    row = end;
    const { least, greatest } = extremes;
    if (least < 0) continue;
    const [first, second] = [drawn[pixel * 2] ?? null, drawn[pixel * 2 + 1] ?? null]; // of a piece that ends in this pixel
    const low = Math.min(values[least] as number, first ?? Number.POSITIVE_INFINITY, second ?? Number.POSITIVE_INFINITY);
    const high = Math.max(values[greatest] as number, first ?? Number.NEGATIVE_INFINITY, second ?? Number.NEGATIVE_INFINITY);
    const isFalling = first === null ? greatest < least : first > low;
    drawn[pixel * 2] = isFalling ? high : low;
    drawn[pixel * 2 + 1] = low === high ? null : isFalling ? low : high;
  }
}

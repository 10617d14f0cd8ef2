/** A curve: where its values lie on the common axis, NaN where there is none. Both of one length. */
export interface Curve {
  readonly positions: Float64Array;
  readonly values: Float64Array;
}

/** Rows of a chart as uPlot takes them: ascending positions, then the values of each curve; null where it has none there. */
export type DrawnCurves = readonly [positions: number[], ...values: (number | null)[][]];

/**
 * The curves between `from` and `to` (inclusive). Up to `2 × pixels` points a curve are drawn as they are; of more each pixel keeps its least and
 * greatest value, in their order, so that no peak is lost. Points need not be in order.
 */
export function decimate(curves: readonly Curve[], from: number, to: number, pixels: number): DrawnCurves {
  const isFew = curves.every(curve => countInside(curve, from, to, pixels * 2) <= pixels * 2);
  return isFew ? exact(curves, from, to) : bucketed(curves, from, to, Math.max(1, Math.floor(pixels)));
}

/** Counts no further than is asked. */
function countInside({ positions, values }: Curve, from: number, to: number, most: number): number {
  let count = 0;
  for (let row = 0; row < positions.length && count <= most; row++) {
    const at = positions[row] as number;
    if (at >= from && at <= to && !Number.isNaN(values[row])) count++;
  }
  return count;
}

function exact(curves: readonly Curve[], from: number, to: number): DrawnCurves {
  const at = new Map<number, (number | null)[]>();
  curves.forEach(({ positions, values }, curve) => {
    for (let row = 0; row < positions.length; row++) {
      const [position, value] = [positions[row] as number, values[row] as number];
      if (position < from || position > to || Number.isNaN(value)) continue;
      let cells = at.get(position);
      if (!cells) at.set(position, (cells = curves.map(() => null)));
      cells[curve] = value;
    }
  });
  const rows = [...at].sort((a, b) => a[0] - b[0]);
  return [rows.map(([position]) => position), ...curves.map((_, curve) => rows.map(([, cells]) => cells[curve] ?? null))];
}

function bucketed(curves: readonly Curve[], from: number, to: number, pixels: number): DrawnCurves {
  const width = (to - from) / pixels || 1;
  const positions = Array.from({ length: pixels * 2 }, (_, row) => from + (row / 2 + 0.25) * width);
  return [positions, ...curves.map(curve => extremes(curve, from, to, width, pixels))];
}

/** Two values a pixel: the least and the greatest, the earlier one first; one where they are the same. */
function extremes({ positions, values }: Curve, from: number, to: number, width: number, pixels: number): (number | null)[] {
  const least = new Float64Array(pixels).fill(Number.POSITIVE_INFINITY);
  const greatest = new Float64Array(pixels).fill(Number.NEGATIVE_INFINITY);
  const isFalling = new Uint8Array(pixels); // the greatest came first
  for (let row = 0; row < positions.length; row++) {
    const at = positions[row] as number;
    const value = values[row] as number;
    if (!(at >= from && at <= to) || Number.isNaN(value)) continue;
    const pixel = Math.min(pixels - 1, Math.floor((at - from) / width));
    if (value < (least[pixel] as number)) {
      least[pixel] = value;
      isFalling[pixel] = 1;
    }
    if (value > (greatest[pixel] as number)) {
      greatest[pixel] = value;
      isFalling[pixel] = 0;
    }
  }
  const drawn: (number | null)[] = new Array<number | null>(pixels * 2).fill(null);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [low, high] = [least[pixel] as number, greatest[pixel] as number];
    if (low > high) continue;
    drawn[pixel * 2] = isFalling[pixel] ? high : low;
    if (low !== high) drawn[pixel * 2 + 1] = isFalling[pixel] ? low : high;
  }
  return drawn;
}

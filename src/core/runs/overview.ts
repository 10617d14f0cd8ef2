import type { MetricSeries, SeriesColumns } from './metricSeries';

/** Rows from `from` to before `to` that become two. */
interface Block {
  readonly from: number;
  readonly to: number;
}

/**
 * The curves of a long run in about `most` rows, for a first look while all of them are on their way: of each stretch of steps the least and the greatest
 * value of each metric, in their order, so that no peak is lost. A run that is not longer is told as it is; so is the last step of one that is.
 */
export function overviewOf(series: MetricSeries, most: number): SeriesColumns {
  const whole = series.toColumns();
  if (series.length <= most) return whole;
  const blocks = blocksOf(whole.stage, Math.ceil(series.length / Math.max(1, Math.floor(most / 2))));
  if (blocks.length * 2 >= series.length) return whole; // its stages change all the time
  const rows = [...blocks.flatMap(({ from, to }) => [from, to - 1]), series.length - 1];
  return {
    stages: whole.stages,
    stage: Float32Array.from(rows, row => whole.stage[row] as number),
    step: Float64Array.from(rows, row => whole.step[row] as number),
    time: Float64Array.from(rows, row => whole.time[row] as number),
    metrics: whole.metrics.map(metric => ({ ...metric, values: peaksOf(metric.values, blocks) })),
  };
}

/** All rows but the last, in blocks of one stage. */
function blocksOf(stages: Float32Array, width: number): readonly Block[] {
  const blocks: Block[] = [];
  const end = stages.length - 1;
  for (let from = 0; from < end; ) {
    let to = from + 1;
    while (to < end && to - from < width && stages[to] === stages[from]) to++;
    blocks.push({ from, to });
    from = to;
  }
  return blocks;
}

function peaksOf(values: Float32Array, blocks: readonly Block[]): Float32Array {
  const peaks = new Float32Array(blocks.length * 2 + 1).fill(Number.NaN);
  blocks.forEach(({ from, to }, block) => {
    let [least, greatest] = [-1, -1];
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      if (Number.isNaN(value)) continue;
      if (least < 0 || value < (values[least] as number)) least = row;
      if (greatest < 0 || value > (values[greatest] as number)) greatest = row;
    }
    if (least < 0) return;
    peaks[block * 2] = values[Math.min(least, greatest)] as number;
    peaks[block * 2 + 1] = values[Math.max(least, greatest)] as number;
  });
  peaks[peaks.length - 1] = values.at(-1) ?? Number.NaN;
  return peaks;
}

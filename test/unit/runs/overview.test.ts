import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { MetricSeries } from '../../../src/core/runs/metricSeries';
import { overviewOf } from '../../../src/core/runs/overview';

const stages = ['perception', 'reasoning'] as const;

/** Every step of each stage in turn; null: the step has not the metric. */
function seriesOf(lengths: readonly number[], valueAt: (row: number) => number | null): MetricSeries {
  const series = new MetricSeries();
  lengths.forEach((length, stage) => {
    for (let step = 1; step <= length; step++) {
      const value = valueAt(series.length);
      series.add({ type: 'step', time: 1000 + series.length, stage: stages[stage] ?? '', step, total: length, metrics: value === null ? { loss: 1 } : { loss: 1, reward: value } });
    }
  });
  return series;
}

const valuesOf = (series: MetricSeries, stage: string): readonly number[] => series.values(stage, 'reward');

describe('an overview of a long run', () => {
  it('has the peaks of every metric in each stage, and its last step', () => {
    const numbers = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { freq: 4 }), { minLength: 600, maxLength: 900 });
    fc.assert(fc.property(numbers, fc.integer({ min: 0, max: 600 }), fc.integer({ min: 8, max: 100 }), (given, border, most) => {
      const whole = seriesOf([border, given.length - border], row => given[row] ?? null);
      const few = MetricSeries.fromColumns(overviewOf(whole, most));
      assert.ok(few.length <= most + 8, `${few.length} rows of at most ${most}`);
      assert.deepEqual(few.stages, whole.stages);
      for (const stage of whole.stages) {
        assert.equal(few.lastStep(stage), whole.lastStep(stage));
        assert.equal(Math.max(...valuesOf(few, stage)), Math.max(...valuesOf(whole, stage)));
        assert.equal(Math.min(...valuesOf(few, stage)), Math.min(...valuesOf(whole, stage)));
      }
      assert.deepEqual(few.column('reward')?.at(-1), whole.column('reward')?.at(-1));
    }));
  });

  it('is the run itself where that is short, or changes its stage all the time', () => {
    const short = seriesOf([5, 5], row => row);
    assert.deepEqual(overviewOf(short, 10), short.toColumns());
    const restless = new MetricSeries();
    for (let step = 1; step <= 40; step++) restless.add({ type: 'step', time: step, stage: stages[step % 2] ?? '', step, total: 40, metrics: { reward: step } });
    assert.deepEqual(overviewOf(restless, 10), restless.toColumns());
  });

  it('goes on with the steps that come after it', () => {
    const few = MetricSeries.fromColumns(overviewOf(seriesOf([1000], row => row), 50));
    const before = few.length;
    few.add({ type: 'step', time: 3000, stage: 'perception', step: 1001, total: 2000, metrics: { reward: 7 } });
    assert.deepEqual([few.length, few.lastStep('perception'), few.column('reward')?.at(-1)], [before + 1, 1001, 7]);
  });
});

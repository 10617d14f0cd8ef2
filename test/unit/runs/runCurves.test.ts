import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { MetricSeries } from '../../../src/core/runs/metricSeries';
import { extentOf, lastValue, panned, zoomed } from '../../../webview/run/chartData';
import type { ChartSpec } from '../../../webview/run/chartSpecs';
import { RunCurves } from '../../../webview/run/runCurves';

const spec: ChartSpec = { title: 'Reward', metrics: ['reward'], unit: 'number', kind: 'any' };
const spans = [{ name: 'perception', from: 0, to: 100 }, { name: 'reasoning', from: 100, to: 200 }];
const add = (series: MetricSeries, stage: string, step: number, reward: number | null): void =>
  series.add({ type: 'step', time: 1000 + series.length * 2, stage, step, total: 100, metrics: reward === null ? {} : { reward } });

/** What a chart would draw of a curve: its values by place. */
function pointsOf(curves: RunCurves, smooth = 0): [number, number][] {
  const { positions, values, pieces } = curves.curve(spec, 'reward', smooth);
  return pieces.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, row): [number, number] => [positions[from + row] as number, values[from + row] as number])).filter(([, value]) => !Number.isNaN(value));
}

describe('curves of a run that goes on', () => {
  it('are the same whether they were followed step by step or read at once, also when steps are repeated', () => {
    const steps = fc.array(fc.record({ stage: fc.constantFrom('perception', 'reasoning'), step: fc.integer({ min: 1, max: 30 }), reward: fc.option(fc.integer({ min: -9, max: 9 })) }), { maxLength: 80 });
    fc.assert(fc.property(steps, fc.constantFrom(0, 0.5, 0.9), fc.constantFrom('step' as const, 'time' as const), (given, smooth, axis) => {
      const followed = new MetricSeries();
      const live = new RunCurves(followed);
      for (const { stage, step, reward } of given) {
        add(followed, stage, step, reward);
        live.sync(axis, spans);
        pointsOf(live, smooth);
      }
      const atOnce = new RunCurves(MetricSeries.fromColumns(followed.toColumns()));
      live.sync(axis, spans);
      atOnce.sync(axis, spans);
      assert.deepEqual(pointsOf(live, smooth), pointsOf(atOnce, smooth));
      assert.deepEqual(extentOf([live.curve(spec, 'reward', smooth)]), extentOf([atOnce.curve(spec, 'reward', smooth)]));
    }));
  });

  it('lie at the steps of their stage, or at the seconds since the first step', () => {
    const series = new MetricSeries();
    for (const [stage, step, reward] of [['perception', 1, 1], ['perception', 2, null], ['perception', 3, 2], ['reasoning', 1, 4]] as const) add(series, stage, step, reward);
    const curves = new RunCurves(series);
    curves.sync('step', spans);
    assert.deepEqual(pointsOf(curves), [[1, 1], [3, 2], [101, 4]]);
    assert.deepEqual([curves.placeOf('perception', 3), curves.placeOf('reasoning', 1), curves.placeOf('reasoning', 2)], [3, 101, undefined]);
    assert.deepEqual(curves.stepAt(3), { stage: 'perception', step: 3 });
    curves.sync('time', spans);
    assert.deepEqual(pointsOf(curves), [[0, 1], [4, 2], [6, 4]]);
    assert.equal(lastValue(curves.curve(spec, 'reward', 0)), 4);
  });

  it('are smoothed within each stage alone', () => {
    const series = new MetricSeries();
    for (const [stage, step, reward] of [['perception', 1, 0], ['perception', 2, 1], ['reasoning', 1, 10]] as const) add(series, stage, step, reward);
    const curves = new RunCurves(series);
    curves.sync('step', spans);
    assert.deepEqual(pointsOf(curves, 0.5), [[1, 0], [2, 0.5], [101, 10]]);
  });
});

describe('the part of the axis that is seen', () => {
  it('comes nearer about a place, moves no further than there is something, and is all again at last', () => {
    assert.deepEqual(zoomed([0, 100], 0.5, 50, [0, 100]), [25, 75]);
    assert.equal(zoomed([25, 75], 2, 50, [0, 100]), null);
    assert.deepEqual(panned([25, 75], 1, [0, 100]), [50, 100]);
    assert.deepEqual(panned([25, 75], -0.1, [0, 100]), [20, 70]);
  });
});

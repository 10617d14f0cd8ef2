import * as assert from 'node:assert/strict';
import { compareMetrics, differingSettings } from '../../../src/core/runs/compareRuns';
import { MetricSeries } from '../../../src/core/runs/metricSeries';

function seriesOf(rewards: readonly number[]): MetricSeries {
  const series = new MetricSeries();
  rewards.forEach((reward, index) => series.add({ type: 'step', time: index, stage: 'perception', step: index + 1, total: 9, metrics: { reward, 'reward/iou': reward / 2, kl: 0.1 } }));
  return series;
}

describe('runs beside each other', () => {
  it('have their last and best values; what has no better side has no best', () => {
    const rows = compareMetrics([{ config: {}, series: seriesOf([0.1, 0.8, 0.5]) }, { config: {}, series: new MetricSeries() }]);
    assert.deepEqual(rows.map(({ metric, values }) => [metric, values]), [
      ['reward', [{ last: 0.5, best: 0.8 }, null]], ['reward/iou', [{ last: 0.25, best: 0.4 }, null]], ['kl', [{ last: 0.1, best: null }, null]],
    ]);
  });

  it('differ in the settings that differ, and in no others', () => {
    const settings = differingSettings([{ config: { policy: { beta: 0.04, base: 'x' }, pipeline: { stages: [{ steps: 5 }] } } }, { config: { policy: { beta: 0, base: 'x' }, pipeline: { stages: [{ steps: 5, clip: null }] } } }]);
    assert.deepEqual(settings, [{ key: 'policy.beta', values: ['0.04', '0'] }, { key: 'pipeline.stages.0.clip', values: ['–', 'null'] }]);
  });
});

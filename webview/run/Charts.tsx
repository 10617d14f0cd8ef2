import { computed } from '@preact/signals';
import type { MetricSeries } from '../../src/core/runs/metricSeries';
import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { Chart, type ChartRun } from './Chart';
import { ChartsBar } from './ChartsBar';
import { stageSpans } from './chartData';
import { chartsFor } from './chartSpecs';
import { axisKind, wholeAxis } from './chartView';
import { RunCurves } from './runCurves';
import { alarms, isActive, others, series, seriesVersion, state } from './runModel';

const curvesOf = new WeakMap<MetricSeries, RunCurves>();

/** All runs of the charts on their common axis; the panel's own is the first. */
const scene = computed(() => {
  void seriesVersion.value;
  const all = [series, ...others.value.map(run => run.series)];
  const kind = axisKind.value;
  const steps = stageSpans(state.value.stages, all);
  const runs = all.map((run, index): ChartRun => {
    let curves = curvesOf.get(run);
    if (!curves) curvesOf.set(run, (curves = new RunCurves(run)));
    curves.sync(kind, steps);
    return { curves, name: index === 0 ? 'this run' : (others.value[index - 1]?.name ?? '') };
  });
  const own = runs[0]?.curves;
  const spans = kind === 'step' ? steps : (own?.spans() ?? []);
  const marks = alarms.value.flatMap(alarm => {
    const position = own?.placeOf(alarm.stage, alarm.step);
    return position === undefined ? [] : [{ metric: alarm.metric, message: alarm.message, position }];
  });
  const ends = runs.flatMap(({ curves }) => curves.ends());
  return { spans, runs, marks, whole: ends.length === 0 ? ([0, 1] as const) : ([Math.min(...ends), Math.max(...ends)] as const) };
});

/** The metric curves as small multiples over one axis of steps. */
export function Charts({ host }: { readonly host: Host<RunContract> }) {
  const { spans, runs, marks, whole } = scene.value;
  wholeAxis.value = whole;
  if (series.length === 0) {
    return <section class="charts empty">{isActive.value ? 'Curves appear with the first step.' : 'This run has no steps.'}</section>;
  }
  return (
    <section class="charts" aria-label="Metric curves">
      <ChartsBar host={host} spans={spans} own={runs[0]?.curves} />
      <div class="chart-grid">
        {chartsFor(series).map(spec => (
          <Chart key={`${spec.title}:${spec.metrics.join(' ')}`} spec={spec} spans={spans} runs={runs} marks={marks.filter(mark => spec.metrics.includes(mark.metric))} />
        ))}
      </div>
    </section>
  );
}

// Runs in a plain page: all charts of a run of 100,000 steps, drawn anew after each further step as the panel does it.
import { decimate } from '../../src/core/runs/decimate';
import { MetricSeries } from '../../src/core/runs/metricSeries';
import { curveOf, extentOf, positionsOf, stageSpans } from '../../webview/run/chartData';
import { chartsFor } from '../../webview/run/chartSpecs';
import { makePlot } from '../../webview/run/plot';
import { metricsOf } from './longRunMetrics';

const width = 380;
const height = 128;

const event = step => ({ type: 'step', time: step, stage: 'perception', step, total: 110_000, metrics: metricsOf(step) });
const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve));

window.measure = async ({ steps, frames, inView }) => {
  const series = new MetricSeries();
  for (let step = 1; step <= steps; step++) series.add(event(step));
  const stages = [{ name: 'perception', status: 'running', started: 0, seconds: null, done: steps, total: 110_000, reused: false }];
  const specs = chartsFor(series).slice(0, inView);
  const plots = [];
  const drawn = spec => {
    const spans = stageSpans(stages, [series]);
    const curves = spec.metrics.map(metric => curveOf(series, positions, spec, metric, 0));
    const range = extentOf(curves);
    return { spans, range, data: decimate(curves, range[0], range[1], width) };
  };
  let positions = positionsOf(series, stageSpans(stages, [series]));
  for (const spec of specs) {
    const holder = document.body.appendChild(document.createElement('div'));
    const scene = drawn(spec);
    const plot = { spec, scene };
    plot.chart = makePlot(holder, scene.data, {
      spec, series: spec.metrics.map((metric, color) => ({ label: metric, color, run: 0 })), scene: () => ({ ...plot.scene, marks: [] }), width, height, onCursor: () => undefined, onZoom: () => undefined,
    });
    plots.push(plot);
  }
  const times = [];
  for (let frame = 1; frame <= frames; frame++) {
    await nextFrame();
    const started = performance.now();
    series.add(event(steps + frame));
    positions = positionsOf(series, stageSpans(stages, [series]));
    for (const plot of plots) {
      plot.scene = drawn(plot.spec);
      plot.chart.setData(plot.scene.data);
    }
    await Promise.resolve(); // uPlot draws in a microtask
    for (const plot of plots) plot.chart.ctx.getImageData(0, 0, 1, 1); // what makes the browser finish it
    times.push(performance.now() - started);
  }
  return { times, charts: plots.length };
};

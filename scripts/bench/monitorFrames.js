// Runs in a plain page: the panel's own charts over a run of 100,000 steps, while steps come in, and while they are zoomed, moved and pointed at.
import '../../webview/shared/theme.css';
import '../../webview/run/run.css';
import { h, render } from 'preact';
import { MetricSeries } from '../../src/core/runs/metricSeries';
import { Charts } from '../../webview/run/Charts';
import { wholeAxis, zoom } from '../../webview/run/chartView';
import { header, takeEvents, takeSoFar } from '../../webview/run/runModel';
import { metricsOf } from './longRunMetrics';

const total = 110_000;
const event = step => ({ type: 'step', time: step * 4, stage: 'perception', step, total, metrics: metricsOf(step) });
const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve));
let last = 0;

window.prepare = async steps => {
  const series = new MetricSeries();
  for (let step = 1; step <= steps; step++) series.add(event(step));
  last = steps;
  const stages = [{ name: 'perception', status: 'running', started: 0, seconds: null, done: steps, total, reused: false }];
  header.value = { status: 'active' };
  takeSoFar({ state: { status: 'running', stages, difficulty: [], evaluations: [], problems: [] }, series: series.toColumns(), isOverview: false, alarms: [] }, false);
  const root = document.body.appendChild(document.createElement('div'));
  root.style.cssText = 'display: flex; height: 100vh';
  render(h(Charts, { host: { send: () => undefined } }), root);
  while (document.querySelectorAll('.chart canvas').length === 0) await nextFrame();
  for (let frame = 0; frame < 20; frame++) await nextFrame(); // all that is in view is drawn
  return { charts: document.querySelectorAll('.chart').length, seen: document.querySelectorAll('.chart canvas').length };
};

/** What is done before each frame. */
const actions = {
  step: () => takeEvents([event(++last)], []),
  zoom: frame => {
    const [from, to] = wholeAxis.value;
    const part = 0.9 - 0.8 * Math.abs(Math.sin(frame / 20));
    zoom.value = [from + (to - from) * (0.5 - part / 2), from + (to - from) * (0.5 + part / 2)];
  },
  pan: frame => {
    const [from, to] = wholeAxis.value;
    const at = 0.4 + 0.4 * Math.sin(frame / 20);
    zoom.value = [from + (to - from) * at, from + (to - from) * (at + 0.2)];
  },
  hover: frame => {
    const over = document.querySelector('.chart .u-over');
    const { left, top, width, height } = over.getBoundingClientRect();
    over.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX: left + width * (0.5 + 0.45 * Math.sin(frame / 20)), clientY: top + height / 2 }));
  },
};

/** Milliseconds between frames. */
window.measure = async (name, frames) => {
  const times = [];
  let before = await nextFrame();
  for (let frame = 1; frame <= frames; frame++) {
    actions[name](frame);
    const now = await nextFrame();
    times.push(now - before);
    before = now;
  }
  zoom.value = null;
  await nextFrame();
  return times;
};

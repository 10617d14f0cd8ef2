import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { onThemeChange } from '../shared/canvasColors';
import { columnsOf, type StageSpan, stageSpans } from './chartData';
import { chartsFor, type ChartSpec, inUnit, seriesName } from './chartSpecs';
import { makePlot, seriesColor } from './plot';
import { isActive, series, seriesVersion, state } from './runModel';

/** Row of the metric table that the cursor is on, in all charts at once. */
const cursorRow = signal<number | null>(null);
const isSmooth = signal(false);
/** Rises when the theme changes: a canvas keeps the old theme's colours. */
const themeVersion = signal(0);
onThemeChange(() => themeVersion.value++);

const height = 128;

/** The metric curves as small multiples over one axis of steps. */
export function Charts() {
  void seriesVersion.value;
  const { points } = series;
  if (points.length === 0) {
    return <section class="charts empty">{isActive.value ? 'Curves appear with the first step.' : 'This run has no steps.'}</section>;
  }
  const spans = stageSpans(state.value.stages, points);
  const point = cursorRow.value === null ? undefined : points[cursorRow.value];
  return (
    <section class="charts" aria-label="Metric curves">
      <div class="charts-bar">
        <span class="dim">{point ? `${point.stage}, step ${point.step}` : spans.map(span => span.name).join(' → ')}</span>
        <span class="grow" />
        <vscode-checkbox checked={isSmooth.value} onChange={(event: Event) => (isSmooth.value = (event.target as HTMLInputElement).checked)}>Smooth</vscode-checkbox>
      </div>
      <div class="chart-grid">
        {chartsFor(points).map(spec => <Chart key={`${spec.title}:${spec.metrics.join(' ')}:${themeVersion.value}`} spec={spec} spans={spans} />)}
      </div>
    </section>
  );
}

function Chart({ spec, spans }: { readonly spec: ChartSpec; readonly spans: readonly StageSpan[] }) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useRef(spans);
  shown.current = spans;
  const [width, setWidth] = useState(0);
  const version = seriesVersion.value;
  const smooth = isSmooth.value ? 0.8 : 0;
  const data = columnsOf(series.points, spans, spec, smooth);

  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    if (!holder.current || width === 0) return;
    if (!plot.current) plot.current = makePlot(holder.current, data, { spec, spans: () => shown.current, width, height, onCursor: row => (cursorRow.value = row) });
    else if (plot.current.width !== width) plot.current.setSize({ width, height });
  }, [width]);
  useEffect(() => plot.current?.setData(data as uPlot.AlignedData), [version, smooth]);

  const values = spec.metrics.map((metric, index) => (
    <span key={metric} class="chart-value">
      {spec.metrics.length > 1 && <><i class="swatch" style={{ background: seriesColor(index) }} /><span class="dim">{seriesName(metric)}</span></>}
      <span class="number">{inUnit(valueAt(data[index + 1], cursorRow.value), spec.unit)}</span>
    </span>
  ));
  const last = spec.metrics.map((metric, index) => `${seriesName(metric)} ${inUnit(valueAt(data[index + 1], null), spec.unit)}`);
  return (
    <figure class="chart">
      <figcaption><span class="chart-title">{spec.title}</span>{values.length === 1 && values}</figcaption>
      <div ref={holder} class="plot" style={{ height: `${height}px` }} role="img" aria-label={`${spec.title}, last value ${last.join(', ')}`} />
      {values.length > 1 && <div class="chart-values">{values}</div>}
    </figure>
  );
}

/** The value under the cursor, else the last one there is. */
function valueAt(column: readonly (number | null)[] | undefined, row: number | null): number | null {
  if (!column) return null;
  return row === null ? (column.findLast(value => value !== null) ?? null) : (column[row] ?? null);
}

import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { decimate, type DrawnCurves } from '../../src/core/runs/decimate';
import type { MetricSeries } from '../../src/core/runs/metricSeries';
import { curveOf, extentOf, type StageSpan } from './chartData';
import { type ChartSpec, inUnit, seriesName } from './chartSpecs';
import { cursorPosition, isSmooth, zoom } from './chartView';
import { type AlarmMark, type DrawnSeries, makePlot, seriesColor } from './plot';

const height = 128;

/** A run in the charts. */
export interface ChartRun {
  readonly series: MetricSeries;
  readonly name: string;
  readonly positions: Float64Array;
}

interface ChartProps {
  readonly spec: ChartSpec;
  readonly spans: readonly StageSpan[];
  readonly runs: readonly ChartRun[];
  readonly marks: readonly AlarmMark[];
}

/** One chart: the curves of its metrics, of every run. */
export function Chart({ spec, spans, runs, marks }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const smooth = isSmooth.value ? 0.8 : 0;
  const drawn = runs.flatMap((run, index) => spec.metrics.map((metric, place): DrawnSeries => ({
    label: runs.length > 1 ? `${seriesName(metric)}, ${run.name}` : seriesName(metric), color: spec.metrics.length > 1 ? place : index, run: index,
  })));
  const curves = runs.flatMap(run => spec.metrics.map(metric => curveOf(run.series, run.positions, spec, metric, smooth)));
  const range = zoom.value ?? extentOf(curves);
  const data = decimate(curves, range[0], range[1], Math.max(width, 1));
  const scene = useRef({ spans, marks, range });
  scene.current = { spans, marks, range };

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
    if (!plot.current) {
      const onCursor = (position: number | null): void => void (cursorPosition.value = position);
      plot.current = makePlot(holder.current, data, { spec, series: drawn, scene: () => scene.current, width, height, onCursor, onZoom: next => (zoom.value = next) });
    } else {
      if (plot.current.width !== width) plot.current.setSize({ width, height });
      plot.current.setData(data as unknown as uPlot.AlignedData);
    }
  });

  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{spec.title}{marks.length > 0 && <i class="codicon codicon-warning warning" title={marks.map(mark => mark.message).join('\n')} aria-label={`${marks.length} alarms`} />}</span>
        {drawn.length === 1 && <Values spec={spec} drawn={drawn} data={data} />}
      </figcaption>
      <div ref={holder} class="plot" style={{ height: `${height}px` }} role="img" aria-label={`${spec.title}, last value ${drawn.map(({ label }, index) => `${label} ${inUnit(valueAt(data, index, null), spec.unit)}`).join(', ')}`} />
      {drawn.length > 1 && <div class="chart-values"><Values spec={spec} drawn={drawn} data={data} /></div>}
    </figure>
  );
}

/** The values under the cursor, else the last ones: only this is drawn anew when the cursor moves. */
function Values({ spec, drawn, data }: { readonly spec: ChartSpec; readonly drawn: readonly DrawnSeries[]; readonly data: DrawnCurves }) {
  const at = cursorPosition.value;
  return <>
    {drawn.map(({ label, color, run }, index) => (
      <span key={label} class="chart-value" title={label}>
        {drawn.length > 1 && <><i class={`swatch line-${run}`} style={{ '--line': seriesColor(color) }} /><span class="dim">{run === 0 && spec.metrics.length > 1 ? seriesName(spec.metrics[color] ?? '') : ''}</span></>}
        <span class="number">{inUnit(valueAt(data, index, at), spec.unit)}</span>
      </span>
    ))}
  </>;
}

/** The last value at or before a place; at most a fiftieth of the axis away, so that a stage without the metric shows none. */
function valueAt([positions, ...columns]: DrawnCurves, index: number, at: number | null): number | null {
  const column = columns[index] ?? [];
  if (at === null) return column.findLast(value => value !== null) ?? null;
  const reach = Math.max(1, ((positions.at(-1) ?? 0) - (positions[0] ?? 0)) / 50);
  for (let row = lastBefore(positions, at + 0.5); row >= 0 && at - (positions[row] ?? 0) <= reach; row--) {
    const value = column[row];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

function lastBefore(positions: readonly number[], at: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

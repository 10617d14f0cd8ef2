import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Curve, decimate, valueNear } from '../../src/core/runs/decimate';
import { ChartTools } from './ChartTools';
import { extentOf, lastValue } from './chartData';
import { chartKeys, chartWheel } from './chartMoves';
import { type ChartSpec, inUnit, seriesName } from './chartSpecs';
import { axisKind, cursorPosition, largeCharts, logCharts, smoothing, themeVersion, zoom } from './chartView';
import { drawNoMore, drawSoon } from './drawQueue';
import { LineSample } from './LineSample';
import { type AlarmMark, type DrawnSeries, makePlot, type Scene } from './plot';
import type { RunCurves, StageSpan } from './runCurves';
import { useInView } from './useInView';

/** Of several metrics and runs more are no legend any more: then it has the panel's own run alone. */
const mostValues = 12;
const heights = { usual: 128, large: 320 };

/** A run in the charts. */
export interface ChartRun {
  readonly curves: RunCurves;
  readonly name: string;
}

interface ChartProps {
  readonly spec: ChartSpec;
  readonly spans: readonly StageSpan[];
  readonly runs: readonly ChartRun[];
  readonly marks: readonly AlarmMark[];
}

/** One chart: the curves of its metrics, of every run. Out of view it is not drawn; in view once a frame at most. */
export function Chart({ spec, spans, runs, marks }: ChartProps) {
  const figure = useRef<HTMLElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const isInView = useInView(figure);
  const isLarge = largeCharts.value.has(spec.title);
  const isLog = logCharts.value.has(spec.title);
  const height = isLarge ? heights.large : heights.usual;
  const drawn = runs.flatMap((run, index) => spec.metrics.map((metric, place): DrawnSeries => ({
    label: runs.length > 1 ? `${seriesName(metric)}, ${run.name}` : seriesName(metric), color: spec.metrics.length > 1 ? place : index, run: index,
  })));
  const curvesOf = (smooth: number): readonly Curve[] => runs.flatMap(run => spec.metrics.map(metric => run.curves.curve(spec, metric, smooth)));
  const curves = curvesOf(smoothing.value);
  const raw = smoothing.value > 0 ? curvesOf(0) : []; // a smoothed curve lies over what was measured
  const range = isInView ? (zoom.value ?? extentOf(curves)) : ([0, 1] as const);
  const scene = useRef<Scene>({ spans, marks, range });

  useLayoutEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    setWidth(element.clientWidth); // at once: the observer's first word comes a frame later
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    const wheel = (event: WheelEvent): void => chartWheel(event, plot.current, scene.current.range);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      observer.disconnect();
      drawNoMore(element);
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  const look = [themeVersion.value, isLog, height, axisKind.value, raw.length > 0, ...drawn.map(({ label }) => label)].join('|');
  const made = useRef('');
  const draw = (): void => {
    if (!holder.current) return;
    const data = decimate([...raw, ...curves], range[0], range[1], width);
    const shown = isLog ? positiveOnly(data) : data;
    scene.current = { spans, marks, range };
    if (plot.current && made.current === look) {
      plot.current.batch((own: uPlot) => {
        if (own.width !== width) own.setSize({ width, height });
        own.setData(shown as unknown as uPlot.AlignedData);
      });
      return;
    }
    plot.current?.destroy();
    made.current = look;
    const series = [...(raw.length > 0 ? drawn.map(each => ({ ...each, isFaint: true })) : []), ...drawn];
    plot.current = makePlot(holder.current, shown, { spec, series, scene: () => scene.current, width, height, isLog, axis: axisKind.value, onCursor: position => (cursorPosition.value = position), onZoom: next => (zoom.value = next) });
  };
  useLayoutEffect(() => {
    if (!holder.current) return;
    if (isInView && width > 0) drawSoon(holder.current, draw);
    else drawNoMore(holder.current);
  });

  const words = drawn.map(({ label }, index) => `${label} ${inUnit(curves[index] && lastValue(curves[index]), spec.unit)}`).join(', ');
  return (
    <figure class={`chart ${isLarge ? 'chart-large' : ''}`} ref={figure}>
      <figcaption>
        <span class="chart-title" title={spec.title}>{spec.title}{marks.length > 0 && <i class="codicon codicon-warning warning" title={marks.map(mark => mark.message).join('\n')} aria-label={`${marks.length} alarms`} />}</span>
        <ChartTools spec={spec} isLog={isLog} isLarge={isLarge} />
        {drawn.length === 1 && <Values spec={spec} drawn={drawn} curves={curves} range={range} />}
      </figcaption>
      <div ref={holder} class="plot" style={{ height: `${height}px` }} role="img" aria-roledescription="chart" tabIndex={0} aria-label={`${spec.title}, last value ${words}`}
        onKeyDown={event => chartKeys(event, plot.current, scene.current.range)} onBlur={() => (cursorPosition.value = null)} />
      {drawn.length > 1 && <div class="chart-values"><Values spec={spec} drawn={drawn} curves={curves} range={range} /></div>}
    </figure>
  );
}

/** The values under the cursor, else the last ones: only this is drawn anew when the cursor moves. */
function Values({ spec, drawn, curves, range }: { readonly spec: ChartSpec; readonly drawn: readonly DrawnSeries[]; readonly curves: readonly Curve[]; readonly range: readonly [number, number] }) {
  const at = cursorPosition.value;
  const reach = Math.max(1, (range[1] - range[0]) / 50); // further away it is no value of this place: a stage without the metric shows none
  return <>
    {drawn.map(({ label, color, run }, index) => drawn.length > mostValues && run > 0 && spec.metrics.length > 1 ? null : (
      <span key={label} class="chart-value" title={label}>
        {drawn.length > 1 && <><LineSample color={color} run={run} /><span class="dim">{run === 0 && spec.metrics.length > 1 ? seriesName(spec.metrics[color] ?? '') : ''}</span></>}
        <span class="number">{inUnit(curves[index] && (at === null ? lastValue(curves[index]) : valueNear(curves[index], axisKind.value === 'step' ? at + 0.5 : at, reach)), spec.unit)}</span>
      </span>
    ))}
  </>;
}

/** A logarithmic scale has no place for zero and below. */
function positiveOnly([positions, ...columns]: ReturnType<typeof decimate>): ReturnType<typeof decimate> {
  return [positions, ...columns.map(column => column.map(value => (value !== null && value > 0 ? value : null)))];
}

import uPlot from 'uplot';
import type { DrawnCurves } from '../../src/core/runs/decimate';
import { durationInWords } from '../../src/core/runs/duration';
import { onThemeChange } from '../shared/canvasColors';
import { type ChartSpec, inUnit } from './chartSpecs';
import type { AxisKind, StageSpan } from './runCurves';

const sync = uPlot.sync('run');
/** Without charts.orange, which some themes make see-through. */
const palette = ['--vscode-charts-blue', '--vscode-charts-yellow', '--vscode-charts-green', '--vscode-charts-purple', '--vscode-charts-red', '--vscode-charts-foreground'];
/** Runs are told apart by their dashes too: colour is never the only sign. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [3, 6], [12, 4]];

export function seriesColor(index: number): string {
  return `var(${palette[index % palette.length]})`;
}

/** Dashes of a run's line: with the colours each of 36 runs looks different. */
export function dashOf(run: number): readonly number[] {
  return dashes[(run + Math.floor(run / palette.length)) % dashes.length] ?? [];
}

/** By variable: asking the page makes it work out its styles anew, and each chart asks for a dozen. */
const themeColors = new Map<string, string>();
let fontFamily = '';
onThemeChange(() => {
  themeColors.clear();
  fontFamily = '';
});

/** The theme's value of a variable: a canvas knows no `var()`. */
function themeColor(variable: string): string {
  const known = themeColors.get(variable) ?? (getComputedStyle(document.body).getPropertyValue(variable).trim() || getComputedStyle(document.body).color);
  themeColors.set(variable, known);
  return known;
}

function themeFont(size: number): string {
  return `${size}px ${(fontFamily ||= getComputedStyle(document.body).fontFamily)}`;
}

/** Seconds between marks of an axis of time. */
const timeSteps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800];

/** A curve of a chart: its place in the palette, and the run it is of (0: the panel's own). */
export interface DrawnSeries {
  readonly label: string;
  readonly color: number;
  readonly run: number;
  /** Drawn as a shade behind the others. */
  readonly isFaint?: boolean;
}

/** Where something was noticed. */
export interface AlarmMark {
  readonly position: number;
  readonly message: string;
}

/** What a frame shows beside the curves. */
export interface Scene {
  readonly spans: readonly StageSpan[];
  readonly marks: readonly AlarmMark[];
  readonly range: readonly [number, number];
}

export interface PlotOptions {
  readonly spec: ChartSpec;
  readonly series: readonly DrawnSeries[];
  /** Of the next frame. */
  readonly scene: () => Scene;
  readonly isLog: boolean;
  readonly axis: AxisKind;
  readonly width: number;
  readonly height: number;
  /** Place under the cursor, null when it is elsewhere. */
  readonly onCursor: (position: number | null) => void;
  /** A part that was dragged over; null: all. */
  readonly onZoom: (range: readonly [number, number] | null) => void;
}

/** A chart whose cursor moves with all others of the run. */
export function makePlot(parent: HTMLElement, data: DrawnCurves, { spec, series, scene, width, height, isLog, axis: along, onCursor, onZoom }: PlotOptions): uPlot {
  const dim = themeColor('--vscode-descriptionForeground');
  const warning = themeColor('--vscode-editorWarning-foreground');
  const grid = themeColor('--vscode-editorIndentGuide-background1');
  const font = themeFont(10);
  const axis = { stroke: dim, font, ticks: { show: false }, grid: { stroke: grid, width: 1 } };
  const plot = new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { sync: { key: sync.key, scales: ['x', null] }, drag: { x: true, y: false, setScale: false }, points: { size: (_plot, index) => (series[index - 1]?.isFaint ? 0 : 6) }, bind: { dblclick: () => () => (onZoom(null), null) } },
      scales: { x: { time: false, range: () => [...scene().range] as [number, number] }, y: isLog ? { distr: 3, range: (_plot, low, high) => logRange(low, high) } : { range: (_plot, low, high) => paddedRange(low, high, spec.unit) } },
      axes: [
        { ...axis, size: 20, gap: 2, grid: { show: false }, ...(along === 'time' ? { incrs: [...timeSteps], space: 60 } : {}), values: (_plot, values) => values.map(value => (along === 'time' ? durationInWords(value) : Number.isInteger(value) ? stepWords(value) : '')) },
        { ...axis, ...(isLog ? { grid: { ...axis.grid, filter: powersOfTen } } : {}), size: 44, gap: 4, space: 24, values: (_plot, values) => values.map(value => (value === null ? '' : axisWords(value, spec.unit))) },
      ],
      series: [{}, ...series.map(({ label, color, run, isFaint }) => ({
        label, stroke: themeColor(palette[color % palette.length] ?? ''), width: run === 0 ? 1.5 : 1.25, dash: [...dashOf(run)], spanGaps: false, gaps: holesOf, points: { show: (own: uPlot, index: number) => hasFew(own.data[index]), size: 4 },
        ...(isFaint ? { alpha: 0.3, width: 1 } : {}),
      }))],
      hooks: {
        drawClear: [plot => shadeStages(plot, scene().spans, dim)],
        draw: [plot => markAlarms(plot, scene().marks, warning)],
        setCursor: [own => own.over.matches(':hover') && onCursor(own.cursor.left === undefined || own.cursor.left < 0 ? null : own.posToVal(own.cursor.left, 'x'))], // the others follow: theirs is the same place
        setSelect: [plot => {
          const { left, width: dragged } = plot.select;
          if (dragged < 4) return;
          const range = [plot.posToVal(left, 'x'), plot.posToVal(left + dragged, 'x')] as const;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onZoom(range);
        }],
      },
    },
    data as unknown as uPlot.AlignedData,
    parent,
  );
  plot.over.addEventListener('mouseleave', () => onCursor(null));
  return plot;
}

/** Every other stage lies on a tint, so that the eye finds the borders. */
function shadeStages(plot: uPlot, spans: readonly StageSpan[], color: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = color;
  spans.forEach((span, index) => {
    const left = Math.max(bbox.left, plot.valToPos(span.from + 0.5, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(span.to + 0.5, 'x', true));
    if (right <= left) return;
    ctx.globalAlpha = 0.08;
    if (index % 2 === 1) ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 0.75;
    ctx.font = themeFont(10 * devicePixelRatio);
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left'; // the axes leave their own
    if (right - left > ctx.measureText(span.name).width + 8) ctx.fillText(span.name, left + 4, bbox.top + 2);
  });
  ctx.restore();
}

/** A triangle on a line at each step where an alarm was raised for the chart's metrics. */
function markAlarms(plot: uPlot, marks: readonly AlarmMark[], color: string): void {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { position } of marks) {
    const x = plot.valToPos(position, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const bottom = bbox.top + bbox.height;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + 14 * devicePixelRatio);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x, bottom - size * 2);
    ctx.lineTo(x + size, bottom);
    ctx.lineTo(x - size, bottom);
    ctx.fill();
  }
  ctx.restore();
}

/** Room above for the stage names; shares never leave 0 to 1 without reason. */
function paddedRange(low: number | null, high: number | null, unit: ChartSpec['unit']): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [bottom, top] = unit === 'share' ? [Math.min(0, low), Math.max(high, 0.1)] : [low, high];
  const room = (top - bottom || Math.abs(top) || 1) * 0.08;
  return [unit === 'share' ? bottom : bottom - room, top + room * 2];
}

/** A line each would be a wall of them. */
function powersOfTen(_plot: uPlot, splits: number[]): (number | null)[] {
  return splits.map(value => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null));
}

/** Places without a value, in pixels, that are holes and not the pace at which the metric is measured: a line over them would tell what nobody measured. */
function holesOf(plot: uPlot, index: number, from: number, to: number, gaps: [number, number][]): [number, number][] {
  const values = plot.data[index] ?? [];
  let count = 0;
  for (let row = from; row <= to; row++) if (values[row] != null) count++;
  const [first, last] = [plot.data[0][from], plot.data[0][to]];
  if (count < 2 || first === undefined || last === undefined) return [];
  const missing = gaps.reduce((sum, [left, right]) => sum + right - left, 0);
  const pace = Math.max(1, (plot.valToPos(last, 'x', true) - plot.valToPos(first, 'x', true) - missing) / count);
  const usual = gaps.length === 0 ? 0 : (gaps.map(([left, right]) => right - left).sort((a, b) => a - b)[gaps.length >> 1] as number);
  const isOften = gaps.length > count / 4; // gaps between most points are its pace
  return gaps.filter(([left, right]) => right - left > 5 * Math.max(pace, isOften ? usual : 0));
}

/** A line needs two points. */
function hasFew(values: ArrayLike<number | null | undefined> = []): boolean {
  let count = 0;
  for (let row = 0; row < values.length && count < 3; row++) if (values[row] != null) count++;
  return count < 3;
}

/** From the power of ten below to the one above. */
function logRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0) return [0.1, 1];
  const [bottom, top] = [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
  return top > bottom ? [bottom, top] : [bottom, bottom * 10];
}

function stepWords(value: number): string {
  return Math.abs(value) >= 10_000 ? `${Number((value / 1000).toPrecision(4))}k` : String(value);
}

function axisWords(value: number, unit: ChartSpec['unit']): string {
  if (unit === 'share') return inUnit(value, 'share');
  const size = Math.abs(value);
  if (size >= 1e5) return value.toExponential(1).replace('e+', 'e');
  return size !== 0 && size < 0.001 ? value.toExponential(0) : String(Number(value.toPrecision(4)));
}

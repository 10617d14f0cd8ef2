import uPlot from 'uplot';
import type { Columns, StageSpan } from './chartData';
import { type ChartSpec, inUnit, seriesName } from './chartSpecs';

const sync = uPlot.sync('run');
/** Without charts.orange, which some themes make see-through. */
const palette = ['--vscode-charts-blue', '--vscode-charts-yellow', '--vscode-charts-green', '--vscode-charts-purple', '--vscode-charts-red', '--vscode-charts-foreground'];

export function seriesColor(index: number): string {
  return `var(${palette[index % palette.length]})`;
}

/** The theme's value of a variable: a canvas knows no `var()`. */
function themeColor(variable: string): string {
  return getComputedStyle(document.body).getPropertyValue(variable).trim() || getComputedStyle(document.body).color;
}

export interface PlotOptions {
  readonly spec: ChartSpec;
  readonly spans: () => readonly StageSpan[];
  readonly width: number;
  readonly height: number;
  /** Row under the cursor, null when it is elsewhere. */
  readonly onCursor: (row: number | null) => void;
}

/** A chart whose cursor moves with all others of the run. */
export function makePlot(parent: HTMLElement, data: Columns, { spec, spans, width, height, onCursor }: PlotOptions): uPlot {
  const dim = themeColor('--vscode-descriptionForeground');
  const grid = themeColor('--vscode-editorIndentGuide-background1');
  const font = `10px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: dim, font, ticks: { show: false }, grid: { stroke: grid, width: 1 } };
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { sync: { key: sync.key }, drag: { x: true, y: false }, points: { size: 6 } },
      scales: { x: { time: false, range: (plot, low, high) => filledRange(plot, low, high) }, y: { range: (_plot, low, high) => paddedRange(low, high, spec.unit) } },
      axes: [
        { ...axis, size: 20, gap: 2, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
        { ...axis, size: 44, gap: 4, space: 24, values: (_plot, values) => values.map(value => axisWords(value, spec.unit)) },
      ],
      series: [{}, ...spec.metrics.map((metric, index) => ({
        label: seriesName(metric), stroke: themeColor(palette[index % palette.length] ?? ''), width: 1.5, spanGaps: true, points: { show: data[0].length < 3, size: 4 },
      }))],
      hooks: {
        drawClear: [plot => shadeStages(plot, spans(), dim)],
        setCursor: [plot => onCursor(plot.cursor.idx ?? null)],
      },
    },
    data as uPlot.AlignedData,
    parent,
  );
}

/** Every other stage lies on a tint, so that the eye finds the borders; the names are in the first chart's caption. */
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
    ctx.font = `${10 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left'; // the axes leave their own
    if (right - left > ctx.measureText(span.name).width + 8) ctx.fillText(span.name, left + 4, bbox.top + 2);
  });
  ctx.restore();
}

/** A metric of later stages needs no room for the earlier ones. A range that was dragged stays as it is. */
function filledRange(plot: uPlot, low: number, high: number): [number, number] {
  const [xs = [], ...series] = plot.data;
  if (low !== xs[0] || high !== xs.at(-1)) return [low, high];
  const rows = xs.map((_, row) => row).filter(row => series.some(column => column[row] !== null && column[row] !== undefined));
  const [first, last] = [xs[rows[0] ?? 0] ?? low, xs[rows.at(-1) ?? xs.length - 1] ?? high];
  return first === last ? [first - 1, last + 1] : [first, last];
}

/** Room above for the stage names; shares never leave 0 to 1 without reason. */
function paddedRange(low: number | null, high: number | null, unit: ChartSpec['unit']): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [bottom, top] = unit === 'share' ? [Math.min(0, low), Math.max(high, 0.1)] : [low, high];
  const room = (top - bottom || Math.abs(top) || 1) * 0.08;
  return [unit === 'share' ? bottom : bottom - room, top + room * 2];
}

function axisWords(value: number, unit: ChartSpec['unit']): string {
  if (unit === 'share') return inUnit(value, 'share');
  const size = Math.abs(value);
  return size !== 0 && size < 0.001 ? value.toExponential(0) : String(Number(value.toPrecision(4)));
}

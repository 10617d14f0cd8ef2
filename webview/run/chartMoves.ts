import type uPlot from 'uplot';
import { panned, zoomed } from './chartData';
import { cursorPosition, wholeAxis, zoom } from './chartView';

type Range = readonly [number, number];
const zoomStep = 0.8;

/** Ctrl+wheel (or two fingers) brings nearer what is under the pointer; Shift+wheel or a wheel to the side moves along. */
export function chartWheel(event: WheelEvent, plot: uPlot | null, range: Range): void {
  if (!plot) return;
  const isZoom = event.ctrlKey || event.metaKey;
  const along = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
  if (!isZoom && (zoom.value === null || along === 0)) return;
  event.preventDefault();
  const box = plot.over.getBoundingClientRect();
  if (isZoom) zoom.value = zoomed(range, Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 250), plot.posToVal(event.clientX - box.left, 'x'), wholeAxis.value);
  else zoom.value = panned(range, along / box.width, wholeAxis.value);
}

/** Left and right move the cursor, with Shift the part that is seen; + and − zoom, 0 shows all. */
export function chartKeys(event: KeyboardEvent, plot: uPlot | null, range: Range): void {
  if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = cursorPosition.value ?? (range[0] + range[1]) / 2;
  const side = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
  if (side !== 0 && event.shiftKey) zoom.value = zoom.value && panned(range, side * 0.2, wholeAxis.value);
  else if (side !== 0) moveCursor(plot, range, side);
  else if (event.key === '+' || event.key === '=') zoom.value = zoomed(range, zoomStep, middle, wholeAxis.value);
  else if (event.key === '-') zoom.value = zoomed(range, 1 / zoomStep, middle, wholeAxis.value);
  else if (event.key === '0' || event.key === 'Escape') [zoom.value, cursorPosition.value] = [null, null];
  else return;
  event.preventDefault();
}

/** To the next row that is drawn, or a hundredth of the width where rows lie closer. */
function moveCursor(plot: uPlot, [from, to]: Range, side: -1 | 1): void {
  const least = (to - from) / 100;
  const positions = Array.from(plot.data[0] ?? []);
  const at = cursorPosition.value ?? (side === 1 ? from : to);
  const next = side === 1 ? positions.find(position => position > at && position - at >= Math.min(least, 1)) : positions.findLast(position => position < at && at - position >= Math.min(least, 1));
  const far = at + side * least;
  const place = next === undefined ? at : side === 1 ? Math.max(next, Math.min(far, to)) : Math.min(next, Math.max(far, from));
  cursorPosition.value = place;
  plot.setCursor({ left: plot.valToPos(place, 'x'), top: 1 });
}

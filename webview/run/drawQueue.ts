/** Milliseconds of a frame that drawing may take. What the browser then makes of it takes its own time, so this follows how late frames come. */
const most = 5;
const least = 1;
const late = 20;
let budget = most;
let lastFrame = 0;

/** By the element that they are of, the one that has waited longest first. */
const waiting = new Map<Element, () => void>();
let isDue = false;

/** Draws in the next frame, or where there is more to draw than a frame has time for in one after it; the chart that is pointed at comes first. */
export function drawSoon(element: Element, draw: () => void): void {
  waiting.set(element, draw); // one that waits already keeps its place
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(drawWaiting);
}

export function drawNoMore(element: Element): void {
  waiting.delete(element);
}

function drawWaiting(frame: number): void {
  isDue = false;
  if (frame - lastFrame < 10 * late) budget = frame - lastFrame > late ? Math.max(least, budget * 0.7) : Math.min(most, budget + 0.1); // after a pause it tells nothing
  lastFrame = frame;
  const started = performance.now();
  const pointed = [...waiting.keys()].find(element => element.matches(':hover, :focus'));
  if (pointed) drawNow(pointed);
  for (const element of [...waiting.keys()]) {
    if (performance.now() - started > budget) break;
    drawNow(element);
  }
  if (waiting.size === 0) return;
  isDue = true;
  requestAnimationFrame(drawWaiting);
}

function drawNow(element: Element): void {
  const draw = waiting.get(element);
  waiting.delete(element);
  draw?.();
}

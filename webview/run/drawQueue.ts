/** Milliseconds of a frame that drawing may take. What the browser then makes of it takes three times as long, so this follows how late frames come. */
const most = 2.5;
const least = 1;
const late = 20;
/** The same while a page opens: to see everything soon counts more than even frames. */
const opening = 500;
let budget = most;
let isOpening = true;
let lastFrame = 0;

/** By the element that they are of, the one that has waited longest first. */
const waiting = new Map<Element, () => void>();
let isDue = false;
let afterwards: (() => void)[] = [];

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

/** Does this once nothing waits any more and the last of it is on the screen. */
export function afterDrawing(action: () => void): void {
  afterwards.push(action);
}

function drawWaiting(frame: number): void {
  isDue = false;
  if (frame - lastFrame < 10 * late) budget = frame - lastFrame > late ? Math.max(least, budget * 0.7) : Math.min(most, budget + 0.1); // after a pause it tells nothing
  lastFrame = frame;
  const started = performance.now();
  const pointed = [...waiting.keys()].find(element => element.matches(':hover, :focus'));
  if (pointed) drawNow(pointed);
  for (const element of [...waiting.keys()]) {
    if (performance.now() - started > (isOpening ? opening : budget)) break;
    drawNow(element);
  }
  if (waiting.size === 0) return void tellDrawn();
  isDue = true;
  requestAnimationFrame(drawWaiting);
}

function tellDrawn(): void {
  isOpening = false;
  const actions = afterwards;
  afterwards = [];
  if (actions.length > 0) requestAnimationFrame(() => setTimeout(() => actions.forEach(action => action())));
}

function drawNow(element: Element): void {
  const draw = waiting.get(element);
  waiting.delete(element);
  draw?.();
}

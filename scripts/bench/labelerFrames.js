// Runs in a plain page: the same boxes over the same picture, drawn by the editor's own canvas, by Konva and by SVG.
import Konva from 'konva';
import { BoxIndex } from '../../src/core/geometry/boxIndex';
import { fitView, panBy, zoomAt } from '../../src/core/geometry/viewTransform';
import { readCanvasColors } from '../../webview/shared/canvasColors';
import { paintScene } from '../../webview/shared/canvasPaint';

const size = { width: 3840, height: 2160 };
const viewport = { width: 1000, height: 700 };

/** Boxes as a crowded photograph has them: most are small; made from a seed, so that every run draws the same. */
function someBoxes(count) {
  let seed = 42;
  const random = () => (seed = (seed * 1664525 + 1013904223) % 4294967296) / 4294967296;
  return Array.from({ length: count }, () => {
    const [width, height] = [16 + random() * 120, 16 + random() * 90];
    const [x, y] = [random() * (size.width - width), random() * (size.height - height)];
    return [x, y, x + width, y + height].map(Math.round);
  });
}

function picture() {
  const canvas = Object.assign(document.createElement('canvas'), size);
  const context = canvas.getContext('2d');
  const colors = context.createLinearGradient(0, 0, size.width, size.height);
  for (const [stop, color] of [[0, '#406080'], [0.5, '#908060'], [1, '#305030']]) colors.addColorStop(stop, color);
  context.fillStyle = colors;
  context.fillRect(0, 0, size.width, size.height);
  return new Promise(resolve => canvas.toBlob(blob => {
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    void image.decode().then(() => resolve(image));
  }, 'image/jpeg'));
}

/** Views of a hand that pans and zooms: in, about, and out again. */
function views(count) {
  const list = [];
  let view = fitView(size, viewport);
  for (let at = 0; at < count; at++) {
    const turn = (at / count) * 2 * Math.PI;
    view = zoomAt(view, 1 + 0.04 * Math.sin(turn), { x: viewport.width * (0.5 + 0.3 * Math.cos(turn * 3)), y: viewport.height / 2 }, size);
    view = panBy(view, 12 * Math.cos(turn * 5), 9 * Math.sin(turn * 4), size, viewport);
    list.push(view);
  }
  return list;
}

const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve));

/** Milliseconds of each frame: drawing, and reading a pixel back, which makes the browser finish it. */
async function canvasFrames(context, frames, draw) {
  const times = [];
  for (const view of frames) {
    await nextFrame();
    const started = performance.now();
    draw(view);
    context.getImageData(0, 0, 1, 1);
    times.push(performance.now() - started);
  }
  return times;
}

async function ours(boxes, image, frames) {
  const canvas = document.body.appendChild(Object.assign(document.createElement('canvas'), viewport));
  const context = canvas.getContext('2d');
  const painted = boxes.map((bbox, at) => ({ bbox, label: `thing ${at % 7}`, look: 'gold' }));
  const colors = readCanvasColors();
  const times = await canvasFrames(context, frames, view => paintScene(context, { image, size, view, viewport, boxes: painted, colors }));
  canvas.remove();
  return times;
}

/** Only panned, at the picture's own size: what a hand does most in a large photograph. */
function pan(boxes, image, frames) {
  const start = zoomAt(fitView(size, viewport), 1 / fitView(size, viewport).scale, { x: viewport.width / 2, y: viewport.height / 2 }, size);
  const list = frames.map((_, at) => panBy(start, 700 * Math.sin(at / 9), 400 * Math.cos(at / 13), size, viewport));
  return ours(boxes.slice(0, 50), image, list);
}

async function konva(boxes, image, frames) {
  const container = document.body.appendChild(document.createElement('div'));
  const stage = new Konva.Stage({ container, ...viewport });
  const layer = new Konva.Layer({ listening: false });
  stage.add(layer);
  layer.add(new Konva.Image({ image, ...size }));
  for (const [x1, y1, x2, y2] of boxes) layer.add(new Konva.Rect({ x: x1, y: y1, width: x2 - x1, height: y2 - y1, stroke: '#cca700', strokeWidth: 1.5, strokeScaleEnabled: false, perfectDrawEnabled: false }));
  const context = layer.getCanvas().getContext()._context;
  const times = await canvasFrames(context, frames, view => {
    layer.scale({ x: view.scale, y: view.scale });
    layer.position({ x: view.x, y: view.y });
    layer.draw();
  });
  stage.destroy();
  container.remove();
  return times;
}

/** SVG is drawn by the browser after the script: what can be told is how far its frames are apart. */
async function svg(boxes, image, frames) {
  const make = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const root = document.body.appendChild(make('svg', viewport));
  const group = root.appendChild(make('g', {}));
  group.append(make('image', { href: image.src, ...size }));
  for (const [x1, y1, x2, y2] of boxes) group.append(make('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1, fill: 'none', stroke: '#cca700', 'stroke-width': 1.5, 'vector-effect': 'non-scaling-stroke' }));
  await nextFrame();
  await nextFrame();
  const times = [];
  let before = await nextFrame();
  for (const view of frames) {
    group.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.scale})`);
    const now = await nextFrame();
    times.push(now - before);
    before = now;
  }
  root.remove();
  return times;
}

function hitTests(boxes) {
  const started = performance.now();
  const index = new BoxIndex(boxes);
  const built = performance.now() - started;
  const times = Array.from({ length: 2000 }, (_, at) => {
    const point = { x: (at * 7919) % size.width, y: (at * 104729) % size.height };
    const from = performance.now();
    for (let again = 0; again < 10; again++) index.at(point, 3);
    return (performance.now() - from) / 10;
  });
  return { built, times };
}

window.measure = async ({ boxes: count, frames: howMany, what }) => {
  const boxes = someBoxes(count);
  const image = await picture();
  const frames = views(howMany);
  if (what === 'hit') return hitTests(boxes);
  return { ours, konva, svg, pan }[what](boxes, image, frames);
};

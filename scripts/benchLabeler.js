// The labeler: frames with thousands of boxes beside Konva and SVG, finding a box, the next sample, keys a box, and memory after many samples.
const { buildSync } = require('esbuild');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { chromiumFlags, findChromium } = require('./browserVsCode');
const { journalTimes, keysPerBox, nextSamples, openLabeler, walkSamples } = require('./bench/labelerHands');
const { openWorkbench } = require('./workbench');

const boxes = 10_000;
const frames = 120;
/** Of a drawing that takes a third of a second a frame. */
const slowFrames = 40;
/** Walking through ten thousand samples may take that long; on a loaded machine there are fewer, and then nothing is said about ten thousand. */
const longestWalkMs = 480_000;

/** Whoever waits is told what is measured: the whole takes some minutes. */
function tellProgress() {
  const started = Date.now();
  return what => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${what}`);
}

async function benchLabeler(option) {
  const samples = Number(option('samples', '10000'));
  const tell = tellProgress();
  return [...(await frameTimes(tell)), ...(await byHand(samples, tell))];
}

async function frameTimes(tell) {
  const { outputFiles: [script] } = buildSync({
    entryPoints: [path.join(__dirname, 'bench/labelerFrames.js')], bundle: true, write: false, format: 'iife', platform: 'browser', target: 'chrome120', logLevel: 'warning',
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    await page.addScriptTag({ content: script.text });
    page.setDefaultTimeout(180_000);
    const measure = what => {
      tell(`drawing: ${what}`);
      return page.evaluate(asked => window.measure(asked), { boxes, frames: what === 'konva' || what === 'svg' ? slowFrames : frames, what });
    };
    const [ours, konva, svg, hit, pan] = [await measure('ours'), await measure('konva'), await measure('svg'), await measure('hit'), await measure('pan')];
    const name = `frame of ${boxes.toLocaleString('en')} boxes over a 4K picture, panned and zoomed`;
    return [
      { name: `${name}, p50`, value: part(ours, 0.5), unit: 'ms', reach: '≤ 16', ok: part(ours, 0.5) <= 16, baseline: part(konva, 0.5), ratio: part(konva, 0.5) / part(ours, 0.5) },
      { name: `${name}, p95`, value: part(ours, 0.95), unit: 'ms', reach: 'shown; baseline Konva', ok: null, baseline: part(konva, 0.95), ratio: part(konva, 0.95) / part(ours, 0.95) },
      { name: 'the same as SVG, between frames, p50', value: part(svg, 0.5), unit: 'ms', reach: 'shown', ok: null },
      { name: '4K picture with 50 boxes panned at its own size, p50', value: part(pan, 0.5), unit: 'ms', reach: '≤ 16', ok: part(pan, 0.5) <= 16 },
      { name: 'the same, p95', value: part(pan, 0.95), unit: 'ms', reach: 'shown', ok: null },
      { name: `box under the pointer among ${boxes.toLocaleString('en')}, p95`, value: part(hit.times, 0.95), unit: 'ms', reach: '≤ 1', ok: part(hit.times, 0.95) <= 1 },
      { name: 'grid over them, once a row', value: hit.built, unit: 'ms', reach: 'shown', ok: null },
    ];
  } finally {
    await browser.close();
  }
}

async function byHand(samples, tell) {
  const workbench = await openWorkbench({ settings: { 'files.autoSave': 'off' } });
  try {
    tell('VS Code: opening the editor');
    const editor = await openLabeler(workbench);
    tell('drawing and naming 100 boxes by pointer and keys');
    const keys = await keysPerBox(workbench, editor, 100);
    tell('steps on their way to the disk');
    const journal = await journalTimes(workbench, editor, 120);
    tell('going to the next sample');
    const next = await nextSamples(workbench, editor, 60);
    tell(`walking through ${samples.toLocaleString('en')} samples`);
    const walk = await walkSamples(workbench, editor, samples, longestWalkMs, tell);
    return [
      { name: 'keys a box, 100 boxes drawn and named in five samples', value: keys.perBox, unit: 'keys', reach: '≤ 1.5', ok: keys.perBox <= 1.5 && keys.right === keys.wanted },
      { name: 'boxes of them in the file as they were meant', value: keys.right, unit: `of ${keys.wanted}`, reach: 'all', ok: keys.right === keys.wanted },
      { name: 'next sample: from the key’s press to its picture painted, p95', value: part(next.pressed, 0.95), unit: 'ms', reach: '≤ 50', ok: part(next.pressed, 0.95) <= 50 },
      { name: 'the same, p50', value: part(next.pressed, 0.5), unit: 'ms', reach: 'shown', ok: null },
      { name: 'the same from the page’s turn on, p95', value: part(next.painted, 0.95), unit: 'ms', reach: 'shown', ok: null },
      { name: 'a step on the disk after the end of its gesture, p95', value: part(journal, 0.95), unit: 'ms', reach: '≤ 50', ok: part(journal, 0.95) <= 50 },
      { name: `heap of the page after ${walk.walked.toLocaleString('en')} samples`, value: walk.heapMb, unit: 'MB', reach: `≤ 200 after ${samples.toLocaleString('en')}`, ok: walk.heapMb <= 200 && walk.walked >= samples },
    ];
  } finally {
    await workbench.close();
  }
}

/** The value below which this part of the values lies. */
const part = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

module.exports = { benchLabeler };

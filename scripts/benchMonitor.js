// `npm run bench -- monitor`: from a written line to its number on the screen, a frame of 100,000 steps, and opening a running job of that length.
const { buildSync } = require('esbuild');
const { appendFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { makeRun, stepLine } = require('./bench/longRun');
const { chromiumFlags, findChromium } = require('./browserVsCode');
const { openWorkbench } = require('./workbench');

const steps = 100_000;

/** `--part frames|panel` measures that alone. */
async function benchMonitor(option) {
  const load = () => os.loadavg()[0];
  const before = load();
  const asked = option('part', 'all');
  const rows = [...(asked === 'panel' ? [] : await frames(Number(option('frames', '120')))), ...(asked === 'frames' ? [] : await inThePanel(Number(option('lines', '40'))))];
  const shown = (when, value) => ({ name: `load of the machine ${when} (${os.cpus().length} cores)`, value, unit: '', reach: 'shown', ok: null });
  return [...rows, shown('before', before), shown('after', load())];
}

/** Our own work a frame is told by the page's processor time, whatever else the machine does; how frames follow each other is not. */
async function frames(count) {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, 'bench/monitorFrames.js')], bundle: true, write: false, outdir: 'out', format: 'iife', platform: 'browser', target: 'chrome120', jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'error', loader: { '.ttf': 'dataurl' },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    for (const [ending, add] of [['.css', 'addStyleTag'], ['.js', 'addScriptTag']]) await page[add]({ content: outputFiles.find(file => file.path.endsWith(ending)).text });
    const { charts, seen } = await page.evaluate(steps => window.prepare(steps), steps);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const work = async () => (await session.send('Performance.getMetrics')).metrics.find(metric => metric.name === 'TaskDuration').value * 1000;
    const rows = [];
    for (const [action, words] of [['step', 'a further step'], ['zoom', 'zooming'], ['pan', 'moving along'], ['hover', 'pointing']]) {
      await page.evaluate(name => window.measure(name, 10), action);
      const started = await work();
      const times = await page.evaluate(([name, frames]) => window.measure(name, frames), [action, count]);
      const own = ((await work()) - started) / count;
      const name = `${steps.toLocaleString('en')} steps, ${words} a frame, ${seen} of ${charts} charts in view`;
      rows.push(
        { name: `${name}: own processor time`, value: own, unit: 'ms', reach: '≤ 16.7', ok: own <= 16.7 },
        { name: `${name}: between frames, p50`, value: part(times, 0.5), unit: 'ms', reach: '≤ 16.7', ok: part(times, 0.5) <= 16.8 },
        { name: `${name}: between frames, p95`, value: part(times, 0.95), unit: 'ms', reach: 'shown', ok: null },
      );
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function inThePanel(lines) {
  const workbench = await openWorkbench();
  const runs = [];
  try {
    await workbench.container('PeBR');
    const short = makeRun(workbench.workspace, '20261121-100000-short', 50);
    runs.push(short);
    const shown = await openRun(workbench, '11-21 10:00', 50);
    const times = [];
    for (let line = 1; line <= lines; line++) times.push(await writtenToPainted(shown.panel, short, 50 + line));
    runs.push(makeRun(workbench.workspace, '20261121-090000-long', steps));
    const attach = await openRun(workbench, '11-21 09:00', steps);
    return [
      { name: 'a line of metrics, from written to painted in the panel, p50', value: part(times, 0.5), unit: 'ms', reach: '≤ 500', ok: part(times, 0.5) <= 500 },
      { name: 'the same, p95', value: part(times, 0.95), unit: 'ms', reach: '≤ 500', ok: part(times, 0.95) <= 500 },
      { name: 'opening a running job of 50 steps as the first panel of a window, from the click to its curves', value: shown.ms, unit: 'ms', reach: 'shown', ok: null },
      { name: `opening a running job of ${steps.toLocaleString('en')} steps, from the click to its curves`, value: attach.ms, unit: 'ms', reach: '≤ 1000', ok: attach.ms <= 1000 },
    ];
  } finally {
    for (const run of runs) run.end();
    await workbench.close();
  }
}

/** Clicks the run in the tree, which has read it by then, and waits until the page says that the charts in view are drawn. Both ends are clocks of this machine. */
async function openRun(workbench, text, step) {
  await workbench.page.locator('.pane-body [role=treeitem]').filter({ hasText: text }).filter({ hasText: 'perception' }).first().waitFor({ timeout: 120_000 });
  const started = Date.now();
  await workbench.treeItem(text).click();
  const panel = await workbench.webview(`.stage-words:text-matches("^${step}/")`, 120_000);
  const drawn = await panel.waitForFunction(() => {
    const [mark] = performance.getEntriesByName('curves drawn');
    return mark && performance.timeOrigin + mark.startTime;
  }, undefined, { timeout: 120_000 });
  return { panel, ms: (await drawn.jsonValue()) - started };
}

/** Both ends are clocks of this machine. */
async function writtenToPainted(panel, { folder, total }, step) {
  const seen = panel.evaluate(expected => new Promise(resolve => {
    const look = () => {
      const isThere = document.querySelector('.chart .chart-value .number')?.textContent === expected;
      if (isThere) requestAnimationFrame(() => resolve(Date.now()));
      else requestAnimationFrame(look);
    };
    look();
  }), (step / 1000).toFixed(3));
  await panel.evaluate(() => undefined); // the page looks by now
  const written = Date.now();
  appendFileSync(path.join(folder, 'events.jsonl'), stepLine(step, total, { reward: step / 1000, zero_std: 0.3, loss: 0.1 }));
  return (await seen) - written;
}

/** The value below which this part of the values lies. */
const part = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

module.exports = { benchMonitor };

// Hands for the labeler's figures: pointer and keys through a real VS Code window.
const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');

const side = 224; // of the sample project's pictures
const perSample = 20;

async function openLabeler({ container, treeItem, pick, webview, page }) {
  await container('PeBR');
  page.setDefaultTimeout(120_000);
  await treeItem('cards-perception').waitFor();
  await pick('PeBR: Open Dataset', 'cards-perception');
  const editor = await webview('.canvas-viewport canvas', 120_000);
  await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  await editor.locator('.canvas-viewport canvas[aria-busy=false]').waitFor();
  return editor;
}

/** Draws boxes of changing labels in several samples, saves, and looks what the file has. Every key that is pressed counts, to go on and to save too. */
async function keysPerBox({ page, workspace }, editor, boxes) {
  const file = path.join(workspace, 'data/perception.jsonl');
  const before = rows(file);
  const labels = await editor.locator('.ruler-label').evaluateAll(all => all.map(each => each.textContent.replace(/^\d/, '').trim()));
  let keys = 0;
  const press = async key => {
    keys++;
    await page.keyboard.press(key);
  };
  const place = await editor.locator('.canvas-viewport canvas').boundingBox();
  const scale = Math.min((place.width - 32) / side, (place.height - 32) / side);
  const at = (x, y) => [place.x + place.width / 2 + (x - side / 2) * scale, place.y + place.height / 2 + (y - side / 2) * scale];
  await page.mouse.click(...at(5, 5));
  await press('b');
  await editor.locator('[aria-pressed=true]', { hasText: 'Draw' }).waitFor();
  await press('1'); // the label of the next boxes, until another is chosen
  await editor.locator('.ruler-label[aria-pressed=true]').waitFor();
  const wanted = [];
  let label = 0;
  for (let sample = 0; sample < boxes / perSample; sample++) {
    for (let box = 0; box < perSample; box++) {
      const [x, y] = [8 + (box % 5) * 42, 6 + Math.floor(box / 5) * 52];
      await page.mouse.move(...at(x, y));
      await page.keyboard.down('Control'); // where it is meant, not where others end; held by the other hand
      await page.mouse.down();
      await page.mouse.move(...at(x + 15, y + 18));
      await page.mouse.move(...at(x + 30, y + 37));
      await page.mouse.up();
      await page.keyboard.up('Control');
      await editor.waitForFunction(count => document.querySelectorAll('.boxes [role=option]').length === count, before[sample].boxes.length + box + 1);
      if (box % 2 === 1) {
        label = (label + 1) % labels.length;
        await press(String(label + 1));
        await editor.locator('.box.is-selected', { hasText: labels[label] }).waitFor();
      }
      wanted.push({ sample, label: labels[label], bbox: [x, y, x + 30, y + 37] });
    }
    await press('d');
    await editor.locator('.qid', { hasText: before[sample + 1].qid }).waitFor();
    await editor.locator('.canvas-viewport canvas[aria-busy=false]').waitFor();
  }
  await press('Control+s');
  await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  const after = rows(file);
  const isThere = ({ sample, label: name, bbox }) => after[sample].boxes.some(box => box.label === name && box.bbox.every((number, corner) => Math.abs(number - bbox[corner]) <= 1));
  return { perBox: keys / wanted.length, wanted: wanted.length, right: wanted.filter(isThere).length };
}

const rows = file => readFileSync(file, 'utf8').split('\n').slice(0, 8).map(line => JSON.parse(line));

/** Milliseconds from the end of a gesture (a key let go) to its line in the journal that a killed process leaves behind. */
async function journalTimes({ page, workspace }, editor, steps) {
  const storage = path.join(workspace, '../profile/data/User/workspaceStorage');
  const size = () => {
    const folders = readdirSync(storage).map(name => path.join(storage, name, 'pebr-studio.pebr-studio/journals')).filter(existsSync);
    return folders.flatMap(folder => readdirSync(folder).map(name => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0)).reduce((sum, each) => sum + each, 0);
  };
  await editor.locator('.boxes [role=option]').first().click();
  const times = [];
  for (let step = 0; step < steps; step++) {
    const before = size();
    await page.keyboard.down(step % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
    const ended = performance.now();
    const up = page.keyboard.up(step % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
    while (size() === before && performance.now() - ended < 10_000) await new Promise(setImmediate);
    times.push(performance.now() - ended);
    await up;
    await page.waitForTimeout(50); // a hand
  }
  await page.keyboard.press('Control+s');
  await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  return times;
}

/** Goes through samples by key; milliseconds of each from the key's press, and from the page's turn on. */
async function nextSamples({ page }, editor, samples) {
  const pressed = [];
  const painted = [];
  for (let step = 0; step < samples; step++) {
    await editor.evaluate(watchNext);
    await page.keyboard.press('d');
    const { down, turned, done } = await editor.evaluate(() => window.nextPainted);
    pressed.push(done - down);
    painted.push(done - turned);
    await page.waitForTimeout(120); // a person looks at it
  }
  return { pressed, painted };
}

/** Goes through samples as fast as the page can, back and forth, for `longestMs` at most. Says how many there were, and what the heap has after a collection. */
async function walkSamples({ context, page }, editor, samples, longestMs, tell) {
  const end = Date.now() + longestMs;
  let walked = 0;
  for (let told = 0; walked < samples && Date.now() < end; ) {
    walked += await editor.evaluate(walk, { samples: Math.min(500, samples - walked), longestMs: Math.min(20_000, end - Date.now()) });
    if (walked - told >= 2000) tell(`  ${(told = walked).toLocaleString('en')} samples`);
  }
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const bytes = await editor.evaluate(() => performance.memory.usedJSHeapSize);
  return { walked, heapMb: bytes / 1e6 };
}

/** In the page: has `nextPainted` tell when the next key went down, when the sample changed, and when its picture was painted. */
function watchNext() {
  window.nextPainted = new Promise(resolve => {
    const name = document.querySelector('.qid').textContent;
    let down;
    let turned;
    window.addEventListener('keydown', event => (down = event.timeStamp), { capture: true, once: true });
    const look = () => {
      const canvas = document.querySelector('.canvas-viewport canvas');
      if (document.querySelector('.qid').textContent === name) return;
      turned ??= performance.now();
      if (canvas?.getAttribute('aria-busy') !== 'false') return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve({ down, turned, done: performance.now() })));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

/** In the page: through samples by the buttons of the header, each waited for; every tenth until it is painted too. Returns how many. */
async function walk({ samples, longestMs }) {
  const end = performance.now() + longestMs;
  const { port1, port2 } = new MessageChannel();
  const turn = () => new Promise(done => {
    port1.onmessage = done;
    port2.postMessage(null);
  });
  const frame = () => new Promise(requestAnimationFrame);
  let way = window.walkingWay ?? 'Next sample (D)';
  let walked = 0;
  for (; walked < samples && performance.now() < end; walked++) {
    let button = document.querySelector(`[aria-label="${way}"]`);
    if (button.disabled) {
      way = window.walkingWay = way.startsWith('Next') ? 'Previous sample (A)' : 'Next sample (D)';
      button = document.querySelector(`[aria-label="${way}"]`);
    }
    const name = document.querySelector('.qid').textContent;
    button.click();
    await (walked % 10 === 0 ? frame() : turn());
    for (let wait = 0; wait < 200 && ['', name].includes(document.querySelector('.qid').textContent); wait++) await frame();
  }
  return walked;
}

module.exports = { journalTimes, keysPerBox, nextSamples, openLabeler, walkSamples };

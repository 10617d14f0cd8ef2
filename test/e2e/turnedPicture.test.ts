import * as assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import sharp from 'sharp';
import { openWorkbench, type Workbench } from './openWorkbench';

/** A photograph that its EXIF data turn: 300 × 200 as stored, 200 × 300 as seen, with a red patch that is seen at (20, 30) to (80, 120). Boxes are thousandths. */
describe('labeling a turned photograph', () => {
  const project = mkdtempSync(path.join(os.tmpdir(), 'pebr-turned-'));
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;

  before(async () => {
    mkdirSync(path.join(project, 'data'));
    const patch = await sharp({ create: { width: 60, height: 90, channels: 3, background: '#ff0000' } }).png().toBuffer();
    const seen = await sharp({ create: { width: 200, height: 300, channels: 3, background: '#204080' } }).composite([{ input: patch, left: 20, top: 30 }]).png().toBuffer();
    const stored = await sharp(seen).rotate(270).png().toBuffer();
    await sharp(stored).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toFile(path.join(project, 'data/turned.jpg')); // 6: to be turned by 90° clockwise
    await sharp({ create: { width: 120, height: 90, channels: 3, background: '#208040' } }).png().toFile(path.join(project, 'data/second.png'));
    const row = { qid: 't-0', problem: '<image><image>Where is the patch?', answer: 'left', images: ['turned.jpg', 'second.png'], key_words: [], boxes: [{ label: 'patch', bbox: [100, 100, 400, 400] }] };
    writeFileSync(path.join(project, 'data/turned.jsonl'), `${JSON.stringify(row)}\n`);
    writeFileSync(path.join(project, 'pebr.json'), JSON.stringify({ v: 1, name: 'turned', datasets: [{ id: 'turned', stage: 'perception', path: 'data/turned.jsonl', imageRoot: 'data', boxFrame: 'norm1000' }] }));
    vscode = await openWorkbench({ project, theme: 'light', settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    await vscode.container('PeBR');
    await vscode.treeItem('turned').waitFor();
    await vscode.pick('PeBR: Open Dataset', 'turned');
    editor = await vscode.webview('.canvas-viewport canvas');
    await editor.locator('.canvas-viewport canvas[aria-busy=false]').waitFor();
  });
  after(async () => {
    await vscode?.close();
    rmSync(project, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `turned-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  /** The point of the window where a point of the 200 × 300 picture is. */
  const at = async (x: number, y: number): Promise<[number, number]> => {
    const place = await editor.locator('.canvas-viewport canvas').boundingBox();
    assert.ok(place);
    const scale = Math.min((place.width - 32) / 200, (place.height - 32) / 300);
    return [place.x + place.width / 2 + (x - 100) * scale, place.y + place.height / 2 + (y - 150) * scale];
  };

  it('shows it as it is seen, and its box over what it labels', async () => {
    await page.mouse.move(...(await at(199, 5)));
    const colorAt = (x: number, y: number) =>
      editor.evaluate(
        ([left, top]) => {
          const canvas = document.querySelector<HTMLCanvasElement>('.canvas-viewport canvas');
          const scale = Math.min(((canvas?.clientWidth ?? 0) - 32) / 200, ((canvas?.clientHeight ?? 0) - 32) / 300);
          const place = [(canvas?.clientWidth ?? 0) / 2 + ((left ?? 0) - 100) * scale, (canvas?.clientHeight ?? 0) / 2 + ((top ?? 0) - 150) * scale] as const;
          return [...(canvas?.getContext('2d')?.getImageData(Math.round(place[0] * devicePixelRatio), Math.round(place[1] * devicePixelRatio), 1, 1).data ?? [])];
        },
        [x, y],
      );
    const [red = 0, , blue = 0] = await colorAt(50, 100);
    assert.ok(red > 180 && blue < 80, `in the patch: ${red}, ${blue}`);
    const [other = 0] = await colorAt(150, 200);
    assert.ok(other < 80, 'beside the patch');
    await page.mouse.click(...(await at(50, 80)));
    await editor.locator('.read-out', { hasText: '20, 30, 80, 120 px · 60 × 90 · 100, 100, 400, 400 thousandths' }).waitFor();
  });

  it('writes what is drawn in the frame of the dataset, of the turned picture', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('b');
    await editor.locator('[aria-pressed=true]', { hasText: 'Draw' }).waitFor();
    await page.mouse.move(...(await at(100, 150)));
    await page.mouse.down();
    await page.mouse.move(...(await at(150, 250)));
    await page.mouse.move(...(await at(300, 270)));
    await page.mouse.up();
    await editor.waitForFunction(() => document.activeElement?.classList.contains('label-input'));
    await page.keyboard.type('corner');
    await page.keyboard.press('Enter');
    await page.locator('.tab.dirty').waitFor();
    await page.keyboard.press('Control+s');
    await page.locator('.tab.dirty').waitFor({ state: 'detached' });
    const row = JSON.parse(readFileSync(path.join(vscode.workspace, 'data/turned.jsonl'), 'utf8')) as { readonly boxes: readonly { readonly label: string; readonly bbox: readonly number[] }[] };
    assert.equal(row.boxes[1]?.label, 'corner');
    row.boxes[1]?.bbox.forEach((number, corner) => assert.ok(Math.abs(number - ([500, 500, 1000, 900][corner] ?? 0)) <= 5, row.boxes[1]?.bbox.join()));
    assert.equal(row.boxes[1]?.bbox[2], 1000, 'cut at the edge');
  });

  it('shows the second picture of the sample, over which there are no boxes', async () => {
    await page.keyboard.press('Escape');
    await editor.getByRole('tab', { name: '2 second.png' }).click();
    await editor.locator('.canvas-viewport canvas[aria-label="t-0, 0 boxes"][aria-busy=false]').waitFor();
    await editor.getByRole('tab', { name: '1 turned.jpg' }).click();
    await editor.locator('.canvas-viewport canvas[aria-label="t-0, 2 boxes"][aria-busy=false]').waitFor();
  });
});

import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

interface Row {
  readonly answer: string;
  readonly key_words: readonly string[];
  readonly boxes: readonly { readonly label: string; readonly bbox: readonly number[] }[];
}

/** Labeling by hand: pointer and keys go through the real window, and what counts is what is in the file after a save. */
describe('labeling a sample', () => {
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;
  let original: Row;

  before(async () => {
    vscode = await openWorkbench({ theme: 'light', settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    original = row();
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor();
    await vscode.pick('PeBR: Open Dataset', 'cards-perception');
    editor = await vscode.webview('.canvas-viewport canvas');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
    await boxes(original.boxes.length);
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `labeling-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  const row = (): Row => JSON.parse(readFileSync(path.join(vscode.workspace, 'data/perception.jsonl'), 'utf8').split('\n')[0] ?? '') as Row;
  const boxes = (count: number): Promise<unknown> => editor.waitForFunction(wanted => document.querySelectorAll('.boxes [role=option]').length === wanted, count);
  /** Saves, and waits until the file says what it should. */
  const save = async (what: string, isSaved: (row: Row) => boolean): Promise<void> => {
    await page.keyboard.press('Control+s');
    for (const end = Date.now() + 15_000; !isSaved(row()); ) {
      assert.ok(Date.now() < end, `the file has not ${what}: ${JSON.stringify(row())}`);
      await page.waitForTimeout(50);
    }
    await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  };
  const lastBox = ({ boxes: all }: Row): string => `${all.at(-1)?.label} ${all.at(-1)?.bbox.join(' ')}`;
  /** The point of the window where a point of the image is; the picture is fitted, and is 224 px each way. */
  const at = async (x: number, y: number): Promise<[number, number]> => {
    const place = await editor.locator('.canvas-viewport canvas').boundingBox();
    assert.ok(place);
    const scale = Math.min((place.width - 32) / 224, (place.height - 32) / 224);
    return [place.x + place.width / 2 + (x - 112) * scale, place.y + place.height / 2 + (y - 112) * scale];
  };
  const drag = async (from: [number, number], to: [number, number], end: 'up' | 'Escape' = 'up'): Promise<void> => {
    await page.mouse.move(...(await at(...from)));
    await page.mouse.down();
    await page.mouse.move(...(await at((from[0] + to[0]) / 2, (from[1] + to[1]) / 2)));
    await page.mouse.move(...(await at(...to)));
    if (end === 'Escape') await page.keyboard.press('Escape');
    await page.mouse.up();
  };

  it('takes one key, one drag and one name for a new box', async () => {
    await page.mouse.click(...(await at(110, 60)));
    await page.keyboard.press('b');
    await editor.locator('[aria-pressed=true]', { hasText: 'Draw' }).waitFor();
    await drag([100, 20], [140, 60]);
    await editor.waitForFunction(() => document.activeElement?.classList.contains('label-input'));
    await page.keyboard.type('red 9');
    await page.keyboard.press('Enter');
    await boxes(original.boxes.length + 1);
    await save('the drawn box', ({ boxes: all }) => all.at(-1)?.label === 'red 9');
    row().boxes.at(-1)?.bbox.forEach((value, corner) => assert.ok(Math.abs(value - ([100, 20, 140, 60][corner] ?? 0)) <= 1, lastBox(row())));
  });

  it('moves the selected box by arrow keys, one step of undo for one hold', async () => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = row().boxes.at(-1)?.bbox ?? [];
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await save('the box 1 to the right and 10 down', now => lastBox(now) === `red 9 ${x1 + 1} ${y1 + 10} ${x2 + 1} ${y2 + 10}`);
    await page.keyboard.press('Control+z');
    await editor.locator('.box', { hasText: [x1 + 1, y1, x2 + 1, y2].join(', ') }).waitFor();
    await save('the box only 1 to the right', now => lastBox(now) === `red 9 ${x1 + 1} ${y1} ${x2 + 1} ${y2}`);
  });

  it('takes back and does again as often as the keys are pressed, however fast', async () => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = row().boxes.at(-1)?.bbox ?? [];
    const isAt = (by: number): Promise<void> => editor.locator('.box', { hasText: [x1 + by, y1, x2 + by, y2].join(', ') }).waitFor();
    for (let step = 1; step <= 12; step++) {
      await page.keyboard.press('ArrowRight');
      await isAt(step);
    }
    for (let step = 1; step <= 12; step++) await page.keyboard.press('Control+z');
    await isAt(0);
    for (let step = 1; step <= 12; step++) await page.keyboard.press('Control+y');
    await isAt(12);
    for (let step = 1; step <= 12; step++) await page.keyboard.press('Control+z');
    await isAt(0);
  });

  it('moves and resizes it by commands too, which any key can be bound to', async () => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = row().boxes.at(-1)?.bbox ?? [];
    await vscode.command('PeBR: Move Box Right by Ten');
    await editor.locator('.box', { hasText: [x1 + 10, y1, x2 + 10, y2].join(', ') }).waitFor();
    await vscode.command('PeBR: Make Box Taller');
    await editor.locator('.box', { hasText: [x1 + 10, y1, x2 + 10, y2 + 1].join(', ') }).waitFor();
    await vscode.command('PeBR: Move Box Left by Ten');
    await editor.locator('.box', { hasText: [x1, y1, x2, y2 + 1].join(', ') }).waitFor();
    await vscode.command('PeBR: Make Box Shorter');
    await editor.locator('.box', { hasText: [x1, y1, x2, y2].join(', ') }).waitFor();
    await editor.waitForFunction(() => document.hasFocus()); // the palette gives the keyboard back
  });

  it('leaves no trace of a drag that Escape ends', async () => {
    const before = row().boxes;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = before.at(-1)?.bbox ?? [];
    await page.keyboard.press('Escape'); // ends drawing
    await editor.locator('[aria-pressed=false]', { hasText: 'Draw' }).waitFor();
    await drag([(x1 + x2) / 2, (y1 + y2) / 2], [60, 60], 'Escape');
    await drag([(x1 + x2) / 2, (y1 + y2) / 2], [(x1 + x2) / 2 + 20, (y1 + y2) / 2]); // what is saved next is this alone
    await save('the box 20 to the right', now => Math.abs((now.boxes.at(-1)?.bbox[0] ?? 0) - x1 - 20) <= 1 && now.boxes.at(-1)?.bbox[1] === y1);
    assert.deepEqual(row().boxes.slice(0, -1), before.slice(0, -1));
  });

  it('gives the selected box the label of a number key', async () => {
    await editor.locator('.ruler-label').first().waitFor();
    const [, second = ''] = await editor.locator('.ruler-label').evaluateAll(all => all.map(each => each.textContent?.replace(/^\d/, '').trim() ?? ''));
    await page.keyboard.press('2');
    await editor.locator('.box.is-selected', { hasText: second }).waitFor();
    await save('the second label', now => now.boxes.at(-1)?.label === second);
    await page.keyboard.press('Control+z');
    await editor.locator('.box.is-selected', { hasText: 'red 9' }).waitFor();
    await save('the label from before', now => now.boxes.at(-1)?.label === 'red 9');
  });

  it('draws by two clicks with a label that is ready, without asking for one', async () => {
    const before = row();
    await page.keyboard.press('Escape'); // nothing is selected: the key readies a label
    await page.keyboard.press('1');
    const armed = editor.locator('.ruler-label[aria-pressed=true]');
    await armed.waitFor();
    const label = (await armed.textContent())?.replace(/^1/, '').trim() ?? '';
    await page.keyboard.press('Shift+b');
    await page.keyboard.press('Shift+b');
    await editor.locator('.status-hint', { hasText: 'two opposite corners' }).waitFor();
    await page.mouse.click(...(await at(150, 30)));
    await page.mouse.click(...(await at(190, 70)));
    await boxes(before.boxes.length + 1);
    await save('the clicked box', now => now.boxes.at(-1)?.label === label);
    row().boxes.at(-1)?.bbox.forEach((value, corner) => assert.ok(Math.abs(value - ([150, 30, 190, 70][corner] ?? 0)) <= 1, lastBox(row())));
    await page.keyboard.press('Control+z');
    await boxes(before.boxes.length);
    await save('the boxes of before', now => now.boxes.length === before.boxes.length);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await editor.locator('.ruler-label[aria-pressed=true]').waitFor({ state: 'detached' });
  });

  it('moves, copies, pastes and deletes many boxes, each as one step of undo', async () => {
    const before = row().boxes;
    await page.keyboard.press('Control+a');
    await editor.waitForFunction(count => document.querySelectorAll('.box.is-selected').length === count, before.length);
    await page.keyboard.press('ArrowUp');
    await save('all boxes one higher', now => now.boxes.every(({ bbox }, index) => bbox[1] === (before[index]?.bbox[1] ?? 0) - 1));
    await page.keyboard.press('Control+z');
    await editor.waitForFunction(numbers => document.querySelector('.boxes .mono')?.textContent === numbers, before[0]?.bbox.join(', '));
    await save('all boxes where they were', now => JSON.stringify(now.boxes) === JSON.stringify(before));
    await page.keyboard.press('Control+c');
    await editor.locator('.status-hint', { hasText: `Copied ${before.length} boxes` }).waitFor();
    await page.keyboard.press('Control+v');
    await boxes(2 * before.length);
    await save('each box twice', now => now.boxes.length === 2 * before.length);
    await page.keyboard.press('Delete');
    await boxes(before.length);
    await save('the copies deleted', now => JSON.stringify(now.boxes) === JSON.stringify(before));
    await page.keyboard.press('Control+z');
    await boxes(2 * before.length);
    await page.keyboard.press('Control+z');
    await boxes(before.length);
    await save('neither paste nor deletion', now => JSON.stringify(now.boxes) === JSON.stringify(before));
  });

  it('copies the boxes of the sample before by one key, and only once', async () => {
    const second = (): Row => JSON.parse(readFileSync(path.join(vscode.workspace, 'data/perception.jsonl'), 'utf8').split('\n')[1] ?? '') as Row;
    const [mine, theirs] = [second().boxes, row().boxes];
    await page.keyboard.press('d');
    await editor.locator('.qid', { hasText: 'p-0001' }).waitFor();
    await boxes(mine.length);
    await page.keyboard.press('c');
    await boxes(mine.length + theirs.length);
    await page.keyboard.press('c');
    await editor.locator('.status-hint', { hasText: 'here already' }).waitFor();
    await save('the boxes of the sample before', () => JSON.stringify(second().boxes) === JSON.stringify([...mine, ...theirs]));
    await page.keyboard.press('Control+z');
    await boxes(mine.length);
    await save('its own boxes alone', () => JSON.stringify(second().boxes) === JSON.stringify(mine));
    await page.keyboard.press('a');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
    await boxes(theirs.length);
  });

  it('shows every key, and labels nothing while it does', async () => {
    await page.keyboard.press('Shift+?');
    const help = editor.locator('dialog.help');
    await help.waitFor();
    await page.keyboard.press('d');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });

  it('deletes the selected box', async () => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = row().boxes.at(-1)?.bbox ?? [];
    await page.mouse.click(...(await at((x1 + x2) / 2, (y1 + y2) / 2)));
    await editor.locator('.box.is-selected', { hasText: 'red 9' }).waitFor();
    await page.keyboard.press('Delete');
    await boxes(original.boxes.length);
    await save('the boxes of the beginning', now => JSON.stringify(now.boxes) === JSON.stringify(original.boxes));
  });

  it('types answer and key words without its letters being taken for keys', async () => {
    await page.keyboard.press('q');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'answer');
    await page.keyboard.type('a bad ggg123');
    await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor(); // the pause after typing made it a step
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.keyboard.press('End');
    await page.keyboard.press('Control+v'); // text, not boxes
    await editor.waitForFunction(() => (document.getElementById('answer') as HTMLInputElement | null)?.value === 'a bad ggg123a bad ggg123');
    for (let letter = 0; letter < 15; letter++) await page.keyboard.press('Backspace');
    await save('the answer', now => now.answer === 'a bad ggg');
    await vscode.command('PeBR: Edit Key Words');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'key-word');
    await page.keyboard.type('a bad dog');
    await page.keyboard.press('Enter');
    await editor.locator('.chip', { hasText: 'a bad dog' }).waitFor();
    await save('the key word', now => now.key_words.join() === [...original.key_words, 'a bad dog'].join());
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });

  it('goes to the next sample and back by keys', async () => {
    await vscode.command('PeBR: Next Sample');
    await editor.locator('.qid', { hasText: 'p-0001' }).waitFor();
    await page.mouse.click(...(await at(110, 30)));
    await page.keyboard.press('d');
    await editor.locator('.qid', { hasText: 'p-0002' }).waitFor();
    await page.keyboard.press('a');
    await editor.locator('.qid', { hasText: 'p-0001' }).waitFor();
    await page.keyboard.press('a');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });

  it('leaves letters to the search field while a sample is looked for', async () => {
    await page.mouse.click(...(await at(110, 60)));
    await page.keyboard.press('Control+g');
    const field = page.locator('.quick-input-widget input.input');
    await field.waitFor();
    await page.keyboard.type('bad dog');
    assert.equal(await field.inputValue(), 'bad dog');
    await field.fill('p-0777');
    await page.locator('.quick-input-list [role=option]', { hasText: 'p-0777' }).waitFor();
    await page.keyboard.press('Enter');
    await editor.locator('.qid', { hasText: 'p-0777' }).waitFor();
  });
});

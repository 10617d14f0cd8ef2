import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

interface Row {
  readonly answer: string;
  readonly boxes: readonly { readonly label: string; readonly bbox: readonly number[] }[];
}

/** What others do to the file, and what a window's end does to the work in it, seen by a person in real windows. */
describe('work on a file that others change, and in windows that end', function () {
  this.timeout(300_000);
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;
  let file: string;

  before(async () => {
    vscode = await openWorkbench({ theme: 'light', settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    file = path.join(vscode.workspace, 'data/perception.jsonl');
    editor = await openEditor(page);
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    for (const [at, each] of page.context().pages().entries()) await each.screenshot({ path: path.join('artifacts', `nothing-lost-${at}-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  const rows = (): Row[] => readFileSync(file, 'utf8').split('\n').slice(0, 3).map(line => JSON.parse(line) as Row);
  const left = (row = 0): number | undefined => rows()[row]?.boxes[0]?.bbox[0];
  const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 60_000; !(await isTrue()); await page.waitForTimeout(100)) assert.ok(Date.now() < end, what);
  };
  /** As git and most tools write: a new file in the place of the old one. */
  const rewrite = (row: number, change: (line: string) => string): void => {
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[row] = change(lines[row] ?? '');
    writeFileSync(`${file}.new`, lines.join('\n'));
    renameSync(`${file}.new`, file);
  };
  const frameOf = async (window: Page): Promise<Frame> => {
    for (const end = Date.now() + 90_000; Date.now() < end; await window.waitForTimeout(150)) {
      for (const frame of window.frames()) if (await frame.locator('.canvas-viewport canvas').first().isVisible().catch(() => false)) return frame;
    }
    throw new Error('the editor did not come up');
  };
  async function openEditor(window: Page): Promise<Frame> {
    await window.locator('.monaco-workbench').waitFor({ timeout: 90_000 });
    await window.getByRole('tab', { name: 'PeBR', exact: true }).first().waitFor({ timeout: 90_000 }); // the extension is known
    await vscode.handsOf(window).pick('PeBR: Open Dataset', 'cards-perception');
    const frame = await frameOf(window);
    await frame.locator('.qid', { hasText: 'p-0000' }).waitFor();
    return frame;
  }
  const firstBox = async (frame: Frame, x: number): Promise<void> => {
    await frame.waitForFunction(wanted => document.querySelector('.boxes .mono')?.textContent?.startsWith(`${wanted},`), x);
  };
  const isTold = (frame: Frame, what: string): Promise<void> => frame.locator('.status', { hasText: what }).waitFor();
  const nudge = async (window: Page, frame: Frame, to: number): Promise<void> => {
    await frame.locator('.boxes [role=option]').first().click();
    await window.keyboard.press('ArrowRight');
    await firstBox(frame, to);
    await isTold(frame, 'not saved');
  };
  const save = async (window: Page, frame: Frame): Promise<void> => {
    await window.keyboard.press('Control+s');
    await isTold(frame, 'All edits saved');
    await window.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  };

  it('shows a row that was changed here and on disk side by side, and saves what was chosen of each', async () => {
    const x = left() ?? 0;
    await nudge(page, editor, x + 1);
    rewrite(0, line => line.replace(/"answer": "[^"]*"/, '"answer": "nine"').replace(/"bbox": \[[^\]]*\]/, '"bbox": [5, 100, 50, 150]'));
    await editor.locator('.banner vscode-button', { hasText: 'Compare' }).click();
    await editor.locator('.conflict-fields tr', { hasText: 'boxes' }).waitFor();
    assert.deepEqual(await editor.locator('.conflict-fields td b').allTextContents(), ['answer', 'boxes']);
    assert.ok(await editor.locator('.conflict-choice input[aria-label^="answer: on disk"]').isChecked(), 'what only the disk changed is taken from there');
    await page.keyboard.press('Control+s');
    assert.equal(left(), 5, 'nothing is written before somebody chose');
    await editor.locator('.conflict-choice input[aria-label^="boxes: mine"]').check();
    await editor.locator('vscode-button', { hasText: 'Take as Chosen' }).click();
    await editor.locator('.conflict-dialog').waitFor({ state: 'detached' });
    await save(page, editor);
    assert.deepEqual([rows()[0]?.answer, left()], ['nine', x + 1]);
  });

  it('notices what a second window saves, keeps what is typed here, and shows what both changed', async () => {
    const second = await page.context().newPage();
    try {
      await second.goto(vscode.url);
      const other = await openEditor(second);
      const [here, there] = [left(0) ?? 0, left(1) ?? 0];
      await nudge(page, editor, here + 1);
      await second.bringToFront();
      await other.locator('[aria-label="Next sample (D)"]').click();
      await other.locator('.qid', { hasText: 'p-0001' }).waitFor();
      await nudge(second, other, there + 1);
      await save(second, other);
      await page.bringToFront();
      assert.deepEqual([left(0), left(1)], [here, there + 1]);
      await isTold(editor, '1 edit not saved');
      await save(page, editor);
      assert.deepEqual([left(0), left(1)], [here + 1, there + 1], 'both are saved');

      await second.bringToFront();
      await other.locator('[aria-label="Previous sample (A)"]').click();
      await firstBox(other, here + 1);
      await nudge(second, other, here + 2);
      await page.bringToFront();
      await editor.locator('.boxes [role=option]').first().click();
      await page.keyboard.press('Shift+ArrowRight');
      await firstBox(editor, here + 11);
      await isTold(editor, 'not saved');
      await save(page, editor);
      await second.bringToFront();
      await other.locator('.banner', { hasText: 'changed on disk where you have unsaved edits' }).waitFor();
      await firstBox(other, here + 2);
      await second.keyboard.press('Control+s');
      await other.locator('.banner vscode-button', { hasText: 'Compare' }).click();
      await other.locator('vscode-button', { hasText: 'Take the One on Disk' }).click();
      await firstBox(other, here + 11);
      assert.equal(left(), here + 11);
    } finally {
      await second.close({ runBeforeUnload: false });
      await page.bringToFront();
    }
  });

  it('goes on where it was after the window is reloaded: unsaved work, and undo past a save', async () => {
    const x = left() ?? 0;
    for (let step = 1; step <= 4; step++) {
      await nudge(page, editor, x + step);
      if (step === 2) await save(page, editor);
    }
    await page.keyboard.press('Control+z');
    await firstBox(editor, x + 3);
    await page.waitForTimeout(1500); // VS Code keeps its own copy of what is open after a second
    await page.reload();
    editor = await frameOf(page);
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor({ timeout: 60_000 });
    await firstBox(editor, x + 3);
    await isTold(editor, '1 edit not saved');
    await editor.locator('.boxes [role=option]').first().click();
    for (const [key, to] of [['Control+y', 4], ['Control+z', 3], ['Control+z', 2], ['Control+z', 1], ['Control+z', 0], ['Control+y', 1]] as const) {
      await page.keyboard.press(key);
      await firstBox(editor, x + to);
    }
    await save(page, editor);
    await until('the file has the box where undo and redo led to', () => left() === x + 1);
  });
});

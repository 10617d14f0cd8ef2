import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import sharp from 'sharp';
import { openWorkbench, type Workbench } from './openWorkbench';

/** The files of an open editor in other hands: a second editor beside it, git, and tools that write pictures. */
describe('a dataset whose files are in other hands too', function () {
  this.timeout(300_000);
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;
  let file: string;
  const git = (...args: readonly string[]): string => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: vscode.workspace, encoding: 'utf8', stdio: 'pipe' });

  before(async () => {
    vscode = await openWorkbench({ theme: 'light', settings: { 'files.autoSave': 'off', 'git.enabled': false } });
    page = vscode.page;
    file = path.join(vscode.workspace, 'data/perception.jsonl');
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor({ timeout: 90_000 });
    await vscode.pick('PeBR: Open Dataset', 'cards-perception');
    editor = await vscode.webview('.canvas-viewport canvas', 90_000);
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `shared-files-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  const boxOf = (line: number): readonly number[] => (JSON.parse(readFileSync(file, 'utf8').split('\n')[line] ?? '') as { boxes: { bbox: number[] }[] }).boxes[0]?.bbox ?? [];
  const isAt = (frame: Frame, x: number): Promise<unknown> => frame.waitForFunction(wanted => document.querySelector('.boxes .mono')?.textContent?.startsWith(`${wanted},`), x);
  const tells = (frame: Frame, text: string): Promise<void> => frame.locator('.status', { hasText: text }).waitFor();
  const nudge = async (frame: Frame, to: number): Promise<void> => {
    await frame.locator('.boxes [role=option]').first().click();
    await page.keyboard.press('ArrowRight');
    await isAt(frame, to);
  };

  it('shows what is done in one of two editors in the other, with one undo stack', async () => {
    const x = boxOf(0)[0] ?? 0;
    await vscode.command('View: Split Editor');
    let frames: Frame[] = [];
    for (const end = Date.now() + 60_000; frames.length < 2; await page.waitForTimeout(150)) {
      assert.ok(Date.now() < end, 'two editors are shown');
      frames = [];
      for (const frame of page.frames()) if (await frame.locator('.boxes .mono').first().isVisible().catch(() => false)) frames.push(frame);
    }
    const other = frames.find(frame => frame !== editor) as Frame;
    await nudge(editor, x + 1);
    await isAt(other, x + 1);
    await nudge(other, x + 2);
    await isAt(editor, x + 2);
    await nudge(editor, x + 3);
    await isAt(other, x + 3);
    await other.locator('.boxes [role=option]').first().click();
    for (const to of [x + 2, x + 1]) {
      await page.keyboard.press('Control+z');
      await isAt(other, to);
      await isAt(editor, to);
    }
    await page.keyboard.press('Control+s');
    for (const frame of [editor, other]) await tells(frame, 'All edits saved');
    assert.equal(boxOf(0)[0], x + 1);
    await vscode.command('View: Close Editor');
    await page.locator('.tab', { hasText: 'perception.jsonl' }).nth(1).waitFor({ state: 'detached' });
    editor = await vscode.webview('.boxes .mono');
    await nudge(editor, x + 2);
    await page.keyboard.press('Control+z');
    await isAt(editor, x + 1);
    await tells(editor, 'All edits saved');
  });

  it('keeps what is not saved through a git checkout, and takes what that changed', async () => {
    git('init', '-q', '-b', 'first');
    git('add', 'data/perception.jsonl');
    git('commit', '-q', '-m', 'one');
    const elsewhere = path.join(vscode.workspace, '.git/elsewhere'); // the open file is touched by nothing before its edit
    git('worktree', 'add', '-q', '-b', 'other', elsewhere);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(path.join(elsewhere, 'data/perception.jsonl'), ['{"qid": "new", "problem": "<image>?", "answer": "1", "images": ["images/train-0000.png"], "key_words": [], "boxes": []}', ...lines.map((line, at) => (at === 1 ? line.replace(/"bbox": \[\d+/, '"bbox": [3') : line))].join('\n'));
    git('-C', elsewhere, 'commit', '-q', '-am', 'two');
    git('worktree', 'remove', elsewhere);
    await editor.locator('.header, header', { hasText: '1 of 1,200' }).first().waitFor();
    const x = boxOf(0)[0] ?? 0;
    await nudge(editor, x + 1);
    await tells(editor, '1 edit not saved');
    git('checkout', '-q', 'other');
    await editor.locator('header', { hasText: '2 of 1,201' }).first().waitFor(); // the sample stays shown where it is now
    await isAt(editor, x + 1);
    await tells(editor, '1 edit not saved');
    await page.keyboard.press('Control+s');
    await tells(editor, 'All edits saved');
    assert.deepEqual([boxOf(1)[0], boxOf(2)[0]], [x + 1, 3]);
    assert.equal(git('diff', '--numstat').split('\t').slice(0, 2).join(), '1,1', 'one line differs from the branch');
    git('checkout', '-q', '-f', 'first');
    await editor.locator('header', { hasText: '1 of 1,200' }).first().waitFor();
    await isAt(editor, x);
  });

  it('shows a picture that is replaced, taken away and put back, as it is now', async () => {
    const { images } = JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '') as { images: string[] };
    const picture = path.join(vscode.workspace, 'data', images[0] ?? '');
    const middle = (): Promise<number[]> =>
      editor.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.canvas-viewport canvas');
        return [...(canvas?.getContext('2d')?.getImageData(Math.round(canvas.width / 2), Math.round(canvas.height / 3), 1, 1).data ?? [])];
      });
    const isColor = async (wanted: readonly number[]): Promise<void> => {
      for (const end = Date.now() + 30_000; ; await page.waitForTimeout(100)) {
        const color = await middle();
        if (wanted.every((value, at) => Math.abs(value - (color[at] ?? 0)) < 20)) return;
        assert.ok(Date.now() < end, `the picture is ${color.join()} where it should be ${wanted.join()}`);
      }
    };
    const original = readFileSync(picture);
    const paint = (color: string): Promise<Buffer> => sharp({ create: { width: 224, height: 224, channels: 3, background: color } }).png().toBuffer();
    writeFileSync(`${picture}.new`, await paint('#ff0000'));
    renameSync(`${picture}.new`, picture);
    await isColor([255, 0, 0]);
    writeFileSync(picture, await paint('#0000ff'));
    await isColor([0, 0, 255]);
    rmSync(picture);
    await editor.locator('.stage-message').waitFor();
    await page.keyboard.press('d');
    await editor.locator('.qid', { hasText: 'p-0001' }).waitFor();
    await editor.locator('.canvas-viewport canvas[aria-busy=false]').waitFor();
    writeFileSync(picture, await paint('#00ff00'));
    await page.keyboard.press('a');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
    await isColor([0, 255, 0]);
    writeFileSync(picture, original);
  });
});

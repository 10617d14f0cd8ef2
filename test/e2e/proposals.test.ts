import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

interface Row {
  readonly qid: string;
  readonly boxes: readonly { readonly label: string; readonly bbox: readonly number[] }[];
}

interface CurationLine {
  readonly qid: string;
  readonly proposals?: readonly { readonly verdict: string; readonly model: string; readonly hash: string; readonly label: string; readonly score: number; readonly box: readonly number[]; readonly date: string; readonly edited: boolean }[];
}

/** Boxes that a model proposes, through the real window: ghosts, keys, what is in the files after a save, and undo. */
describe('proposed boxes', () => {
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;

  before(async () => {
    vscode = await openWorkbench({ settings: { 'files.autoSave': 'off' }, ...(process.env['PEBR_THEME'] === 'light' && { theme: 'light' as const }) });
    page = vscode.page;
    const lines = readFileSync(file('perception.jsonl'), 'utf8').split('\n');
    const bare = lines.map((line, at) => (at < 8 ? JSON.stringify({ ...(JSON.parse(line) as Row), boxes: [] }) : line));
    writeFileSync(file('perception.jsonl'), bare.join('\n'));
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor();
    await vscode.pick('PeBR: Open Dataset', 'cards-perception');
    editor = await vscode.webview('.canvas-viewport canvas');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page) return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `proposals-${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`) });
  });

  const file = (name: string): string => path.join(vscode.workspace, 'data', name);
  const row = (at: number): Row => JSON.parse(readFileSync(file('perception.jsonl'), 'utf8').split('\n')[at] ?? '{}') as Row;
  const decided = (qid: string): NonNullable<CurationLine['proposals']> => {
    const text = existsSync(file('perception.jsonl.curation.jsonl')) ? readFileSync(file('perception.jsonl.curation.jsonl'), 'utf8') : '';
    return text.split('\n').filter(Boolean).map(line => JSON.parse(line) as CurationLine).find(line => line.qid === qid)?.proposals ?? [];
  };
  const ghosts = (): Promise<string[]> => editor.locator('.proposals li .box-label').allTextContents();
  const marked = (): Promise<string | null> => editor.locator('.proposals li[aria-selected="true"] .box-label').textContent();
  const waiting = (count: number): Promise<void> => editor.locator('.proposals', { hasText: count === 0 ? 'Nothing waits' : `Proposed boxes (${count})` }).waitFor();
  const save = async (isSaved: () => boolean): Promise<void> => {
    await page.keyboard.press('Control+s');
    for (const end = Date.now() + 15_000; !isSaved(); await page.waitForTimeout(50)) assert.ok(Date.now() < end, 'the file has not what was saved');
    await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  };
  const canvas = async (): Promise<void> => {
    const box = await editor.locator('.canvas-viewport canvas').boundingBox();
    if (box) await page.mouse.click(box.x + 4, box.y + 4);
  };

  it('are shown as ghosts, and change nothing before a person accepts one', async () => {
    const before = readFileSync(file('perception.jsonl'), 'utf8');
    await canvas();
    await page.keyboard.press('g');
    await editor.locator('.status-hint', { hasText: 'P proposes some' }).waitFor();
    await page.keyboard.press('p');
    await waiting(4);
    assert.deepEqual((await ghosts()).sort(), ['blue 2', 'green 8', 'red 8', 'yellow 4']);
    assert.equal(readFileSync(file('perception.jsonl'), 'utf8'), before);
    assert.equal(await page.locator('.tab.dirty').count(), 0);
    assert.ok(!existsSync(file('perception.jsonl.curation.jsonl')));
  });

  it('become boxes by one key each, the mark going on; with whose they were in the curation, and undone as one step', async () => {
    const [first, second] = [await marked(), (await ghosts())[1]];
    await page.keyboard.press('g');
    await waiting(3);
    assert.equal(await marked(), second);
    await page.keyboard.press('x');
    await waiting(2);
    await save(() => row(0).boxes.length === 1);
    const [box] = row(0).boxes;
    assert.equal(box?.label, first);
    const [accepted, rejected] = decided('p-0000');
    assert.deepEqual([accepted?.verdict, accepted?.model, accepted?.label, accepted?.box, accepted?.edited], ['accepted', 'cards', first, box?.bbox, false]);
    assert.ok((accepted?.score ?? 0) > 0.5 && /^[0-9a-f]{12}$/.test(accepted?.hash ?? '') && !Number.isNaN(Date.parse(accepted?.date ?? '')));
    assert.deepEqual([rejected?.verdict, rejected?.label], ['rejected', second]);
    await page.keyboard.press('Control+z');
    await waiting(3);
    await page.keyboard.press('Control+z');
    await waiting(4);
    await save(() => row(0).boxes.length === 0);
    assert.deepEqual(decided('p-0000'), []);
  });

  it('are not proposed again once they are rejected', async () => {
    await page.keyboard.press('x');
    await waiting(3);
    await page.keyboard.press('p');
    await editor.locator('.proposals', { hasText: 'Proposing' }).waitFor({ state: 'detached' });
    await waiting(3);
    await page.keyboard.press('Control+z');
    await waiting(4);
  });

  it('are all accepted by a key, and an accepted one that is edited afterwards is told so', async () => {
    await page.keyboard.press('Shift+A');
    await waiting(0);
    await editor.locator('[aria-label="Boxes"] li').first().click();
    await canvas();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('ArrowLeft');
    await save(() => row(0).boxes.length === 4);
    assert.deepEqual(new Set(decided('p-0000').map(({ verdict, edited }) => `${verdict} ${edited}`)), new Set(['accepted true']));
    await page.keyboard.press('Control+z');
    await save(() => decided('p-0000').every(({ edited }) => !edited));
  });

  it('are proposed for the rows of a query with progress; a chip finds those that wait, a key goes to the next', async () => {
    await editor.locator('.search-input').click();
    await page.keyboard.type('boxes:0');
    await page.keyboard.press('Enter');
    await editor.locator('.count', { hasText: '7 of 1,200' }).waitFor();
    await editor.locator('.proposal-actions .link', { hasText: 'For all 7' }).click();
    await editor.locator('.proposal-actions .link:enabled').waitFor({ timeout: 60_000 });
    const kept = readFileSync(path.join(vscode.workspace, '.pebr/proposals/cards-perception.cards.jsonl'), 'utf8').trim().split('\n');
    assert.deepEqual(new Set(kept.slice(1).map(line => (JSON.parse(line) as Row).qid)), new Set(Array.from({ length: 8 }, (_, at) => `p-000${at}`)));
    await editor.locator('[aria-label="Show all rows"]').click();
    await editor.locator('.search-input').click();
    await page.keyboard.type('proposals:>0');
    await page.keyboard.press('Enter');
    await editor.locator('.count', { hasText: '7 of 1,200' }).waitFor();
    await editor.locator('[aria-label="Show all rows"]').click();
    await canvas();
    await page.keyboard.press('Shift+N');
    await editor.locator('.qid', { hasText: /p-000[1-7]/ }).waitFor();
    assert.ok((await ghosts()).length > 0);
  });

  it('are fewer with a higher threshold', async () => {
    const before = (await ghosts()).length;
    const slider = editor.locator('.proposal-threshold input');
    await slider.focus();
    await page.keyboard.press('End');
    await editor.locator('.proposal-threshold', { hasText: '95 %' }).waitFor();
    assert.ok((await ghosts()).length < before);
  });

  it('that cannot be made say why, with buttons that mend it', async () => {
    await vscode.pick('PeBR: Go to Sample...', 'p-0020', { typed: 'p-0020', placeholder: 'Part of an id or a question, or a number' });
    await editor.locator('.qid', { hasText: 'p-0020' }).waitFor();
    const project = path.join(vscode.workspace, 'pebr.json');
    const text = readFileSync(project, 'utf8');
    writeFileSync(project, text.replace('models/detector', 'models/gone'));
    await editor.locator('.proposals .link', { hasText: 'Choose a model' }).waitFor();
    await editor.locator('.proposal-actions vscode-button', { hasText: 'Propose' }).click();
    await vscode.command('Notifications: Show Notifications'); // the window of a test shows no toasts
    const notices = page.locator('.notifications-center .notification-list-item', { hasText: 'there is no such folder' });
    await notices.first().waitFor();
    writeFileSync(project, text);
    await editor.locator('.proposals .link', { hasText: 'cards' }).waitFor();
    assert.equal(await editor.locator('.proposal-actions vscode-button', { hasText: 'Again' }).count(), 0);
    await notices.first().hover();
    await notices.first().getByRole('button', { name: 'Try Again' }).click();
    await editor.locator('.proposal-actions vscode-button', { hasText: 'Propose Again' }).waitFor();
    await notices.first().waitFor({ state: 'detached' });
  });
});

import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

interface Row {
  readonly qid: string;
  readonly problem: string;
  readonly answer: string;
  readonly key_words: readonly string[];
  readonly boxes: readonly { readonly label: string; readonly bbox: readonly number[] }[];
}

interface Decided {
  readonly qid: string;
  readonly second?: { readonly answer: string; readonly boxes: readonly object[]; readonly by?: string; readonly settled?: { readonly answer: string } };
}

/** Answers by their kind, and labeling a second time, in the real window; what counts is what is in the files after a save. */
describe('answers and second labels', () => {
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;
  const file = (name: string): string => path.join(vscode.workspace, 'data', name);
  const rows = (): readonly Row[] => readFileSync(file('perception.jsonl'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line) as Row);
  const second = (): readonly Decided[] => (existsSync(file('perception.jsonl.curation.jsonl')) ? readFileSync(file('perception.jsonl.curation.jsonl'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line) as Decided) : []);
  const save = async (isSaved: () => boolean): Promise<void> => {
    await page.keyboard.press('Control+s');
    for (const end = Date.now() + 15_000; !isSaved(); await page.waitForTimeout(50)) assert.ok(Date.now() < end, 'the file has not what was saved');
    await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  };
  const at = (qid: string): Promise<void> => editor.locator('.qid', { hasText: qid }).waitFor();
  const pick = (look: string): Promise<unknown> => (process.env.PEBR_PICTURES ? page.screenshot({ path: path.join(process.env.PEBR_PICTURES, `${look}.png`) }) : Promise.resolve());

  /** Pixels of the canvas in the colour of second labels. */
  const purplePixels = (): Promise<number> => editor.locator('.canvas-viewport canvas').evaluate(element => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    const purple = getComputedStyle(document.documentElement).getPropertyValue('--vscode-charts-purple').trim();
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(from => parseInt(purple.slice(from, from + 2), 16));
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) count++;
    return count;
  });

  before(async () => {
    vscode = await openWorkbench({ settings: { 'files.autoSave': 'off', 'pebr.labeling.by': 'Ada' }, ...(process.env.PEBR_THEME === 'light' && { theme: 'light' as const }) });
    page = vscode.page;
    const changed: Readonly<Record<number, Partial<Row>>> = {
      0: { problem: '<image>Which colour has the digit?\nA) red\nB) blue\nC) green', answer: 'A' },
      1: { answer: '\\frac{1}{2}+\\sqrt{3}' },
      2: { problem: 'Where <image>are the cards?', answer: '[{"bbox_2d": [0, 0, 60, 60], "label": "red 7"}]' },
      3: { answer: '50%' },
    };
    const lines = readFileSync(file('perception.jsonl'), 'utf8').split('\n');
    writeFileSync(file('perception.jsonl'), lines.map((line, index) => (changed[index] ? JSON.stringify({ ...(JSON.parse(line) as Row), ...changed[index] }) : line)).join('\n'));
    const folder = path.join(vscode.workspace, '.pebr/runs/20260101-000000-stored/rollouts');
    mkdirSync(folder, { recursive: true });
    const response = (sampleId: string, answer: string, index: number): string => JSON.stringify({
      v: 1, run: 'stored', stage: 'perception', step: 60, group: `g-${sampleId}`, dataset: 'cards-perception', sampleId, index, prompt: '',
      response: `### Image Description:\nA purple dragon.\n### The final answer is: ${answer}`, tokens: 9, finish: 'stop', components: {}, overall: 0, advantage: 0, evidence: [], rewardHash: '', checkpoint: '',
    });
    const stored = [...['8', '8.0', '8', '50%'].map((answer, index) => response('p-0003', answer, index)), ...['A', 'A'].map((answer, index) => response('p-0000', answer, index))];
    writeFileSync(path.join(folder, 'perception.jsonl'), `${stored.join('\n')}\n`);
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor();
    await vscode.pick('PeBR: Open Dataset', 'cards-perception');
    editor = await vscode.webview('.canvas-viewport canvas');
    await at('p-0000');
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `answers-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  it('chooses an option by one key, by its letter after Q, and by a click; each is one step to undo', async () => {
    const option = (letter: string): ReturnType<Frame['locator']> => editor.locator('.option', { hasText: letter }).first();
    await editor.locator('.option[aria-pressed=true]', { hasText: 'red' }).waitFor();
    await pick('choice');
    const undone = async (letter: string): Promise<void> => {
      await editor.locator('.option[aria-pressed=true]', { hasText: letter }).waitFor();
      await editor.locator('.status', { hasText: '1 edit not saved' }).waitFor(); // the step is on VS Code's stack
      await page.keyboard.press('Control+z');
      await editor.locator('.option[aria-pressed=true]', { hasText: 'red' }).waitFor();
      await editor.locator('.status', { hasText: 'All edits saved' }).waitFor();
    };
    await page.keyboard.press('Alt+b');
    await undone('blue');
    await page.keyboard.press('q');
    await editor.waitForFunction(() => document.activeElement?.id === 'answer-choice');
    await page.keyboard.press('c');
    await undone('green');
    await option('green').click();
    await editor.locator('.option[aria-pressed=true]', { hasText: 'green' }).waitFor();
    await save(() => rows()[0]?.answer === 'C');
    await page.keyboard.press('d'); // the click left no focus that would keep the key
    await at('p-0001');
  });

  it('draws a formula, and says what is wrong with one that cannot be; nothing of it becomes a link', async () => {
    await editor.locator('.latex math mfrac').waitFor();
    await pick('latex');
    await page.keyboard.press('q');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'answer');
    const again = (): Promise<void> => editor.locator('#answer').evaluate(field => field.shadowRoot?.querySelector('textarea')?.select()); // typing replaces it
    await page.keyboard.type('\\href{javascript:alert(1)}{x}+\\sqrt{2}<img src=x>');
    await page.keyboard.press('Enter');
    await editor.locator('.latex math msqrt').waitFor();
    assert.equal(await editor.locator('.latex a, .latex img').count(), 0);
    await again();
    await page.keyboard.type('\\frac{1');
    await page.keyboard.press('Enter');
    await editor.locator('.hint', { hasText: 'Expected' }).waitFor();
    await again();
    await page.keyboard.type('\\sqrt{2}');
    await page.keyboard.press('Enter');
    await editor.locator('.hint', { hasText: 'Expected' }).waitFor({ state: 'detached' });
    await save(() => rows()[1]?.answer === '\\sqrt{2}');
    await editor.locator('.answer-kind').focus();
    await editor.locator('.answer-kind').selectOption('number'); // how it is edited, not what it is
    await editor.locator('#answer-unit').waitFor();
    assert.equal(rows()[1]?.answer, '\\sqrt{2}');
    await editor.locator('[aria-label="Next sample (D)"]').click();
    await at('p-0002');
    await editor.locator('.answer-kind', { hasText: 'boxes (detected)' }).waitFor();
  });

  it('writes the gold boxes as the answer in its grammar, and moves the image to the start', async () => {
    await pick('boxes');
    const [row] = rows().slice(2);
    await editor.locator('.link', { hasText: 'Write the gold boxes as the answer' }).click();
    await editor.locator('.answer-boxes .box').nth((row?.boxes.length ?? 1) - 1).waitFor();
    await editor.locator('.marks-line', { hasText: 'before “are the cards?”' }).waitFor();
    await editor.locator('.link', { hasText: 'Move to the start' }).click();
    await editor.locator('.marks-line', { hasText: 'at the start' }).waitFor();
    await save(() => rows()[2]?.problem === '<image>Where are the cards?');
    assert.deepEqual((JSON.parse(rows()[2]?.answer ?? '') as { bbox_2d: number[]; label: string }[]).map(({ bbox_2d: bbox, label }) => ({ label, bbox })), row?.boxes);
  });

  it('lists the samples whose label most responses deny, takes their answer by one key, and suggests their words', async () => {
    await page.keyboard.press('Shift+M');
    await editor.locator('.count', { hasText: '2 of 1,200' }).waitFor();
    await at('p-0000'); // all of its responses say A; it says C by now
    await editor.locator('.responses-doubt', { hasText: '2 of 2 say “A”, the label says “C”' }).waitFor();
    await page.keyboard.press('d');
    await at('p-0003');
    await editor.locator('.responses-doubt', { hasText: '3 of 4 say “8”, the label says “50%”' }).waitFor();
    await editor.locator('.hint', { hasText: 'also right: 50' }).waitFor();
    await editor.locator('.suggested-word', { hasText: 'purple dragon' }).waitFor();
    await pick('doubt');
    const places = await editor.locator('.suggested-word').allTextContents();
    await page.keyboard.press(`Shift+Digit${places.findIndex(text => text.includes('purple dragon')) + 1}`);
    await editor.locator('.chip', { hasText: 'purple dragon' }).locator('.chip-count', { hasText: '4/4' }).waitFor();
    await page.keyboard.press('m');
    await editor.locator('.responses', { hasText: '3 of 4 say what the label says' }).waitFor();
    await editor.locator('.responses-doubt').waitFor({ state: 'detached' });
    await save(() => rows()[3]?.answer === '8');
    assert.ok(rows()[3]?.key_words.includes('purple dragon'));
    await editor.locator('[aria-label="Show all rows"]').click();
    await editor.locator('.sorted', { hasText: 'majority_share' }).click();
    await editor.locator('.count', { hasText: '1,200 rows' }).waitFor();
  });

  it('shows the prompt through the chat template of the policy, with its tokens', async () => {
    await editor.locator('.foldable .facet-head', { hasText: 'Prompt' }).click();
    await editor.locator('.raw-line', { hasText: '<|assistant|>' }).waitFor();
    await editor.locator('.hint', { hasText: /^\s*\d+ tokens, 16 of them for the pictures; a prompt may have 128/ }).waitFor();
    await editor.locator('.foldable .facet-head', { hasText: 'Prompt' }).click();
  });

  it('asks nothing in a blind pass that tells of the first labels: not by a query, an order, a count, a card, a bulk edit or what was copied', async () => {
    const ask = async (text: string): Promise<void> => {
      await editor.locator('.search-input').click();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    await ask('answer:8');
    await editor.locator('.count', { hasText: /^\d+ of 1,200/ }).waitFor();
    await page.keyboard.press('Escape');
    await vscode.command('PeBR: Label Blindly a Second Time');
    await editor.locator('.banner', { hasText: 'Second pass' }).waitFor();
    await editor.locator('.count', { hasText: '1,200 rows' }).waitFor();
    await ask('answer:8');
    await editor.locator('.search-fault', { hasText: 'hidden in a blind pass' }).waitFor();
    await editor.locator('[aria-label="Show all rows"]').click();
    await ask('purple');
    await editor.locator('.count', { hasText: '0 of 1,200' }).waitFor();
    await editor.locator('[aria-label="Show all rows"]').click();
    await editor.locator('[aria-label="Count the columns"]').click();
    await editor.locator('.facet-head', { hasText: 'qid' }).waitFor();
    assert.deepEqual((await editor.locator('.facets .facet-head').allTextContents()).map(name => name.trim()).sort(), ['image_count', 'images', 'problem', 'qid', 'stage', 'tags']);
    await editor.locator('[aria-label="Count the columns"]').click();
    await page.keyboard.press('Escape');
    await vscode.command('PeBR: Show Rows as Grid');
    await editor.locator('.card svg image').first().waitFor();
    assert.equal(await editor.locator('.card rect').count(), 0, 'no card shows a box');
    assert.equal((await editor.locator('.card-answer').allTextContents()).join(''), '');
    await editor.locator('.row-scroller').focus();
    await page.keyboard.press('Space');
    await editor.locator('.bulk-bar', { hasText: 'one sample at a time' }).waitFor();
    await editor.locator('.bulk-bar .link').click();
    await vscode.command('PeBR: Label Blindly a Second Time');
    await editor.locator('.banner', { hasText: 'Second pass' }).waitFor({ state: 'detached' });
    await vscode.pick('PeBR: Go to Sample...', 'p-0003', { typed: 'p-0003', placeholder: 'Part of an id or a question, or a number' });
    await at('p-0003');
    await editor.waitForFunction(() => document.hasFocus());
  });

  it('labels a second time without the first labels, tells how the two agree, and lets a person settle it in one step', async () => {
    const before = rows()[3];
    assert.ok(before && before.boxes.length > 0);
    await page.keyboard.press('Shift+S');
    await editor.locator('.banner', { hasText: 'Second pass' }).waitFor();
    assert.equal(await editor.locator('.box').count(), 0);
    assert.equal(await editor.locator('#answer').evaluate(field => (field as HTMLInputElement).value), '');
    for (const word of before.key_words) assert.equal(await editor.locator('.chip', { hasText: word }).count(), 0);
    for (const part of ['Responses', 'Second labels', 'Prompt', 'Proposals']) assert.equal(await editor.locator('.facet-head', { hasText: part }).count(), 0);
    await page.keyboard.press('q');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'answer');
    await page.keyboard.type('9');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    const canvas = await editor.locator('.canvas-viewport canvas').boundingBox();
    assert.ok(canvas);
    await editor.locator('[aria-label="Draw boxes (B)"]').click();
    const [x, y] = [canvas.x + canvas.width / 2, canvas.y + canvas.height / 2];
    await page.mouse.move(x - 60, y - 60);
    await page.mouse.down();
    await page.mouse.move(x + 40, y + 40, { steps: 4 });
    await page.mouse.up();
    await editor.locator('.label-input').waitFor();
    await page.keyboard.type('mine');
    await page.keyboard.press('Enter');
    await editor.locator('.box', { hasText: 'mine' }).waitFor();
    await editor.locator('[aria-label="Draw boxes (B)"]').click();
    await pick('blind');
    await page.keyboard.press('y');
    await at('p-0004');
    await page.keyboard.press('a');
    await at('p-0003');
    await editor.locator('.box', { hasText: 'mine' }).waitFor();
    await save(() => second().some(({ qid }) => qid === 'p-0003'));
    assert.deepEqual(rows()[3], before, 'the first labels are as they were');
    assert.equal(second().find(({ qid }) => qid === 'p-0003')?.second?.by, 'Ada');
    await page.keyboard.press('Shift+S');
    await editor.locator('.box', { hasText: before.boxes[0]?.label ?? '' }).first().waitFor();
    await editor.locator('.second', { hasText: 'Ada' }).locator('tr', { hasText: 'answer' }).filter({ hasText: '9' }).waitFor();
    await editor.locator('.second-summary', { hasText: '1 sample labeled twice' }).waitFor();
    await editor.locator('.stage-legend', { hasText: 'second (Ada)' }).waitFor();
    assert.ok((await purplePixels()) > 20, 'the second boxes are drawn beside the first');
    await pick('agreement');
    await editor.locator('.search-input').click();
    await page.keyboard.type('agreement:<0.5');
    await page.keyboard.press('Enter');
    await editor.locator('.count', { hasText: '1 of 1,200' }).waitFor();
    await editor.locator('.second-tools .link', { hasText: 'Take the second' }).click();
    await editor.locator('.facet-head', { hasText: 'settled' }).waitFor();
    await editor.locator('.chip', { hasText: 'purple dragon' }).waitFor({ state: 'detached' });
    await editor.locator('.canvas-viewport canvas').focus();
    await page.keyboard.press('Control+z');
    await editor.locator('.chip', { hasText: 'purple dragon' }).waitFor();
    await editor.locator('.facet-head', { hasText: 'settled' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+y');
    await editor.locator('.facet-head', { hasText: 'settled' }).waitFor();
    await save(() => rows()[3]?.answer === '9');
    assert.deepEqual(rows()[3]?.boxes.map(({ label }) => label), ['mine']);
    assert.equal(second().find(({ qid }) => qid === 'p-0003')?.second?.settled?.answer, '8');
  });
});

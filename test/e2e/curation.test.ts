import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

interface Row {
  readonly qid: string;
  readonly answer: string;
  readonly boxes: readonly { readonly label: string }[];
}

/** Finding rows and changing many of them, through the real window; what counts is what is in the files after a save. */
describe('curating a dataset', () => {
  let vscode: Workbench;
  let page: Page;
  let editor: Frame;

  before(async () => {
    vscode = await openWorkbench({ settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor();
    await vscode.pick('PeBR: Open Dataset', 'cards-perception');
    editor = await vscode.webview('.canvas-viewport canvas');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
  });
  after(() => vscode?.close());
  afterEach(async function () {
    if (!page || this.currentTest?.state !== 'failed') return;
    mkdirSync('artifacts', { recursive: true });
    await page.screenshot({ path: path.join('artifacts', `curation-${this.currentTest.title.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  });

  const file = (name: string): string => path.join(vscode.workspace, 'data', name);
  const rows = (): readonly Row[] => readFileSync(file('perception.jsonl'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line) as Row);
  const ask = async (text: string, count: string): Promise<void> => {
    await editor.locator('.search-input').click();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await editor.locator('.count', { hasText: count }).waitFor();
  };
  const clear = async (): Promise<void> => {
    await editor.locator('[aria-label="Show all rows"]').click();
    await editor.locator('.count', { hasText: '1,200 rows' }).waitFor();
  };
  const save = async (isSaved: () => boolean): Promise<void> => {
    await page.keyboard.press('Control+s');
    for (const end = Date.now() + 15_000; !isSaved(); await page.waitForTimeout(50)) assert.ok(Date.now() < end, 'the file has not what was saved');
    await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor({ state: 'detached' });
  };

  it('grades the stored responses by the label as it stands, doubts it where most of them say something else, and shows the prompt', async () => {
    const [first] = rows();
    const folder = path.join(vscode.workspace, '.pebr/runs/20260101-000000-stored/rollouts');
    mkdirSync(folder, { recursive: true });
    const responses = ['7', '7', '7', first?.answer].map((answer, index) => JSON.stringify({
      v: 1, run: 'stored', stage: 'perception', step: 60, group: 'g', dataset: 'cards-perception', sampleId: first?.qid, index, prompt: '', response: `### The final answer is: ${answer}`,
      tokens: 9, finish: 'stop', components: {}, overall: 0, advantage: 0, evidence: [], rewardHash: '', checkpoint: '',
    }));
    writeFileSync(path.join(folder, 'perception.jsonl'), `${responses.join('\n')}\n`);
    await editor.locator('.foldable .facet-head', { hasText: 'Responses' }).click();
    await editor.locator('.responses', { hasText: '1 of 4 say what the label says' }).waitFor();
    await editor.locator('.responses-doubt', { hasText: '3 of 4 say “7”' }).waitFor();
    await page.keyboard.press('q');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'answer');
    await page.keyboard.type('7');
    await editor.locator('.responses', { hasText: '3 of 4 say what the label says' }).waitFor();
    await editor.locator('.foldable .facet-head', { hasText: 'Prompt' }).click();
    await editor.locator('.raw-line', { hasText: 'Which digit is on the red card?' }).waitFor();
    await page.keyboard.press('Control+z');
    await editor.locator('.responses', { hasText: '1 of 4 say what the label says' }).waitFor();
    for (const part of ['Responses', 'Prompt']) await editor.locator('.foldable .facet-head', { hasText: part }).click();
  });

  it('finds rows by chips, and walks through those alone', async () => {
    const many = rows().filter(row => row.boxes.length > 3);
    await ask('boxes:>3', `${many.length} of 1,200`);
    assert.equal(await editor.locator('.search .chip').count(), 1);
    await page.keyboard.press('Escape');
    await vscode.command('PeBR: Next Sample');
    await editor.locator('.qid', { hasText: many[1]?.qid ?? '' }).waitFor();
    await editor.locator('.position', { hasText: `2 of ${many.length}` }).waitFor();
    await clear();
  });

  it('finds a row by what the linter has just found in it', async () => {
    await ask('problem:dataset/empty-answer', '0 of 1,200');
    await vscode.command('PeBR: Edit Answer');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'answer');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await editor.locator('.problems li').first().waitFor();
    await editor.locator('[aria-label^="Rows changed since"]').click();
    await editor.locator('.count', { hasText: '1 of 1,200' }).waitFor();
    await page.keyboard.press('Control+z');
    await editor.locator('.problems li').first().waitFor({ state: 'detached' });
    await clear();
  });

  it('asks in SQL, and says what is wrong with a condition', async () => {
    const right = rows().filter(row => row.boxes.length === 2 && row.answer === '4').length;
    await ask("sql: box_count = 2 and answer = '4'", `${right} of 1,200`);
    await editor.locator('[aria-label="Show all rows"]').click();
    await editor.locator('.search-input').click();
    await page.keyboard.type('sql: no_such_column > 3');
    await page.keyboard.press('Enter');
    assert.match((await editor.locator('.search-fault').textContent()) ?? '', /no_such_column/);
    await clear();
  });

  it('shows every row in the grid, and the last one by one key', async () => {
    await page.keyboard.press('Escape');
    await vscode.command('PeBR: Show Rows as Grid');
    await editor.locator('.card-name', { hasText: 'p-0000' }).waitFor();
    await editor.locator('.row-scroller').focus();
    await page.keyboard.press('End');
    await editor.locator('.card.is-current .card-name', { hasText: 'p-1199' }).waitFor();
    await page.keyboard.press('Home');
    await editor.locator('.card.is-current .card-name', { hasText: 'p-0000' }).waitFor();
  });

  it('counts a column, and narrows by a click on a bar', async () => {
    const texts = rows().filter(row => /^\d+$/.test(row.answer)).length;
    await editor.locator('[aria-label="Count the columns"]').click();
    await editor.locator('.facet-bar', { hasText: 'number' }).first().click();
    await editor.locator('.count', { hasText: `${texts} of 1,200` }).waitFor();
    await editor.locator('[aria-label="Count the columns"]').click();
    await clear();
  });

  it('renames a label in all rows that match, shows before what it does, and takes it back by one undo', async () => {
    const has = (label: string): number => rows().filter(row => row.boxes.some(box => box.label === label)).length;
    const before = has('red 7');
    assert.ok(before > 10);
    await ask('box:"red 7"', `${before} of 1,200`);
    await editor.locator('.row-scroller').focus();
    await page.keyboard.press('Control+a');
    await editor.locator('.bulk-bar b', { hasText: `${before}` }).waitFor();
    await editor.locator('.bulk-bar select').first().selectOption('Rename label');
    await editor.locator('.bulk-input').first().fill('red 7');
    await editor.locator('.bulk-input').nth(1).fill('scarlet 7');
    await editor.locator('.bulk-form vscode-button').click();
    const dialog = editor.locator('.bulk-dialog');
    await dialog.locator('vscode-button', { hasText: `Change ${before} rows` }).click();
    await dialog.waitFor({ state: 'detached' });
    await save(() => has('scarlet 7') === before);
    assert.equal(has('red 7'), 0);
    await editor.locator('.row-scroller').focus();
    await page.keyboard.press('Control+z');
    await save(() => has('red 7') === before && has('scarlet 7') === 0);
    await clear();
  });

  it('accepts and rejects by one key each, and goes on to the next that nobody has looked at', async () => {
    await vscode.command('PeBR: Show One Sample');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
    await editor.locator('.canvas-viewport canvas').click({ position: { x: 4, y: 4 } });
    await page.keyboard.press('y');
    await editor.locator('.qid', { hasText: 'p-0001' }).waitFor();
    await page.keyboard.press('u');
    await editor.locator('.qid', { hasText: 'p-0002' }).waitFor();
    await page.keyboard.press('a');
    await editor.locator('.qid', { hasText: 'p-0001' }).waitFor();
    assert.equal(await editor.locator('.curation select').first().inputValue(), 'rejected');
    await page.keyboard.press('a');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
    await page.keyboard.press('n');
    await editor.locator('.qid', { hasText: 'p-0002' }).waitFor();
    await ask('review:accepted', '1 of 1,200');
    await clear();
    await page.keyboard.press('Escape');
    await vscode.command('PeBR: Show Rows as Grid');
    await editor.locator('.card').first().waitFor();
  });

  it('tags the selected rows beside the dataset, and finds them by their tag', async () => {
    const untouched = readFileSync(file('perception.jsonl'));
    await editor.locator('.row-scroller').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+ArrowRight');
    await editor.locator('.bulk-bar select').first().selectOption('Add tag');
    await editor.locator('.bulk-input').fill('look again');
    await editor.locator('.bulk-form vscode-button').click();
    await editor.locator('.bulk-dialog vscode-button', { hasText: 'Change 2 rows' }).click();
    await editor.locator('.bulk-dialog').waitFor({ state: 'detached' });
    await ask('tag:"look again"', '2 of 1,200');
    const curation = file('perception.jsonl.curation.jsonl');
    const tagged = (): readonly string[] => {
      try {
        return readFileSync(curation, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line) as { qid: string; tags: readonly string[] }).filter(({ tags }) => tags.includes('look again')).map(({ qid }) => qid);
      } catch {
        return [];
      }
    };
    await editor.locator('.row-scroller').focus();
    await save(() => tagged().length === 2);
    assert.deepEqual([tagged(), readFileSync(file('perception.jsonl')).equals(untouched)], [['p-0000', 'p-0001'], true]);
    await clear();
  });

  it('shows the tags of many rows at once, and takes them back with one undo', async () => {
    await vscode.command('PeBR: Show Rows as Table');
    await editor.locator('.row-list.table').waitFor();
    await editor.locator('.count').click(); // no control has the focus: keys belong to the list
    await page.keyboard.press('Control+a');
    await editor.locator('.bulk-bar b', { hasText: '1,200' }).waitFor();
    await editor.locator('.bulk-bar select').first().selectOption('Add tag');
    await editor.locator('.bulk-input').fill('everywhere');
    await page.keyboard.press('Enter');
    await editor.locator('.bulk-dialog vscode-button', { hasText: 'Change 1,200 rows' }).click();
    await editor.locator('.line', { hasText: 'p-0003' }).locator('.cell', { hasText: 'everywhere' }).waitFor();
    await page.keyboard.press('Control+z');
    await editor.locator('.cell', { hasText: 'everywhere' }).first().waitFor({ state: 'detached' });
  });

  it('previews by Enter from any field, takes letters in a list of choices for itself, and keeps spaces in quotation marks', async () => {
    await page.keyboard.press('Control+a');
    await editor.locator('.bulk-bar select').first().focus();
    await page.keyboard.type('Ren');
    await editor.locator('.bulk-input').first().fill('red 7');
    await editor.locator('.bulk-input').nth(1).focus();
    await page.keyboard.type('RED');
    await page.keyboard.press('Enter');
    await editor.locator('.bulk-dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await editor.locator('.bulk-dialog').waitFor({ state: 'detached' });
    assert.equal(await editor.evaluate(() => document.activeElement?.getAttribute('name')), 'to');
    await ask('tag:"two  spaces" -qid:none', '0 of 1,200');
    await page.keyboard.press('Backspace');
    await editor.locator('.search .chip').nth(1).waitFor({ state: 'detached' });
    assert.deepEqual([await editor.locator('.search .chip').textContent(), await editor.locator('.search-input').inputValue()], ['tag:"two  spaces"', '-qid:none']);
    await clear();
  });

  it('drops a selection when the file changes underneath, though it has as many rows as before', async () => {
    const before = readFileSync(file('perception.jsonl'), 'utf8');
    await page.keyboard.press('Escape');
    await editor.locator('.row-scroller').focus();
    await page.keyboard.press('Control+a');
    await editor.locator('.bulk-bar b', { hasText: '1,200' }).waitFor();
    writeFileSync(file('perception.jsonl'), `${before.split('\n').filter(Boolean).reverse().join('\n')}\n`);
    await editor.locator('.bulk-bar').waitFor({ state: 'detached' });
    writeFileSync(file('perception.jsonl'), before);
  });

  it('stays at a row about which nothing can be decided, and says why', async () => {
    await vscode.command('PeBR: Show One Sample');
    await editor.locator('.qid', { hasText: 'p-0000' }).waitFor();
    await editor.locator('.position', { hasText: /^1 of 1,200/ }).waitFor(); // what the test before restored has been read
    const before = readFileSync(file('perception.jsonl'), 'utf8');
    const [first = '', second = '', ...others] = before.split('\n');
    writeFileSync(file('perception.jsonl'), [first.slice(0, 40), second.replace('"qid": "p-0001", ', ''), ...others].join('\n'));
    await editor.locator('.raw-line').waitFor();
    await editor.locator('.position').focus();
    await page.keyboard.press('y');
    await editor.locator('.banner', { hasText: 'Line 1 is no row' }).waitFor();
    await page.keyboard.press('d');
    await editor.locator('.qid', { hasText: 'line 2' }).waitFor();
    await page.keyboard.press('u');
    await editor.locator('.banner', { hasText: 'it has no id' }).waitFor();
    await editor.locator('.position', { hasText: /^2 of/ }).waitFor();
    writeFileSync(file('perception.jsonl'), before);
  });
});

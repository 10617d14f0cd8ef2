import * as assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { until } from '../until';
import { openWorkbench, type Workbench } from './openWorkbench';

interface Row {
  readonly qid: string;
  readonly answer: string;
  readonly boxes: readonly { readonly label: string; readonly bbox: readonly number[] }[];
}

/** From a bad rollout to its label, its reward and its log, one key each; each test goes on where the one before ended. */
describe('looking at rollouts', () => {
  let vscode: Workbench;
  let page: Page;
  let rollouts: Frame;
  let rows: readonly Row[];
  const file = (name: string): string => path.join(vscode.workspace, name);
  const run = '.pebr/runs/20260101-000000-stored';
  const stored = (): string => file(`${run}/rollouts/perception.jsonl`);
  const curated = (): readonly Record<string, unknown>[] => (existsSync(file('data/perception.jsonl.curation.jsonl')) ? readFileSync(file('data/perception.jsonl.curation.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>) : []);

  /** A response that names the sample's boxes, moved by `shift` px. */
  const record = (row: Row, step: number, index: number, shift: number, answer: string): string => {
    const response = `### Image Description:\n${row.boxes.map(({ label, bbox: [x1 = 0, y1 = 0, x2 = 0, y2 = 0] }) => `${label} at [${x1 + shift}, ${y1}, ${x2 + shift}, ${y2}]`).join('; ')}.\n### Rationales:\nSeen.\n### Let's think step by step.\n### Step 1:\nRead.\n### The final answer is: ${answer}`;
    const isRight = answer === row.answer ? 1 : 0;
    return `${JSON.stringify({
      v: 1, run: path.basename(run), stage: 'perception', step, group: `perception-${step}-${row.qid}`, dataset: 'cards-perception', sampleId: row.qid, index, prompt: 'Which digit?', response, tokens: 3, finish: 'stop',
      components: { accuracy: isRight, clip: 0.9 }, overall: isRight, advantage: isRight === 1 ? 1 : -1, evidence: [{ component: 'accuracy', kind: 'answer', text: answer, ok: isRight === 1 }], rewardHash: 'old', checkpoint: '',
      tokenTexts: ['### ', 'Image', '…'], logprobs: [-0.1, -3, -0.5], entropies: [0.2, 1.5, 0.9],
    })}\n`;
  };

  before(async () => {
    vscode = await openWorkbench({ theme: 'light', settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    rows = readFileSync(file('data/perception.jsonl'), 'utf8').split('\n').slice(0, 40).map(line => JSON.parse(line) as Row);
    mkdirSync(path.dirname(stored()), { recursive: true });
    // In the first group most agree on an answer that the label denies.
    const text = rows.flatMap((row, at) => [0, 1, 2, 3].map(index => record(row, at + 1, index, index * 4, at === 0 ? (index < 3 ? '77' : row.answer) : index % 2 === 0 ? row.answer : '77'))).join('');
    writeFileSync(stored(), text);
    writeFileSync(file(`${run}/events.jsonl`), [1, 2, 3].map(step => `${JSON.stringify({ v: 1, type: 'step', time: step, stage: 'perception', step, total: 3, metrics: {} })}\n`).join(''));
    await vscode.container('PeBR');
    await vscode.treeItem('cards-perception').waitFor();
    await vscode.command('PeBR: Open Rollouts');
    rollouts = await vscode.webview('.rollouts .response');
  });
  after(() => vscode?.close());

  afterEach(async function () {
    mkdirSync('artifacts', { recursive: true });
    await page?.screenshot({ path: path.join('artifacts', `${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').toLowerCase() ?? 'end'}.png`) });
  });

  const counts = (text: string | RegExp): Promise<void> => rollouts.locator('.counts', { hasText: text }).waitFor();
  const sampleShown = (qid: string): Promise<void> => rollouts.locator('.group h1', { hasText: qid }).waitFor();
  /** Keys go to the page, as they do after a click into the list. */
  const press = async (key: string): Promise<void> => {
    await rollouts.locator('.group-scroller').focus();
    await page.keyboard.press(key);
  };

  it('finds the groups whose gold is doubted with one click, and shows every response over the picture', async () => {
    await counts('40 groups · 160 rollouts');
    await rollouts.locator('.finder', { hasText: 'Doubtful gold' }).click();
    await counts('1 of 40 groups · 4 of 160 rollouts');
    await sampleShown(rows[0]?.qid ?? '');
    await rollouts.locator('.response').nth(3).waitFor();
    const canvas = await rollouts.locator('.picture canvas').getAttribute('aria-label');
    assert.match(canvas ?? '', new RegExp(`${rows[0]?.boxes.length ?? 0} gold and ${4 * (rows[0]?.boxes.length ?? 0)} predicted boxes`));
    await rollouts.locator('.finder', { hasText: 'Doubtful gold' }).click();
    await counts('40 groups');
  });

  it('goes on by keys: group, response, what differs, tokens', async () => {
    await press('j');
    await sampleShown(rows[1]?.qid ?? '');
    await press('k');
    await sampleShown(rows[0]?.qid ?? '');
    const current = (): Promise<string> => rollouts.locator('.response[aria-current]').getAttribute('aria-label').then(String);
    const before = await current();
    await press('h');
    await until(async () => (await current()) !== before);
    await press('d');
    await rollouts.locator('.compare ins').first().waitFor();
    await press('d');
    await press('e');
    await rollouts.locator('.token[title*="log-probability -3.000"]').first().waitFor();
    await press('e');
    await rollouts.locator('.token[title*="entropy 1.500"]').first().waitFor();
    await press('e');
  });

  it('keeps what is looked at where it is while the run writes, and tells what is new', async () => {
    await rollouts.locator('.choice', { hasText: 'Sort' }).locator('select').selectOption('step');
    const shown = (): Promise<string[]> => rollouts.locator('.row-layer .sample').allInnerTexts();
    await until(async () => (await shown()).at(-1) === rows[0]?.qid); // the highest step stands first, and the group that is looked at stays in view
    const before = await shown();
    appendFileSync(stored(), [0, 1].map(index => record(rows[2] as Row, 99, index, 0, '7')).join(''));
    await rollouts.locator('.pill', { hasText: '1 new' }).waitFor();
    assert.deepEqual(await shown(), before);
    await press('n');
    await counts('41 groups');
    await sampleShown(rows[0]?.qid ?? '');
    await rollouts.locator('.choice', { hasText: 'Sort' }).locator('select').selectOption('');
    await rollouts.locator('#group-0').click();
    await sampleShown(rows[0]?.qid ?? '');
  });

  it('shows the same sample in its steps', async () => {
    await rollouts.locator('#group-2').click();
    await sampleShown(rows[2]?.qid ?? '');
    await press('s');
    await rollouts.locator('.step', { hasText: 'perception 99' }).waitFor();
    assert.equal(await rollouts.locator('.step').count(), 2);
    await press('s');
    await rollouts.locator('#group-0').click();
    await sampleShown(rows[0]?.qid ?? '');
  });

  it('sends the sample to the warm-up, excludes it and tags it, each with the rollout that led to it', async () => {
    const [row] = rows;
    const of = (): Record<string, unknown> | undefined => curated().find(each => each.qid === row?.qid);
    await rollouts.locator('.response').nth(1).click();
    await press('w');
    await until(() => of()?.stage === 'warm-up');
    assert.equal(of()?.rollout, `${path.basename(run)}/perception-1-${row?.qid ?? ''}/1`);
    await press('x');
    await until(() => of()?.stage === 'excluded');
    await press('t');
    await page.locator('.quick-input-widget input').fill('misread');
    await page.keyboard.press('Enter');
    await until(() => JSON.stringify(of()?.tags) === '["misread"]');
    await rollouts.locator('.badge', { hasText: 'misread' }).waitFor();
    await press('v');
    await page.locator('.quick-input-list [role=option]', { hasText: 'by its difficulty' }).click();
    await until(() => of()?.stage === null);
  });

  it('scores the group again, and makes a response a case of the reward', async () => {
    await press('r');
    await rollouts.locator('.said', { hasText: /another version than the run had/ }).waitFor({ timeout: 60_000 });
    await press('m');
    await page.locator('.quick-input-widget input').fill('a misread digit');
    await page.keyboard.press('Enter');
    const cases = file('rewards/perception.reward.cases.jsonl');
    await until(() => readFileSync(cases, 'utf8').includes('"a misread digit"'));
    const written = JSON.parse(readFileSync(cases, 'utf8').trim().split('\n').at(-1) ?? '') as { sample: unknown };
    assert.deepEqual(written.sample, { dataset: 'cards-perception', qid: rows[0]?.qid });
  });

  it('opens the log at the step', async () => {
    await press('o');
    await page.locator('.tab.active', { hasText: 'events.jsonl' }).waitFor();
    await page.locator('[id="status.editor.selection"]', { hasText: 'Ln 1,' }).waitFor();
    await vscode.command('View: Close Editor');
    rollouts = await vscode.webview('.rollouts .response');
  });

  it('fixes the gold: the edit in the dataset editor notes the rollout', async () => {
    const [, row] = rows;
    await rollouts.locator('#group-1').click();
    await sampleShown(row?.qid ?? '');
    await press('f');
    const editor = await vscode.webview('.editor .boxes');
    await editor.locator('.qid', { hasText: row?.qid ?? '' }).waitFor();
    await page.keyboard.press('q');
    await editor.waitForFunction(() => document.hasFocus() && document.activeElement?.id === 'answer');
    await page.keyboard.type('42');
    await page.keyboard.press('Enter');
    await page.locator('.tab.dirty', { hasText: 'perception.jsonl' }).waitFor();
    await page.keyboard.press('Control+s');
    await until(() => readFileSync(file('data/perception.jsonl'), 'utf8').split('\n')[1]?.includes('"answer": "42"') ?? false);
    const noted = new RegExp(`^${path.basename(run)}/perception-2-${row?.qid ?? ''}/\\d$`);
    await until(() => noted.test(String(curated().find(each => each.qid === row?.qid)?.rollout))); // the curation file is saved after the dataset
  });
});

import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { until } from '../until';
import { openWorkbench, type Workbench } from './openWorkbench';

/** Writing a reward with its responses beside it: each test goes on where the one before ended. */
describe('trying a reward', () => {
  let vscode: Workbench;
  let page: Page;
  let playground: Frame;
  const file = (name: string): string => path.join(vscode.workspace, name);
  const reward = (): string => readFileSync(file('rewards/perception.reward.ts'), 'utf8');

  before(async () => {
    vscode = await openWorkbench({ theme: 'light', settings: { 'files.autoSave': 'off' } });
    page = vscode.page;
    storeRollouts();
    await vscode.container('PeBR');
    await vscode.treeItem('perception.reward.ts').click();
    await page.locator('.tab', { hasText: 'perception.reward.ts' }).waitFor();
    await vscode.command('PeBR: Open Reward Playground');
    playground = await vscode.webview('.scores tbody tr');
  });
  after(() => vscode?.close());

  afterEach(async function () {
    mkdirSync('artifacts', { recursive: true });
    await page?.screenshot({ path: path.join('artifacts', `${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').toLowerCase() ?? 'end'}.png`) });
  });

  /** Two groups of a run: right, empty, and shifted boxes; and one whose responses are all the same. */
  function storeRollouts(): void {
    const rows = readFileSync(file('data/perception.jsonl'), 'utf8').split('\n').slice(0, 2).map(line => JSON.parse(line) as { qid: string; answer: string; boxes: { label: string; bbox: number[] }[] });
    const told = ({ answer, boxes }: (typeof rows)[number], shift: number): string =>
      `### Image Description:\n${boxes.map(({ label, bbox: [x1 = 0, y1 = 0, x2 = 0, y2 = 0] }) => `${label} at [${x1 + shift}, ${y1}, ${x2 + shift}, ${y2}]`).join('; ')}.\n### Rationales:\n\n### Let's think step by step.\n### Step 1:\n\n### The final answer is: ${answer}`;
    const lines = rows.flatMap((row, group) => (group === 0 ? [told(row, 0), '', told(row, 12)] : [told(row, 0), told(row, 0)]).map((response, index) => JSON.stringify({
      v: 1, run: 'stored', stage: 'perception', step: 1, group: `perception-1-${group}`, dataset: 'cards-perception', sampleId: row.qid, index, prompt: '', response, tokens: 60, finish: 'stop',
      components: {}, overall: 0, advantage: 0, evidence: [], rewardHash: '', checkpoint: '',
    })));
    mkdirSync(file('.pebr/runs/20260101-000000-stored/rollouts'), { recursive: true });
    writeFileSync(file('.pebr/runs/20260101-000000-stored/rollouts/perception.jsonl'), `${lines.join('\n')}\n`);
  }

  async function choose(label: string, entry: string): Promise<void> {
    await playground.locator(`vscode-dropdown[aria-label="${label}"]`).click();
    await playground.locator('vscode-option:visible', { hasText: entry }).last().click();
  }

  it('shows stored rollouts in groups, with advantages by the rule that is chosen', async () => {
    await choose('Responses', 'perception');
    await playground.locator('.facts', { hasText: '5 responses' }).waitFor();
    await playground.locator('.group-line', { hasText: 'zero-std' }).waitFor();
    const advantages = (): Promise<string[]> => playground.locator('.scores tbody tr[aria-selected] td:nth-child(3)').allInnerTexts();
    const byTrl = await advantages();
    assert.deepEqual(byTrl.map(text => text[0]), ['0', '0', '+', '−', '+']); // the last group of the run stands first
    await choose('Advantage rule', 'unscaled');
    await until(async () => (await advantages())[3] !== byTrl[3]);
    await choose('Advantage rule', 'EasyR1');
    await playground.locator('#tab-groups').click();
    assert.equal(await playground.locator('.scores tbody tr[aria-selected]').count(), 2);
    await playground.locator('#tab-responses').click();
  });

  it('explains a zero', async () => {
    await playground.locator('.scores tbody tr', { hasText: 'response 2' }).last().click();
    await playground.locator('.why-zero', { hasText: 'The response is empty.' }).first().waitFor();
  });

  it('filters and sorts', async () => {
    await playground.locator('.filter input').fill('iou<0.9');
    await until(async () => (await playground.locator('.scores tbody tr[aria-selected]').count()) === 2);
    await playground.locator('.filter input').fill('');
    await playground.locator('.sort', { hasText: 'iou' }).click();
    await until(async () => (await playground.locator('.group-line').count()) === 0);
    const overalls = (await playground.locator('.scores tbody tr[aria-selected] td:nth-child(2)').allInnerTexts()).map(Number);
    assert.deepEqual(overalls, [...overalls].sort((a, b) => b - a));
    for (let click = 0; click < 2; click++) await playground.locator('.sort', { hasText: 'iou' }).click();
    await playground.locator('.group-line').first().waitFor();
  });

  it('tries another weight without touching the file, and writes it when asked', async () => {
    const before = reward();
    const mean = (): Promise<string> => playground.locator('.mean.is-main b').innerText();
    const old = await mean();
    await playground.locator('.numbers-button').click();
    await playground.locator('input[type=range][aria-label="weights.iou"]').fill('0.9');
    await until(async () => (await mean()) !== old);
    await playground.locator('.mean.is-main .delta').waitFor();
    assert.equal(reward(), before);
    await playground.getByText('Write to File').click();
    await until(() => reward() === before.replace('iou: 0.3', 'iou: 0.9'));
    await playground.getByText('As in the file.').waitFor();
  });

  it('tells what the save does to the stage that trains with it', async () => {
    await playground.locator('#tab-forecast').click();
    const stage = playground.getByLabel('Forecast of perception on cards-perception');
    await stage.getByText('the version before the save').waitFor();
    assert.match(await stage.innerText(), /zero-std groups 50 % → 50 %/);
  });

  it('attacks the reward', async () => {
    await playground.locator('#tab-attacks').click();
    await playground.getByText(/The honest answer earns/).waitFor();
    assert.ok((await playground.locator('.attacks tbody tr[aria-selected]').count()) > 8);
    await playground.locator('.attacks tbody tr', { hasText: 'Labels repeated' }).click();
    await playground.locator('.response-text', { hasText: 'at [' }).waitFor();
    await playground.locator('#tab-responses').click();
  });

  it('makes a case of a response by one key', async () => {
    const cases = (): string[] => readFileSync(file('rewards/perception.reward.cases.jsonl'), 'utf8').trimEnd().split('\n');
    const before = cases();
    await playground.locator('.scores tbody tr', { hasText: 'response 3' }).click();
    await page.keyboard.press('m');
    await page.locator('.quick-input-widget input.input').waitFor();
    await page.keyboard.press('Enter');
    await until(() => cases().length === before.length + 1);
    assert.deepEqual(cases().slice(0, -1), before);
    const made = JSON.parse(cases().at(-1) ?? '') as { sample: { qid: string }; expect: { components: Record<string, unknown> } };
    assert.equal(made.sample.qid, 'p-0000');
    assert.ok('iou' in made.expect.components);
  });
});

import * as assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { openWorkbench, type Workbench } from './openWorkbench';

/** A whole tiny run from the pipeline view, one number of a reward changed, and the rest of the run on what still stands. */
describe('pipeline view', () => {
  let vscode: Workbench;
  let page: Page;
  let view: Frame;
  const runsFolder = (): string => path.join(vscode.workspace, '.pebr/runs');
  const runs = (): string[] => readdirSync(runsFolder()).sort();
  const node = (id: string): ReturnType<Frame['locator']> => view.locator(`[data-node="${id}"]`);
  const reused = (run: string): Record<string, boolean> => Object.fromEntries(
    readFileSync(path.join(runsFolder(), run, 'events.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line) as { type: string; stage: string; reused: boolean })
      .filter(event => event.type === 'stage-finished').map(event => [event.stage, event.reused]));

  before(async () => {
    vscode = await openWorkbench({ theme: 'dark' });
    const file = path.join(vscode.workspace, 'pebr.json');
    const small = { steps: 2, samplesPerStep: 4, responses: 4, saveEvery: 2 };
    const text = readFileSync(file, 'utf8')
      .replace('"samples": 400', '"samples": 8').replace('"samples": 200', '"samples": 4').replace('"steps": 8', '"steps": 2')
      .replaceAll('"steps": 40', `"steps": ${small.steps}`).replace('"samplesPerStep": 16', '"samplesPerStep": 4').replace('"samplesPerStep": 24', '"samplesPerStep": 4')
      .replaceAll('"saveEvery": 20', '"saveEvery": 2').replaceAll(/"difficulty": \["(easy|medium)"\]/g, '"difficulty": ["easy", "medium", "hard"]');
    writeFileSync(file, text);
    page = vscode.page;
    await vscode.container('PeBR');
    await vscode.command('PeBR: Open Pipeline');
    view = await vscode.webview('.nodes');
  });
  after(() => vscode?.close());

  afterEach(async function () {
    mkdirSync('artifacts', { recursive: true });
    await page?.screenshot({ path: path.join('artifacts', `pipeline-${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').toLowerCase() ?? 'end'}.png`) });
  });

  it('shows what has never run, and runs all of it', async function () {
    this.timeout(900_000);
    assert.deepEqual(await view.locator('.node h2').allTextContents(), ['warm-up', 'sampling', 'split', 'perception', 'reasoning', 'evaluation']);
    await node('perception').getByText('has not been run').waitFor();
    await view.getByText('Run All').click();
    await view.locator('.node-running').waitFor({ timeout: 300_000 });
    await node('evaluation').getByText('can be taken over').waitFor({ timeout: 600_000 });
    assert.equal(await view.locator('.node-reusable').count(), 6);
    await node('split').getByText(/\d+ easy · \d+ medium · \d+ hard/).first().waitFor();
    assert.match(await node('warm-up').locator('.node-cost').innerText(), /^Last \d+s/);
  });

  it('tells which nodes a changed number makes stale, and why', async function () {
    this.timeout(60_000);
    const reward = path.join(vscode.workspace, 'rewards/perception.reward.ts');
    writeFileSync(reward, readFileSync(reward, 'utf8').replace('limit: 512', 'limit: 500')); // a number that leaves the reward's cases as they are
    await node('perception').getByText('rewards/perception.reward.ts has changed').waitFor();
    await node('reasoning').getByText('rewards/perception.reward.ts has changed').waitFor();
    assert.equal(await view.locator('.node-reusable').count(), 3);
    await view.getByText(/A run takes over everything up to sampling/).waitFor();
  });

  it('runs from there and takes over what stands before it', async function () {
    this.timeout(900_000);
    const [first] = runs();
    await node('perception').getByRole('button', { name: 'Run from here' }).focus();
    await page.keyboard.press('Enter');
    await node('warm-up').getByText('taken over by').waitFor({ timeout: 300_000 });
    await node('evaluation').getByText('can be taken over').waitFor({ timeout: 600_000 });
    const second = runs()[1] ?? '';
    assert.notEqual(second, first);
    assert.deepEqual(reused(second), { 'warm-up': true, sampling: true, perception: false, reasoning: false, evaluation: false });
  });

  it('says that there is nothing to run where nothing has changed', async function () {
    this.timeout(60_000);
    await view.getByText('Run All').click();
    await view.getByText('there is nothing to run').waitFor();
    assert.equal(runs().length, 2);
  });

  it('fits a narrow column', async () => {
    await page.setViewportSize({ width: 760, height: 950 });
    assert.ok(await view.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  });
});

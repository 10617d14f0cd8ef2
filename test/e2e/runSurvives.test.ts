import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { until } from '../until';
import { type Hands, openWorkbench, type Workbench } from './openWorkbench';

/** A real run, begun by a command: the window is reloaded and closed while it goes on, the trainer is killed and resumed; then its ablations. */
describe('a run in a window that goes away', () => {
  let vscode: Workbench;
  let page: Page;
  let run = '';
  const runsFolder = (): string => path.join(vscode.workspace, '.pebr/runs');
  const eventsFile = (): string => path.join(runsFolder(), run, 'events.jsonl');
  const events = (): readonly { readonly type: string; readonly stage?: string; readonly step?: number }[] => !existsSync(eventsFile()) ? [] : // its packages are being loaded
    readFileSync(eventsFile(), 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line) as { type: string });
  const stepsOf = (stage: string): readonly number[] => events().filter(event => event.type === 'step' && event.stage === stage).map(event => event.step ?? 0);
  const pid = (): number => (JSON.parse(readFileSync(path.join(runsFolder(), run, 'process.json'), 'utf8')) as { pid: number }).pid;
  const isAlive = (): boolean => !/^State:\s+Z/m.test(readFileSync(`/proc/${pid()}/status`, 'utf8'));
  const shown = (status: string): Promise<Frame> => frameWith(page, `.status-${status}`);

  before(async () => {
    vscode = await openWorkbench({ theme: 'dark' });
    page = vscode.page;
    const file = path.join(vscode.workspace, 'pebr.json');
    writeFileSync(file, readFileSync(file, 'utf8')
      .replace('"samples": 400', '"samples": 8').replace('"samples": 200', '"samples": 4').replace('"steps": 8', '"steps": 2')
      .replace('"steps": 40', '"steps": 4').replace('"steps": 40', '"steps": 400').replace('"samplesPerStep": 16', '"samplesPerStep": 4').replace('"samplesPerStep": 24', '"samplesPerStep": 4')
      .replaceAll('"saveEvery": 20', '"saveEvery": 2').replaceAll(/"difficulty": \["(easy|medium)"\]/g, '"difficulty": ["easy", "medium", "hard"]'));
    await vscode.container('PeBR');
    await page.getByText('No run yet').first().waitFor({ timeout: 300_000 }); // the project is known: its commands are there
  });
  after(async () => {
    for (const name of existsSync(runsFolder()) ? readdirSync(runsFolder()) : []) {
      run = name;
      if (existsSync(path.join(runsFolder(), name, 'process.json')) && existsSync(`/proc/${pid()}`)) process.kill(pid(), 'SIGKILL'); // a failed test leaves a run that nobody waits for
    }
    await vscode?.close();
  });
  afterEach(async function () {
    mkdirSync('artifacts', { recursive: true });
    await page?.screenshot({ path: path.join('artifacts', `survives-${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').toLowerCase() ?? 'end'}.png`) });
  });

  it('is started by a command', async function () {
    this.timeout(600_000);
    await vscode.command('PeBR: Run Pipeline');
    await shown('active');
    run = readdirSync(runsFolder())[0] ?? '';
    await until(() => stepsOf('reasoning').length > 0);
  });

  it('goes on while the window is reloaded, and its panel comes back with its curves', async function () {
    this.timeout(300_000);
    const before = pid();
    await reloadWindow(page, vscode.handsOf(page));
    const panel = await shown('active');
    await panel.locator('.chart .u-over').first().waitFor();
    assert.equal(pid(), before);
    assert.ok(isAlive());
  });

  it('goes on without any window, and is found again by one that is opened later', async function () {
    this.timeout(300_000);
    const steps = stepsOf('reasoning').length;
    const context = page.context();
    await page.close();
    await until(() => stepsOf('reasoning').length > steps);
    page = await context.newPage();
    await page.goto(vscode.url);
    const panel = await shown('active');
    await panel.locator('.chart .u-over').first().waitFor();
    await page.locator('.statusbar-item', { hasText: /PeBR reasoning/ }).waitFor();
  });

  it('tells that the trainer was killed, resumes from its last checkpoint, and stops when asked', async function () {
    this.timeout(600_000);
    const last = Math.max(...stepsOf('reasoning'));
    process.kill(pid(), 'SIGKILL');
    await (await shown('interrupted')).locator('vscode-button', { hasText: 'Resume' }).click();
    await shown('active');
    await until(() => Math.max(...stepsOf('reasoning')) > last + 2);
    await (await shown('active')).locator('vscode-button', { hasText: 'Stop' }).click();
    await shown('stopped');
    const steps = [...new Set(stepsOf('reasoning'))].sort((a, b) => a - b);
    assert.deepEqual(steps, steps.map((_, index) => index + 1)); // none is missing
  });

  it('has a report that a reloaded window shows again', async function () {
    this.timeout(300_000);
    await (await shown('stopped')).locator('vscode-button', { hasText: 'Report' }).click();
    await frameWith(page, '.curves svg');
    await reloadWindow(page, vscode.handsOf(page));
    const report = await frameWith(page, '.curves svg');
    assert.match(await report.locator('h1').innerText(), /cards/);
  });

  it('gets an ablation that is started, seen and stopped from the window', async function () {
    this.timeout(600_000);
    await vscode.handsOf(page).command('PeBR: Run Ablations…');
    const view = await frameWith(page, '.ablation');
    for (const box of await view.locator('.ablation input').all()) await box.uncheck();
    await view.locator('.ablation', { hasText: 'Stages swapped' }).locator('input').check();
    await view.getByText('Start 1 Run').click();
    await view.locator('.queue-running', { hasText: 'Stages swapped' }).waitFor({ timeout: 180_000 });
    await until(() => readdirSync(runsFolder()).length === 2);
    await view.locator('vscode-button', { hasText: 'Stop All' }).click();
    await view.locator('.queue-stopped', { hasText: 'Stages swapped' }).waitFor({ timeout: 300_000 });
    await view.locator('.comparison tbody tr', { hasText: 'Stages swapped' }).waitFor();
  });

  it('says why a node is not reused', async function () {
    this.timeout(120_000);
    const reward = path.join(vscode.workspace, 'rewards/perception.reward.ts');
    writeFileSync(reward, readFileSync(reward, 'utf8').replace('limit: 512', 'limit: 500'));
    await vscode.handsOf(page).command('PeBR: Why Is a Node (Not) Reused?');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'perception' }).filter({ hasText: 'rewards/perception.reward.ts has changed' }).click();
    const view = await frameWith(page, '.nodes');
    await view.locator('[data-node="perception"]:focus').waitFor();
  });
});

/** As a person does it: the window keeps what was open. */
async function reloadWindow(page: Page, { command }: Hands): Promise<void> {
  await Promise.all([page.waitForEvent('load'), command('Developer: Reload Window')]);
}

async function frameWith(page: Page, selector: string): Promise<Frame> {
  let found: Frame | undefined;
  await until(async () => {
    for (const frame of page.frames()) if (await frame.locator(selector).first().isVisible().catch(() => false)) found = frame;
    return found !== undefined;
  });
  return found as Frame;
}

import * as assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { writeTrainerProcess } from '../../src/platform/runs/trainerProcess';
import { until } from '../until';
import { openWorkbench, type Workbench } from './openWorkbench';

/** A recorded run whose files go on while its panel is open: each test goes on where the one before ended. */
describe('watching a run', () => {
  let vscode: Workbench;
  let page: Page;
  let panel: Frame;
  let trainer: ChildProcess;
  let folder = '';

  before(async () => {
    vscode = await openWorkbench({ theme: 'light' });
    page = vscode.page;
    storeRun('20261121-101500-cards', 3, 0.04, 30);
    folder = storeRun('20261121-113000-cards', 4, 0, 5);
    trainer = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await writeTrainerProcess(folder, trainer.pid ?? 0);
    await vscode.container('PeBR');
    await vscode.treeItem('11-21 11:30').click();
    panel = await vscode.webview('.chart .u-over', 60_000);
  });
  after(async () => {
    trainer?.kill('SIGKILL');
    await vscode?.close();
  });
  afterEach(async function () {
    mkdirSync('artifacts', { recursive: true });
    await page?.screenshot({ path: path.join('artifacts', `${this.currentTest?.title.replace(/[^a-z0-9]+/gi, '-').toLowerCase() ?? 'end'}.png`) });
  });

  const lineOf = (event: object): string => `${JSON.stringify({ v: 1, time: Date.now() / 1000, ...event })}\n`;
  const step = (number: number, metrics: object = {}): string =>
    lineOf({ type: 'step', stage: 'perception', step: number, total: 200, metrics: { reward: number / 1000, 'reward/iou': 0.2, 'reward/format': 0.5, zero_std: 0.3, step_seconds: 4, response_tokens: 50, ...metrics } });
  const append = (name: string, text: string): void => appendFileSync(path.join(folder, name), text);

  function storeRun(name: string, seed: number, beta: number, steps: number): string {
    const run = path.join(vscode.workspace, '.pebr/runs', name);
    mkdirSync(path.join(run, 'rollouts'), { recursive: true });
    const config = { name: 'cards', policy: { beta }, pipeline: { stages: [{ name: 'perception', steps: 200, samplesPerStep: 4, responses: 8 }] } };
    writeFileSync(path.join(run, 'run.json'), JSON.stringify({ v: 1, id: name, name: 'cards', project: vscode.workspace, created: '', seed, engine: 'trl', command: [], stages: ['perception'], config }));
    writeFileSync(path.join(run, 'events.jsonl'), lineOf({ type: 'run-started', stages: ['perception'], resumed: false }) + lineOf({ type: 'stage-started', stage: 'perception', total: 200 }) + Array.from({ length: steps }, (_, index) => step(index + 1)).join(''));
    writeFileSync(path.join(run, 'stdout.log'), 'loading\n');
    return run;
  }

  const chart = (title: string): ReturnType<Frame['locator']> => panel.locator('.chart', { has: panel.locator('.chart-title', { hasText: title }) });

  it('shows a step as soon as it is written, also a metric that nobody foresaw', async () => {
    append('events.jsonl', step(6, { reward: 0.777, some_new_metric: 12 }));
    await chart('Reward').first().locator('.number', { hasText: '0.777' }).waitFor();
    await chart('some_new_metric').waitFor();
    await panel.locator('.facts', { hasText: /about .* left · 400 tokens\/s/ }).waitFor();
  });

  it('raises an alarm once, and no more once it is muted', async () => {
    append('events.jsonl', Array.from({ length: 12 }, (_, index) => step(7 + index, { 'reward/key_word': 0 })).join(''));
    await panel.locator('.alarm', { hasText: 'key_word' }).waitFor();
    await chart('Reward components').locator('.codicon-warning').waitFor();
    await vscode.command('Notifications: Show Notifications'); // the window of a test shows no toasts
    const notice = page.locator('.notifications-center .notification-list-item', { hasText: 'The component key_word has been 0' });
    await notice.waitFor();
    await notice.hover();
    await notice.getByRole('button', { name: 'Mute for This Run' }).click();
    await panel.locator('.alarm vscode-button[aria-pressed="true"]').waitFor();
    append('events.jsonl', Array.from({ length: 12 }, (_, index) => step(19 + index, { 'reward/clip': 0 })).join(''));
    await panel.locator('.alarm', { hasText: 'clip' }).waitFor();
    await vscode.command('Notifications: Show Notifications');
    assert.equal(await page.locator('.notifications-center .notification-list-item', { hasText: 'The component' }).count(), 0);
    await vscode.command('Notifications: Hide Notifications');
  });

  it('says what an error line of the log means, and finds lines', async () => {
    append('stderr.log', 'Traceback (most recent call last):\n  File "grpo.py", line 3, in step\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB\n');
    append('stdout.log', '  0%|   | 0/2\r 50%|#  | 1/2\r100%|## | 2/2\nINFO one more line\n');
    await panel.locator('.log-cause', { hasText: 'The GPU is out of memory.' }).waitFor();
    assert.equal(await panel.locator('.log-line', { hasText: '50%' }).count(), 0);
    assert.equal(await panel.locator('.log-line.log-error').count(), 3);
    await panel.locator('.log-search input').fill('more line');
    await page.keyboard.press('Enter');
    await panel.locator('.log-found mark', { hasText: 'more line' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows the group that was written last', async () => {
    const rollouts = [0, 1].map(index => JSON.stringify({ run: 'r', stage: 'perception', step: 30, group: 'perception-30-0', dataset: 'cards-perception', sampleId: 'p-0042', index, response: `A square, ${index}`, tokens: 4, components: { iou: index }, overall: index, advantage: index - 0.5 }));
    append('rollouts/perception.jsonl', `${rollouts.join('\n')}\n`);
    const latest = panel.locator('section[aria-label="Latest rollouts"]');
    await latest.locator('.latest-head', { hasText: 'p-0042' }).waitFor();
    assert.deepEqual(await latest.locator('.latest-words').allInnerTexts(), ['A square, 0', 'A square, 1']);
  });

  it('lays another run beside it, with what was set otherwise', async () => {
    await panel.locator('vscode-button', { hasText: 'Compare…' }).click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: '20261121-101500-cards' }).click();
    await page.keyboard.press('Enter');
    await panel.locator('.compared li', { hasText: '11-21 10:15 cards, seed 3' }).waitFor();
    const setting = panel.locator('.settings tr', { hasText: 'policy.beta' });
    assert.deepEqual(await setting.locator('td').allInnerTexts(), ['0', '0.04']);
    await until(async () => (await chart('Zero-std groups').locator('.chart-value').count()) === 2);
  });

  it('offers to go on with other values when the run has failed', async () => {
    const offers = [{ label: 'Half the micro batch', set: { 'policy.microBatch': 4 }, sameMeaning: true }, { label: 'Fewer responses', set: { 'pipeline.stages.0.responses': 4 }, sameMeaning: false }];
    append('events.jsonl', lineOf({ type: 'run-finished', status: 'failed', seconds: 9, error: { message: 'The GPU is out of memory.', remedy: 'Lower policy.microBatch.', cause: 'out-of-memory', offers } }));
    trainer.kill('SIGKILL');
    const offer = panel.locator('.offer', { hasText: 'policy.microBatch = 4' });
    await offer.locator('vscode-button', { hasText: 'Resume with This' }).waitFor();
    assert.match(await offer.innerText(), /What is optimised stays the same/);
    assert.match(await panel.locator('.offer', { hasText: 'Fewer responses' }).innerText(), /changes what is optimised/);
  });
});

import * as assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { parseRunEvent } from '../../src/core/runs/parseRunEvent';
import type { RunEvent } from '../../src/core/runs/runEvent';
import { parseRollout } from '../../src/core/rollouts/parseRollout';
import { makeRunFolder } from '../../src/platform/runs/runFolders';
import { startTrainer } from '../../src/platform/runs/startTrainer';
import { stopRun } from '../../src/platform/runs/stopRun';
import { eventually } from './eventually';

interface Node {
  readonly kind: 'run' | 'stage';
  readonly runFolder: string;
}
interface Tree {
  getChildren(node?: Node): Promise<Node[]>;
  getTreeItem(node: Node): vscode.TreeItem;
}

const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const runs = path.join(folder, '.pebr', 'runs');
const root = process.env.PEBR_TEST_ROOT ?? '';
const all = ['easy', 'medium', 'hard'];
/** Every stage, as small as it gets: this trains for real. */
const overrides = {
  'pipeline.warmUp.steps': 2, 'pipeline.warmUp.batch': 4, 'pipeline.sampling.samples': 4, 'pipeline.evaluate.samples': 2, 'pipeline.evaluate.responses': 2,
  ...Object.fromEntries([0, 1].flatMap(stage => [['steps', 3], ['samplesPerStep', 2], ['responses', 4], ['saveEvery', 1], ['difficulty', all], ['replay', null]].map(([key, value]) => [`pipeline.stages.${stage}.${key}`, value]))),
};

describe('training', function () {
  this.timeout(8 * 60_000);
  let tree: Tree;
  let run = '';

  before(async () => {
    const extension = vscode.extensions.getExtension<{ runsTree: Tree }>('pebr-studio.pebr-studio');
    tree = (await extension?.activate())?.runsTree as Tree;
    assert.ok(tree);
  });
  after(async () => {
    await stopRun(run, { graceMs: 0, killMs: 1000 });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path.join(folder, '.pebr'), { recursive: true, force: true });
  });

  const names = async (): Promise<string[]> => readdir(runs).catch(() => []);
  const events = async (): Promise<RunEvent[]> => {
    const text = await readFile(path.join(run, 'events.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').flatMap(line => parseRunEvent(line).value ?? []);
  };
  const itemOf = async (of: string): Promise<vscode.TreeItem | undefined> => {
    const node = (await tree.getChildren()).find(found => found.runFolder === of);
    return node && tree.getTreeItem(node);
  };
  const stages = async (): Promise<string[]> => {
    const node = (await tree.getChildren()).find(found => found.runFolder === run);
    return node ? (await tree.getChildren(node)).map(stage => `${tree.getTreeItem(stage).label as string} ${(tree.getTreeItem(stage).iconPath as vscode.ThemeIcon).id}`) : [];
  };
  const tabs = (viewType: string): vscode.Tab[] =>
    vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(tab => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(viewType));

  it('does not start with a Python that is not there', async () => {
    const settings = vscode.workspace.getConfiguration();
    const before = settings.get<string>('pebr.python.path');
    await settings.update('pebr.python.path', '/nowhere/python', vscode.ConfigurationTarget.Workspace);
    try {
      await vscode.commands.executeCommand('pebr.training.start', { overrides });
      assert.deepEqual(await names(), []);
    } finally {
      await settings.update('pebr.python.path', undefined, vscode.ConfigurationTarget.Workspace);
    }
    assert.equal(vscode.workspace.getConfiguration().get('pebr.python.path'), before);
  });

  it('starts detached from the command, opens the run and shows it in the tree', async () => {
    await vscode.commands.executeCommand('pebr.training.start', { overrides, seed: 5 });
    const [name] = await names();
    assert.match(name ?? '', /^\d{8}-\d{6}-cards$/);
    run = path.join(runs, name ?? '');
    await eventually('the run is open', () => tabs('pebr.run').length === 1);
    const item = await itemOf(run);
    assert.equal(item?.contextValue, 'run+active');
    await eventually('the trainer tells its stages', async () => (await stages()).length === 5, 120_000);
    const record = JSON.parse(await readFile(path.join(run, 'run.json'), 'utf8')) as { seed: number; config: { pipeline: { warmUp: { steps: number } } } };
    assert.deepEqual([record.seed, record.config.pipeline.warmUp.steps], [5, 2]);
  });

  it('shows the steps as they come, and stops after one of them', async () => {
    await eventually('perception trains', async () => (await events()).some(event => event.type === 'step' && event.stage === 'perception'), 240_000);
    await eventually('the tree shows it', async () => (await stages()).some(stage => stage === 'warm-up check') && (await itemOf(run))?.contextValue === 'run+active');
    await vscode.commands.executeCommand('pebr.training.stop', run);
    assert.deepEqual((await events()).at(-1)?.type, 'run-finished');
    await eventually('the tree shows that it can be resumed', async () => (await itemOf(run))?.contextValue === 'run+resumable');
  });

  it('resumes and completes, with every group of rollouts whole', async () => {
    await vscode.commands.executeCommand('pebr.training.resume', run);
    assert.equal((await itemOf(run))?.contextValue, 'run+active');
    await eventually('the run is completed', async () => (await itemOf(run))?.contextValue === 'run+done', 300_000);
    assert.deepEqual((await stages()).map(stage => stage.split(' ')[1]), ['check', 'check', 'check', 'check', 'check']);
    const steps = (await events()).flatMap(event => (event.type === 'step' && event.stage === 'perception' ? [event.step] : []));
    assert.deepEqual(steps, [1, 2, 3]);
    const lines = (await readFile(path.join(run, 'rollouts', 'perception.jsonl'), 'utf8')).trimEnd().split('\n').map(line => parseRollout(line).value);
    assert.equal(lines.length, 3 * 2 * 4);
    lines.forEach((rollout, index) => assert.equal(rollout?.index, index % 4));
    assert.ok((await stat(path.join(run, 'checkpoints', 'reasoning', 'final'))).isDirectory());
    assert.equal(tabs('pebr.run').length, 1);
  });

  it('finds a run that something else started, and notices its end', async () => {
    const other = await makeRunFolder(folder, 'elsewhere', new Date());
    cpSync(path.join(root, 'test/fixtures/runs/20261121-101500-cards/run.json'), path.join(other, 'run.json'));
    const { pid } = await startTrainer({ python: process.execPath, command: { args: ['-e', 'setInterval(() => {}, 1000)'], env: { ELECTRON_RUN_AS_NODE: '1' } }, cwd: folder, runFolder: other });
    await eventually('it is in the tree as active', async () => (await itemOf(other))?.contextValue === 'run+active');
    process.kill(pid, 'SIGKILL');
    await eventually('it is told to be interrupted', async () => (await itemOf(other))?.contextValue === 'run+resumable');
    await rm(other, { recursive: true, force: true });
    await eventually('it is gone from the tree', async () => (await itemOf(other)) === undefined);
  });

  it('opens the rollouts and the report of the run', async () => {
    await vscode.commands.executeCommand('pebr.rollouts.open', { runFolder: run, stage: 'perception' });
    await vscode.commands.executeCommand('pebr.rollouts.open', { runFolder: run });
    await eventually('the rollouts are open, once', () => tabs('pebr.rollouts').length === 1);
    await vscode.commands.executeCommand('pebr.run.report', run);
    await eventually('the report is shown', () => tabs('pebr.report').length === 1);
  });

  it('is a task too, whose run is found like any other', async function () {
    if (!(await opensTerminals())) this.skip(); // a host without its native terminal runs no task
    const tasks = await vscode.tasks.fetchTasks({ type: 'pebr' });
    assert.deepEqual(tasks.map(task => task.name).sort(), ['train project', 'train short']);
    const before = new Set(await names());
    const short = tasks.find(task => task.name === 'train short');
    assert.ok(short);
    const ended = new Promise<void>(resolve => vscode.tasks.onDidEndTaskProcess(({ execution }) => execution.task.name === short.name && resolve()));
    await vscode.tasks.executeTask(short);
    let started = '';
    await eventually('the task has started a run', async () => (started = (await names()).find(name => !before.has(name)) ?? '') !== '', 60_000);
    await eventually('the run is in the tree', async () => (await itemOf(path.join(runs, started))) !== undefined);
    await stopRun(path.join(runs, started));
    await ended;
  });
});

async function opensTerminals(): Promise<boolean> {
  const terminal = vscode.window.createTerminal({ name: 'probe' });
  const pid = await Promise.race([terminal.processId, new Promise<undefined>(resolve => setTimeout(resolve, 10_000))]);
  terminal.dispose();
  return pid !== undefined;
}

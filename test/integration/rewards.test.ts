import * as assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../src/core/lifecycle';
import { goldResponse } from '../../src/core/rewards/gold/goldResponse';
import { completeChoice, playgroundOptions } from '../../src/features/playground/playgroundOptions';
import { PlaygroundSession } from '../../src/features/playground/playgroundSession';
import { RewardCases } from '../../src/features/rewards/rewardCases';
import { RewardTree } from '../../src/features/rewards/rewardTree';
import type { Services } from '../../src/host/services';
import type { PlaygroundChoice, PlaygroundResult } from '../../src/protocol/playground';
import { eventually } from './eventually';
import { openServices } from './openServices';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const perception = path.join(root, 'rewards', 'perception.reward.ts');
const reasoning = path.join(root, 'rewards', 'reasoning.reward.ts');
type Scored = PlaygroundResult & { readonly kind: 'scored' };

describe('rewards in the window', function () {
  this.timeout(60_000);
  const lifetime = new DisposableStore();
  const originals = new Map<string, string>();
  let services: Services;
  let session: PlaygroundSession;
  let results: PlaygroundResult[] = [];

  before(() => {
    services = openServices(lifetime, 'rewards test');
    session = lifetime.add(new PlaygroundSession(services, { onScoring: () => undefined, onResult: result => results.push(result), onAhead: () => undefined }));
    for (const file of [perception, reasoning]) originals.set(file, readFileSync(file, 'utf8'));
  });
  beforeEach(() => (results = []));
  afterEach(() => originals.forEach((text, file) => writeFileSync(file, text)));
  after(() => lifetime.dispose());

  const choiceOf = async (given: Partial<PlaygroundChoice>): Promise<PlaygroundChoice> => completeChoice(services, await playgroundOptions(services), given);
  async function score(choice: PlaygroundChoice, keepsBaseline = false): Promise<PlaygroundResult> {
    await session.score(choice, keepsBaseline);
    const result = results.at(-1);
    assert.ok(result);
    return result;
  }
  function scored(result: PlaygroundResult): Scored {
    assert.equal(result.kind, 'scored', JSON.stringify(result));
    return result as Scored;
  }
  const edit = (file: string, from: string, to: string): void => {
    const text = originals.get(file) ?? '';
    assert.ok(text.includes(from), `${file} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
  };

  it('pay the gold answers of the sample project in full, image-text model included', async () => {
    const { scores, means } = scored(await score(await choiceOf({ reward: perception, count: 16 })));
    assert.equal(scores.length, 16);
    assert.deepEqual([means.errors, means.components['iou'], means.components['key_word'], means.components['format']], [0, 1, 1, 1]);
    assert.ok((means.components['clip'] ?? 0) > 0.9, `${means.components['clip']}`);
    assert.equal(scored(await score(await choiceOf({ reward: reasoning, count: 16 }))).means.overall, 1);
  });

  it('choose the dataset that the stage of the reward trains on', async () => {
    assert.deepEqual([(await choiceOf({ reward: perception })).dataset, (await choiceOf({ reward: reasoning })).dataset], ['cards-perception', 'cards-reasoning']);
  });

  it('tell how a changed weight changes the means', async () => {
    const choice = await choiceOf({ reward: reasoning, dataset: 'cards-reasoning', count: 8, source: { kind: 'typed', text: 'nothing of the kind' } });
    assert.equal(scored(await score(choice)).means.overall, 0);
    const gold = await choiceOf({ reward: reasoning, count: 8 });
    assert.equal(scored(await score(gold)).before, null);
    edit(reasoning, 'accuracy: 0.9', 'accuracy: 0.5');
    const { means, before, responses, scores } = scored(await score(gold, true));
    assert.deepEqual([before?.overall, Math.round((means.overall ?? 0) * 1000), scores[0]?.before, responses], [1, 600, 1, null]); // the page has the responses
  });

  it('say at which line a reward is broken, and score again once it is mended', async () => {
    const choice = await choiceOf({ reward: reasoning, count: 4 });
    edit(reasoning, 'weights: {', 'weights: { no_such: 1,');
    const broken = await score(choice);
    assert.ok(broken.kind === 'failed');
    assert.match(broken.message, /"no_such" names no component/);
    assert.deepEqual([broken.file, (broken.line ?? 0) > 0], [reasoning, true]);
    originals.forEach((text, file) => writeFileSync(file, text));
    assert.equal(scored(await score(choice, true)).means.errors, 0);
  });

  for (const [what, imported] of [['they were', ''], ['their imports were', 'slow part.ts']] as const) {
    it(`are loaded as ${what} saved last, whenever in the middle of loading that was`, async () => {
      const file = path.join(root, 'rewards', 'slow.reward.ts');
      const saved = imported === '' ? file : path.join(root, 'rewards', imported);
      const reward = (name: string): string => `export default defineReward({ components: { [${name}]: () => 1 }, weights: { [${name}]: 1 } });\n`;
      const slow = (loadingMs: number): string => `const end = Date.now() + ${loadingMs};\nwhile (Date.now() < end);\n`;
      const write = (name: string, loadingMs: number): void => writeFileSync(saved, imported === '' ? `import { defineReward } from 'pebr';\n${slow(loadingMs)}${reward(`'${name}'`)}` : `${slow(loadingMs)}export const name = '${name}';\n`);
      if (imported !== '') writeFileSync(file, `import { defineReward } from 'pebr';\nimport { name } from './${path.parse(imported).name}';\n${reward('name')}`);
      try {
        for (const [time, afterMs] of [0, 50, 100, 200, 300].entries()) {
          write(`before${time}`, 250);
          const first = services.rewards.load(file, { projectFolder: root, clip: null });
          await new Promise(resolve => setTimeout(resolve, afterMs)); // the moment is what is tried out
          write(`after${time}`, 0);
          await first;
          assert.deepEqual((await services.rewards.load(file, { projectFolder: root, clip: null })).components, [`after${time}`]);
        }
      } finally {
        for (const each of new Set([file, saved])) rmSync(each);
      }
    });
  }

  it('show the one response that throws and the one that never ends, and score the others', async () => {
    await vscode.workspace.getConfiguration().update('pebr.rewards.deadlineMs', 500);
    try {
      edit(reasoning, 'format: format() }', 'format: ({ sample }) => { if (sample.qid === "r-0001") throw new Error("not this one"); if (sample.qid === "r-0002") for (;;); return 1; } }');
      const { scores: rows, means } = scored(await score(await choiceOf({ reward: reasoning, count: 4 })));
      assert.deepEqual(rows.map(row => row.score.overall), [1, null, null, 1]);
      assert.match(rows[1]?.score.error?.message ?? '', /not this one/);
      assert.match(rows[2]?.score.error?.message ?? '', /did not finish within 500 ms/);
      const line = readFileSync(reasoning, 'utf8').split('\n').findIndex(text => text.includes('not this one')) + 1;
      assert.deepEqual([rows[1]?.score.error?.line, rows[2]?.score.error?.line, means.errors], [line, line, 2]);
    } finally {
      await vscode.workspace.getConfiguration().update('pebr.rewards.deadlineMs', undefined);
    }
  });

  it('score the stored rollouts of a run, and say which samples are gone', async () => {
    const runFolder = path.join(root, '.pebr', 'runs', '20260101-000000-stored');
    const { sample } = await services.datasets.sample({ dataset: 'cards-reasoning', qid: 'r-0003' });
    const rollout = { v: 1, run: 'stored', stage: 'reasoning', step: 1, group: 'reasoning-1-0', dataset: 'cards-reasoning', sampleId: 'r-0003', prompt: '', tokens: 30, finish: 'stop', components: {}, overall: 0, advantage: 0, evidence: [], rewardHash: '', checkpoint: '' };
    const lines = [
      { ...rollout, index: 0, response: goldResponse(sample) }, { ...rollout, index: 1, response: 'no' },
      { ...rollout, group: 'reasoning-1-1', sampleId: 'r-gone', index: 0, response: 'x' },
    ];
    mkdirSync(path.join(runFolder, 'rollouts'), { recursive: true });
    writeFileSync(path.join(runFolder, 'rollouts', 'reasoning.jsonl'), `${lines.map(line => `${JSON.stringify(line)}\n`).join('')}{"v": 1, "half`);
    try {
      const options = await playgroundOptions(services);
      assert.ok(options.runs.some(run => run.folder === runFolder && run.stages.includes('reasoning')));
      const choice = await completeChoice(services, options, { source: { kind: 'rollouts', runFolder, stage: 'reasoning' } });
      assert.equal(choice.reward, reasoning); // the reward of that stage
      const { responses, scores, left } = scored(await score(choice));
      assert.deepEqual(responses?.map((row, index) => [row.group, row.index, scores[index]?.score.overall]), [['reasoning-1-0', 0, 1], ['reasoning-1-0', 1, 0]]);
      assert.match(left.join(), /cards-reasoning has no sample r-gone/);
      assert.match(left.join(), /line 4: This line ends in the middle/);
    } finally {
      rmSync(runFolder, { recursive: true });
    }
  });

  it('stand in their tree with components and weights, a broken one with its line', async () => {
    const tree = lifetime.add(new RewardTree(services, lifetime.add(new RewardCases(services))));
    const files = await tree.getChildren();
    const items = await Promise.all(files.map(node => tree.getTreeItem(node)));
    assert.deepEqual(items.map(item => [item.label, item.description, item.contextValue]), [
      ['perception.reward.ts', 'TypeScript', 'reward'], ['reasoning.reward.ts', 'TypeScript', 'reward'], ['reward_easyr1.py', 'Python, EasyR1', 'reward'],
    ]);
    const components = await Promise.all((await tree.getChildren(files[1])).map(node => tree.getTreeItem(node)));
    // The two stored rollouts of the test before were scored last.
    assert.deepEqual(components.map(item => [item.label, item.description]), [['accuracy', '0.9 · mean 0.50'], ['format', '0.1 · mean 0.50'], ['4 cases', 'not run yet']]);

    let shown: vscode.TreeItem | undefined;
    lifetime.add(tree.onDidChangeTreeData(async () => (shown = await tree.getTreeItem((await tree.getChildren(files[1]))[0]!))));
    edit(reasoning, 'weights: {', 'weights: { no_such: 1,');
    await eventually('the tree follows the file', () => /no_such/.test(String(shown?.label)));
    assert.equal(shown?.command?.command, 'vscode.open');
  });

  it('open the playground beside the reward file, and take it along', async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(reasoning));
    await vscode.commands.executeCommand('pebr.playground.open');
    await eventually('the playground is open', () => vscode.window.tabGroups.all.flatMap(group => group.tabs).some(tab => tab.label === 'Reward Playground'));
    const group = vscode.window.tabGroups.all.find(each => each.tabs.some(tab => tab.label === 'Reward Playground'));
    assert.equal(group?.viewColumn, vscode.ViewColumn.Two);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});

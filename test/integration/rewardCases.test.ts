import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { caseLine, caseOf } from '../../src/core/rewards/cases/caseOf';
import { checkCase } from '../../src/core/rewards/cases/checkCase';
import { parseCases } from '../../src/core/rewards/cases/parseCases';
import type { TestHands } from '../../src/extension';
import type { RewardHands } from '../../src/features/rewards/register';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const reward = path.join(root, 'rewards', 'reasoning.reward.ts');
const file = path.join(root, 'rewards', 'reasoning.reward.cases.jsonl');
const right = "### Image Description: x\n### Rationales: x\n### Let's think step by step.\n### Step 1: x\n### The final answer is: 8";
const line = (name: string, fields: object = {}): string => JSON.stringify({ v: 1, name, sample: { qid: 'own', answer: '8' }, response: right, expect: { overall: 1, components: { accuracy: 1 } }, ...fields });

describe('cases of a reward in the Test Explorer', function () {
  this.timeout(60_000);
  let hands: RewardHands;
  let original: string;
  const written = existsSync(file) ? readFileSync(file, 'utf8') : undefined;

  before(async () => {
    hands = ((await vscode.extensions.getExtension<TestHands>('pebr-studio.pebr-studio')?.activate()) as TestHands).rewards;
    original = readFileSync(reward, 'utf8');
  });
  afterEach(async () => {
    writeFileSync(reward, original);
    if (written === undefined) rmSync(file, { force: true });
    else writeFileSync(file, written);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are found, one item a case at its line, a broken line in Problems', async () => {
    writeFileSync(file, `${line('one')}\n{"v":1,\n${line('two', { sample: { dataset: 'cards-reasoning', qid: 'r-0001' } })}\n`);
    await hands.tests.discover();
    await eventually('the file is an item', () => hands.tests.controller.items.get(file)?.children.size === 2);
    const item = hands.tests.controller.items.get(file);
    const cases = [...(item?.children ?? [])].map(([, child]) => [child.label, child.description, child.range?.start.line]);
    assert.deepEqual([item?.label, cases], ['reasoning.reward', [['one', 'a row of its own', 0], ['two', 'r-0001', 2]]]);
    const [problem] = vscode.languages.getDiagnostics(vscode.Uri.file(file));
    assert.deepEqual([problem?.range.start.line, problem?.source], [1, 'PeBR']);
  });

  it('pass and fail, follow the reward as it is saved, and are counted in the Rewards view', async () => {
    writeFileSync(file, `${line('right')}\n${line('wrong', { response: '### The final answer is: 9' })}\n${line('gone', { sample: { dataset: 'cards-reasoning', qid: 'no-such' } })}\n`);
    const outcomes = await hands.tests.runFile(file);
    assert.deepEqual(outcomes.map(outcome => ('fault' in outcome ? 'fault' : outcome.differences.map(each => each.message))), [[], ['overall: expected 1, got 0', 'accuracy: expected 1, got 0'], 'fault']);
    const cases = async (): Promise<string | undefined> => {
      const node = (await hands.tree.getChildren()).find(each => each.reward.path === reward);
      const found = (await hands.tree.getChildren(node)).find(each => each.kind === 'cases');
      return found && String((await hands.tree.getTreeItem(found)).description);
    };
    assert.equal(await cases(), '2 failed, 1 passed');
    writeFileSync(reward, original.replace('accuracy: 0.9', 'accuracy: 0.5').replace('format: 0.1', 'format: 0.5'));
    const after = await hands.tests.runFile(file);
    assert.equal(after[0] && 'differences' in after[0] && after[0].differences.length, 0);
    writeFileSync(reward, original.replace('format: format()', 'format: () => { throw new Error("not today"); }'));
    const thrown = (await hands.tests.runFile(file))[0];
    assert.ok(thrown && 'score' in thrown && thrown.score.error);
    assert.deepEqual([thrown.score.error.file, /not today/.test(thrown.differences[0]?.message ?? '')], [reward, true]);
    writeFileSync(reward, 'export default {');
    assert.ok((await hands.tests.runFile(file)).every(outcome => 'fault' in outcome && outcome.fault.includes('reasoning.reward.ts')));
  });

  it('run again when the reward is saved, as long as the continuous run is on', async () => {
    writeFileSync(file, `${line('right')}\n`);
    await eventually('the case is found', () => hands.tests.controller.items.get(file)?.children.size === 1);
    const item = hands.tests.controller.items.get(file) as vscode.TestItem;
    const runs: number[] = [];
    const subscription = hands.cases.onDidRun(ran => ran === file && runs.push(hands.cases.countsOf(reward)?.failed ?? -1));
    const source = new vscode.CancellationTokenSource();
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(reward));
    const save = async (text: string): Promise<void> => {
      await editor.edit(edit => edit.replace(new vscode.Range(0, 0, 1000, 0), text));
      await editor.document.save();
    };
    try {
      await hands.tests.start(new vscode.TestRunRequest([item], undefined, undefined, true), source.token);
      assert.deepEqual(runs, [0]);
      await save(original.replace('accuracy: 0.9', 'accuracy: 0.8'));
      await eventually('the case failed', () => runs.at(-1) === 1);
      await save(original);
      await eventually('the case passed again', () => runs.at(-1) === 0);
      source.cancel();
      const count = runs.length;
      await save(original.replace('accuracy: 0.9', 'accuracy: 0.7'));
      assert.equal((await hands.tests.runFile(file)).length, 1); // asked for by hand
      assert.equal(runs.length, count + 1);
    } finally {
      source.dispose();
      subscription.dispose();
    }
  });

  it('are skipped when the run is cancelled, however long the reward would take', async () => {
    writeFileSync(file, `${line('endless')}\n`);
    writeFileSync(reward, original.replace('format: format()', 'format: () => { for (;;); }'));
    const source = new vscode.CancellationTokenSource();
    const running = hands.tests.runFile(file, source.token);
    setImmediate(() => source.cancel());
    assert.deepEqual(await running, []);
    source.dispose();
  });

  it('are made of a scored response by one command that rewrites nothing', async () => {
    const first = '{"v":1, "name":"by hand" ,"sample":{"qid":"a","answer":"8"},"response":"","expect":{"overall":0}}';
    writeFileSync(file, first); // no line end
    const score = { overall: 0.9, components: { accuracy: 1, format: 0 }, evidence: [] };
    await vscode.commands.executeCommand('pebr.reward.addCase', { name: 'made', reward, sample: { dataset: 'cards-reasoning', qid: 'r-0001' }, response: 'a\nb', tokens: 2, score });
    const text = readFileSync(file, 'utf8');
    assert.ok(text.startsWith(`${first}\n`));
    const { cases, problems } = parseCases(text, file);
    assert.deepEqual([cases.map(each => each.name), problems], [['by hand', 'made'], []]);
    assert.deepEqual(cases[1] && checkCase(cases[1], score), []);
    assert.equal(text.split('\n')[1], caseLine(caseOf('made', { sample: { dataset: 'cards-reasoning', qid: 'r-0001' }, response: 'a\nb', tokens: 2, score })));
  });

  it('are added beside edits that are not saved', async () => {
    writeFileSync(file, `${line('one')}\n`);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), ' '));
    await vscode.commands.executeCommand('pebr.reward.addCase', { name: 'made', reward, sample: { dataset: 'cards-reasoning', qid: 'r-0001' }, response: 'a', score: { overall: 0, components: {}, evidence: [] } });
    assert.deepEqual(parseCases(editor.document.getText(), file).cases.map(each => each.name), ['one', 'made']);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});

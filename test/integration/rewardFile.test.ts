import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { summarizeScores } from '../../src/core/rewards/summary/rewardSummary';
import type { TestHands } from '../../src/extension';
import { meansIn } from '../../src/features/rewards/componentMeans';
import type { RewardHands } from '../../src/features/rewards/register';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const reward = path.join(root, 'rewards', 'reasoning.reward.ts');
const python = path.join(root, 'rewards', 'reward_easyr1.py');

describe('a reward file in the editor', function () {
  this.timeout(60_000);
  const original = readFileSync(reward, 'utf8');
  let hands: RewardHands;
  before(async () => {
    hands = ((await vscode.extensions.getExtension<TestHands>('pebr-studio.pebr-studio')?.activate()) as TestHands).rewards;
  });
  afterEach(async () => {
    writeFileSync(reward, original);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const problems = (file: string): vscode.Diagnostic[] => vscode.languages.getDiagnostics(vscode.Uri.file(file)).filter(each => each.source === 'PeBR reward');
  const lenses = async (file: string): Promise<readonly (readonly [line: number, title: string])[]> =>
    (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', vscode.Uri.file(file), 10))
      .filter(lens => lens.command?.command.startsWith('pebr.'))
      .map(lens => [lens.range.start.line, (lens.command?.title ?? '').replace(/\$\([\w-]+\) /, '')] as const);

  it('has run, debug and the last result above its definition, and means behind its components', async () => {
    const score = (accuracy: number) => ({ overall: accuracy, components: { accuracy, format: null }, evidence: [] });
    hands.results.publish(summarizeScores({ path: reward, hash: 'x', responses: '4 rollouts' }, [score(1), score(0), score(1), score(1)], ['a', 'a', 'b', 'b']));
    const document = await vscode.workspace.openTextDocument(reward);
    await vscode.window.showTextDocument(document);
    const line = original.split('\n').findIndex(text => text.includes('defineReward({'));
    assert.deepEqual((await lenses(reward)).filter(([, title]) => !title.includes('case')), [[line, 'run'], [line, 'debug'], [line, 'mean 0.75 ± 0.50 · 50 % zero-std']]);
    const summary = hands.results.of(reward);
    assert.ok(summary);
    const shown = meansIn(document, summary).map(({ range, renderOptions }) => [document.lineAt(range.start.line).text.trim(), renderOptions?.after?.contentText]);
    assert.deepEqual(shown, [['components: { accuracy: accuracy(), format: format() },', 'accuracy: mean 0.75 ± 0.50 · format: does not apply']]);
    await vscode.workspace.openTextDocument(python);
    const inPython = await lenses(python);
    assert.deepEqual(inPython.map(([, title]) => title), ['run', 'debug', 'add cases']);
    assert.match(readFileSync(python, 'utf8').split('\n')[inPython[0]?.[0] ?? -1] ?? '', /^def compute_score/);
  });

  it('is marked where it does not load, until it is mended', async () => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(reward));
    const at = editor.document.getText().indexOf('weights: {') + 'weights: {'.length;
    await editor.edit(edit => edit.insert(editor.document.positionAt(at), ' no_such: 1,'));
    await editor.document.save();
    await eventually('the problem is shown', () => problems(reward).some(each => each.message.includes('no_such')));
    assert.ok((problems(reward)[0]?.range.start.line ?? 0) > 0);
    const told = new Promise(resolve => hands.results.onDidChange(resolve));
    hands.results.publish(summarizeScores({ path: reward, hash: 'x', responses: '1 gold answer' }, [{ overall: 1, components: { accuracy: 1 }, evidence: [] }], [null])); // of the text before, which was still being scored
    await told;
    assert.equal(problems(reward).length, 1);
    await editor.edit(edit => edit.replace(new vscode.Range(0, 0, 1000, 0), original));
    await editor.document.save();
    await eventually('the problem is gone', () => problems(reward).length === 0);
  });

  it('is marked at the throwing line with the number of responses it cost, until it is changed', async () => {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(reward));
    const failed = { overall: null, components: { accuracy: null }, evidence: [], error: { message: 'boom', component: 'accuracy', file: reward, line: 5, column: 3 } };
    hands.results.publish(summarizeScores({ path: reward, hash: 'x', responses: '3 gold answers' }, [failed, failed, { overall: 1, components: { accuracy: 1 }, evidence: [] }], [null, null, null]));
    await eventually('the line is marked', () => problems(reward).length > 0);
    const [problem] = problems(reward);
    assert.deepEqual([problems(reward).length, problem?.range.start.line, problem?.range.start.character, problem?.message], [1, 4, 2, 'boom (component accuracy)\n2 of 3 gold answers got no score because of this.']);
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), '// mended\n'));
    await editor.document.save();
    await eventually('the problem is gone', () => problems(reward).length === 0);
  });
});

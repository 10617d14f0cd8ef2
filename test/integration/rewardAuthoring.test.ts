import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const config = path.join(root, 'pebr.json');
const created = path.join(root, 'rewards', 'perception-2.reward.ts');
const tabs = (): readonly string[] => vscode.window.tabGroups.all.flatMap(group => group.tabs).map(tab => tab.label);

describe('writing and checking rewards', function () {
  this.timeout(90_000);
  const original = readFileSync(config, 'utf8');
  const reasoning = path.join(root, 'rewards', 'reasoning.reward.ts');
  const reward = readFileSync(reasoning, 'utf8');
  afterEach(async () => {
    writeFileSync(config, original);
    writeFileSync(reasoning, reward);
    rmSync(created, { force: true });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('New Reward writes a template under a free name, lists it and opens it with the playground', async () => {
    const before = readFileSync(path.join(root, 'rewards', 'perception.reward.ts'), 'utf8');
    const done = vscode.commands.executeCommand('pebr.reward.new');
    await eventually('both questions are answered', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'); // the first template, the proposed name
      return existsSync(created);
    });
    await done;
    assert.match(readFileSync(created, 'utf8'), /clip: 0\.4, key_word: 0\.4, format: 0\.1, length: 0\.1/);
    assert.equal(readFileSync(path.join(root, 'rewards', 'perception.reward.ts'), 'utf8'), before);
    assert.equal(readFileSync(config, 'utf8'), original.replace('"rewards/reward_easyr1.py"]', '"rewards/reward_easyr1.py", "rewards/perception-2.reward.ts"]'));
    await eventually('file and playground are open', () => tabs().includes('perception-2.reward.ts') && tabs().includes('Reward Playground'));
    await eventually('both are seen side by side', () => vscode.window.visibleTextEditors.some(editor => editor.document.uri.fsPath === created));
  });

  it('gold answers that fall short are problems on their lines with a way to the sample, and go when the reward is mended', async () => {
    const data = vscode.Uri.file(path.join(root, 'data', 'reasoning.jsonl'));
    const short = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(data).filter(each => (typeof each.code === 'object' ? each.code.value : each.code) === 'reward/gold-below-full-marks');
    writeFileSync(reasoning, reward.replace('format: format()', 'format: ({ sample }) => (sample.qid === "r-0002" ? 0.5 : 1)'));
    await vscode.commands.executeCommand('pebr.reward.checkGold', reasoning);
    assert.deepEqual(short().map(each => [each.range.start.line, /format 0\.5/.test(each.message)]), [[2, true]]);
    await vscode.window.showTextDocument(data);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', data, short()[0]?.range);
    const open = actions.find(action => action.title === 'Open Sample');
    assert.deepEqual(open?.command?.arguments, [{ dataset: 'cards-reasoning', qid: 'r-0002', file: data.fsPath, line: 3 }]);
    writeFileSync(reasoning, reward); // mended: nobody has to check again
    await eventually('the problem is gone', () => short().length === 0);
  });

  it('the buttons of the messages lead somewhere', async () => {
    const commands = await vscode.commands.getCommands();
    const named = ['workbench.view.testing.focus', 'workbench.panel.markers.view.focus', 'workbench.extensions.installExtension'];
    assert.deepEqual(named.filter(id => !commands.includes(id)), []);
  });

  it('a Python reward asks for its debugger where that is not installed, and starts nothing', async () => {
    assert.equal(vscode.extensions.getExtension('ms-python.debugpy'), undefined);
    let isStarted = false;
    const subscription = vscode.debug.onDidStartDebugSession(() => (isStarted = true));
    const done = vscode.commands.executeCommand('pebr.reward.debug', path.join(root, 'rewards', 'reward_easyr1.py'));
    await eventually('the message is answered', async () => {
      await vscode.commands.executeCommand('notifications.clearAll');
      return Promise.race([Promise.resolve(done).then(() => true), new Promise<boolean>(resolve => setTimeout(resolve, 200, false))]);
    });
    subscription.dispose();
    assert.equal(isStarted, false);
  });
});

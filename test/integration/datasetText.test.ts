import * as assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { TestHands } from '../../src/extension';
import { runMeansIn } from '../../src/features/rewards/runMeans';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const file = path.join(root, 'data', 'reasoning.jsonl');
const uri = vscode.Uri.file(file);
const run = '20990101-000000-text';
const runFolder = path.join(root, '.pebr', 'runs', run);
const difficulty = path.join(root, '.pebr', 'difficulty', 'cards-reasoning.jsonl');

describe('a dataset in the text editor', function () {
  this.timeout(90_000);
  let hands: TestHands;
  let qid = '';
  let before1: string | undefined;
  before(async () => {
    hands = (await vscode.extensions.getExtension<TestHands>('pebr-studio.pebr-studio')?.activate()) as TestHands;
    qid = (JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '') as { qid: string }).qid;
    const line = (index: number, part: object): string => `${JSON.stringify({ v: 1, run, stage: 'reasoning', step: 2, group: 'g 1', sampleId: qid, dataset: 'cards-reasoning', index, prompt: '', response: `### Image Description: number ${index} [x](command:workbench.action.quit)`, tokens: 5, finish: 'stop', components: { accuracy: index === 1 ? 1 : 0 }, overall: index / 4, advantage: index - 1, evidence: [], rewardHash: 'old', checkpoint: '', ...part })}\n`;
    mkdirSync(path.join(runFolder, 'rollouts'), { recursive: true });
    writeFileSync(path.join(runFolder, 'rollouts', 'reasoning.jsonl'), [0, 1, 2].map(index => line(index, {})).join(''));
    writeFileSync(path.join(runFolder, 'run.json'), JSON.stringify({ v: 1, id: run, name: 'text', stages: ['reasoning'], engine: 'trl', config: { pipeline: { stages: [{ name: 'reasoning', dataset: 'cards-reasoning', reward: 'rewards/reasoning.reward.ts' }] } } }));
    before1 = existsSync(difficulty) ? readFileSync(difficulty, 'utf8') : undefined;
    mkdirSync(path.dirname(difficulty), { recursive: true });
    writeFileSync(difficulty, `${JSON.stringify({ qid, difficulty: 'medium', correct: 5, responses: 8 })}\n`);
    await vscode.commands.executeCommand('pebr.dataset.refresh');
  });
  after(async () => {
    rmSync(runFolder, { recursive: true, force: true });
    await hands.rewards.runs.refresh(path.join(root, 'rewards', 'reasoning.reward.ts'));
    if (before1 === undefined) rmSync(difficulty, { force: true });
    else writeFileSync(difficulty, before1);
    await vscode.workspace.getConfiguration().update('pebr.datasetText.codeLens', undefined, vscode.ConfigurationTarget.Global);
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const lenses = async (count = 1000): Promise<readonly (readonly [line: number, title: string | undefined, command: string | undefined])[]> =>
    (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, count)).map(({ range, command }) => [range.start.line, command?.title, command?.command] as const);

  it('has a lens above each row, resolved when it is looked at', async () => {
    const editor = await vscode.window.showTextDocument(uri);
    await eventually('the editor shows it', () => editor.visibleRanges.length > 0);
    const rows = readFileSync(file, 'utf8').trimEnd().split('\n');
    const boxes = (JSON.parse(rows[0] ?? '') as { boxes?: unknown[] }).boxes?.length ?? 0;
    const found = await lenses();
    assert.deepEqual(found.slice(0, 2), [[0, `medium 5/8 · ${boxes === 1 ? '1 box' : `${boxes} boxes`} · open`, 'pebr.sample.open'], [0, 'responses', 'pebr.rollouts.peek']]);
    assert.match(found[2]?.[1] ?? '', /^\d+ box(es)? · open$/);
    const seen = editor.visibleRanges[0]?.end.line ?? 0;
    assert.ok(seen > 0 && found.some(([line]) => line === Math.min(seen, rows.length - 1)), String(seen));
    await vscode.workspace.getConfiguration().update('pebr.datasetText.codeLens', false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lenses(), []);
    await vscode.workspace.getConfiguration().update('pebr.datasetText.codeLens', undefined, vscode.ConfigurationTarget.Global);
  });

  it('has lenses around what is in view where it is long, and none for a file of no project', async () => {
    const long = path.join(root, 'data', 'long.jsonl');
    const original = readFileSync(file, 'utf8');
    try {
      writeFileSync(long, '{"qid":"a"}\n'.repeat(3));
      await vscode.window.showTextDocument(vscode.Uri.file(long));
      assert.deepEqual((await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', vscode.Uri.file(long), 10)).filter(each => each.command?.command.startsWith('pebr.')), []);
      writeFileSync(file, '{"qid":"a"}\n'.repeat(60_000));
      const editor = await vscode.window.showTextDocument(uri);
      await eventually('the editor shows it', () => editor.document.lineCount > 50_000 && editor.visibleRanges.length > 0);
      editor.revealRange(new vscode.Range(30_000, 0, 30_000, 0), vscode.TextEditorRevealType.AtTop);
      await eventually('it is scrolled', () => (editor.visibleRanges[0]?.start.line ?? 0) > 29_000);
      const found = await lenses();
      assert.ok(found.length > 50 && found.length < 1000, String(found.length));
      assert.ok(found.some(([line]) => line === 30_000) && !found.some(([line]) => line === 100));
    } finally {
      writeFileSync(file, original);
      rmSync(long);
    }
  });

  it('shows the picture, the label, and the best and the worst response over a row, and runs nothing that a response says', async () => {
    await vscode.window.showTextDocument(uri);
    let text = '';
    let trust: unknown;
    await eventually('the responses are read', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(0, 5));
      const own = hovers.flatMap(({ contents }) => contents).filter((each): each is vscode.MarkdownString => each instanceof vscode.MarkdownString && each.value.includes('pebr.sample.open'))[0];
      text = own?.value ?? '';
      trust = own?.isTrusted;
      return text.includes('Worst');
    });
    assert.match(text, /^!\[\]\(data:image\/jpeg;base64,/);
    assert.ok(text.length < 100_000);
    const plain = text.replace(/&nbsp;/g, ' ').replace(/\\/g, '');
    assert.match(plain, /medium, 5\/8 right/);
    assert.match(plain, /\[Best\]\(command:pebr\.rollouts\.open\?[^)]*\) ▲ 3 0\.500 wrong advantage 1\.00 \(accuracy 0\.00\)/);
    assert.match(plain, /\[Worst\]\(command:pebr\.rollouts\.open\?[^)]*\) ▼ 1 0\.000/);
    assert.doesNotMatch(text, /\[x\]\(command:/); // escaped
    assert.deepEqual((trust as { enabledCommands: readonly string[] }).enabledCommands.filter(each => !each.startsWith('pebr.')), []);
  });

  it('marks how hard each row in view is, in words and a shape', async () => {
    const editor = await vscode.window.showTextDocument(uri);
    const { document } = editor;
    editor.revealRange(new vscode.Range(0, 0, 0, 0));
    await eventually('a row is marked', async () => (await hands.datasetText.marks.marksOf(document)).length > 0);
    const marks = await hands.datasetText.marks.marksOf(document);
    assert.deepEqual(marks.map(({ range, renderOptions }) => [range.start.line, renderOptions?.after?.contentText]), [[0, '◐ medium 5/8']]);
  });

  it('reads no picture that a link leads out of the image root', async () => {
    const linked = path.join(root, 'data', 'images', 'linked.png');
    const original = readFileSync(file, 'utf8');
    symlinkSync(path.join(vscode.extensions.getExtension('pebr-studio.pebr-studio')?.extensionPath ?? '', 'media', 'icon.png'), linked);
    try {
      const [first = '', ...rest] = original.split('\n');
      writeFileSync(file, [JSON.stringify({ ...(JSON.parse(first) as object), images: ['images/linked.png'] }), ...rest].join('\n'));
      const document = await vscode.workspace.openTextDocument(uri);
      await eventually('the text is read again', () => document.lineAt(0).text.includes('linked.png'));
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(0, 5));
      const words = hovers.flatMap(({ contents }) => contents).map(each => (each as vscode.MarkdownString).value).join('\n');
      assert.match(words, /lies outside the image root and is not read/);
      assert.doesNotMatch(words, /data:image/);
    } finally {
      writeFileSync(file, original);
      rmSync(linked);
    }
  });

  it('peeks the stored responses over the row, and from a case of a reward', async () => {
    const shown = (): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find(({ uri: { scheme } }) => scheme === 'pebr-rollout');
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(0, 3, 0, 3) });
    await vscode.commands.executeCommand('pebr.rollouts.peek');
    await eventually('the responses are peeked', () => shown() !== undefined);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath === file || shown() !== undefined, true);
    const text = shown()?.getText() ?? '';
    assert.match(text, new RegExp(`^# ${qid}\n${run} · reasoning · step 2 · g 1 · mean 0\\.250 ± 0\\.250\n\n## ▼ 1 {2}0\\.000 {2}wrong {2}advantage -1\\.00\naccuracy 0\\.000\n\n### Image Description: number 0`));
    const cases = path.join(root, 'rewards', 'peek.reward.cases.jsonl');
    writeFileSync(cases, `${JSON.stringify({ v: 1, sample: { dataset: 'cards-reasoning', qid }, response: 'x', expect: { overall: 1 } })}\n`);
    try {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.window.showTextDocument(vscode.Uri.file(cases));
      await vscode.commands.executeCommand('pebr.rollouts.peek');
      await eventually('the responses are peeked', () => shown() !== undefined);
    } finally {
      rmSync(cases);
    }
  });

  it('opens a link to its rollouts where the run is in the workspace, and nothing else', async () => {
    const copied = await hands.links.copy({ runFolder, group: 'g 1', index: 2, query: { text: 'right:no -response:"a&b=c%"', sort: [{ column: 'overall', isDescending: true }] } });
    assert.equal(await vscode.env.clipboard.readText(), copied);
    assert.ok(copied.startsWith(`${vscode.env.uriScheme}://pebr-studio.pebr-studio/rollouts?run=${run}&`), copied);
    const link = vscode.Uri.parse(copied);
    assert.deepEqual(await hands.links.requestOf(link), { runFolder, group: 'g 1', index: 2, query: { text: 'right:no -response:"a&b=c%"', sort: [{ column: 'overall', isDescending: true }] } });
    await hands.links.handleUri(link);
    await eventually('the panel is open', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.startsWith('Rollouts'))));
    const outside = path.join(root, 'elsewhere', 'rollouts');
    cpSync(path.join(runFolder, 'rollouts'), outside, { recursive: true });
    try {
      for (const named of ['20990101-000000-none', '../runs', '../../elsewhere', `../runs/${run}`, path.join(root, 'elsewhere'), '.', '']) {
        await assert.rejects(hands.links.requestOf(link.with({ query: `run=${encodeURIComponent(named)}` })), /Open the folder of its project|it names no run/, named);
      }
    } finally {
      rmSync(path.dirname(outside), { recursive: true });
    }
  });

  it('says above a reward what it gave in the last run, and that the file is another one since', async () => {
    const reward = path.join(root, 'rewards', 'reasoning.reward.ts');
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(reward));
    const result = await hands.rewards.runs.refresh(reward);
    assert.ok(result);
    assert.deepEqual([result.run, result.stages, result.isStale], [run, ['reasoning'], true]);
    const found = (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', vscode.Uri.file(reward), 20)).find(({ command }) => command?.command === 'pebr.rollouts.open');
    assert.equal(found?.command?.title, `$(graph) ${run}: mean 0.25 ± 0.25 · 0 % zero-std · with an older version`);
    assert.deepEqual(found?.command?.arguments, [{ runFolder, query: { text: 'stage:reasoning', sort: [] } }]);
    assert.deepEqual(runMeansIn(document, result).map(({ renderOptions }) => renderOptions?.after?.contentText), ['last run, older version: 0.33 ± 0.58, flat in 0 % of groups']);
  });

  it('exports a group from the window', async () => {
    const out = path.join(root, 'shared.html');
    try {
      await vscode.commands.executeCommand('pebr.rollouts.export', { runFolder, group: 'g 1', format: 'html', file: out });
      await eventually('the page is there', () => existsSync(out));
      assert.match(readFileSync(out, 'utf8'), /<img alt="" src="data:image\/jpeg;base64,/);
    } finally {
      rmSync(out, { force: true });
    }
  });
});

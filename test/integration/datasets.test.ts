import * as assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

/** The code of a diagnostic; its rule's page is behind it as a link. */
const ruleOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

describe('dataset problems', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const file = path.join(folder, 'data', 'perception.jsonl');
  const uri = vscode.Uri.file(file);
  let original: string;

  before(async () => {
    await vscode.extensions.getExtension('pebr-studio.pebr-studio')?.activate();
    original = await readFile(file, 'utf8');
  });
  afterEach(() => writeFile(file, original));

  const found = (): string[] => vscode.languages.getDiagnostics(uri).map(diagnostic => `${diagnostic.range.start.line + 1} ${ruleOf(diagnostic)}`);
  const lint = (): Thenable<unknown> => vscode.commands.executeCommand('pebr.dataset.lint');

  it('are none in the sample project', async () => {
    await lint();
    assert.deepEqual(found(), []);
  });

  it('stand in Problems at their lines, and go when the file is corrected', async () => {
    const lines = original.split('\n');
    const broken = [
      lines[0]?.replace('images/train-0000.png', 'images/none.png'),
      lines[1]?.replace(/"answer": "[^"]*"/, '"answer": ""'),
      lines[1],
      '{"qid": "half',
    ];
    await writeFile(file, broken.join('\n'));
    await eventually('all four are found', () => found().length === 4);
    assert.deepEqual(found().sort(), ['1 dataset/missing-image', '2 dataset/empty-answer', '3 dataset/duplicate-qid', '4 dataset/malformed-line']);
    const [missing] = vscode.languages.getDiagnostics(uri).filter(diagnostic => ruleOf(diagnostic) === 'dataset/missing-image');
    assert.match(missing?.message ?? '', /none\.png" is missing: there is no .*none\.png\.\nPut the file there/);
    await writeFile(file, original);
    await eventually('they are gone', () => found().length === 0);
  });

  it('tell a dataset that vanished, and follow it when it comes back', async () => {
    await rm(file);
    await eventually('it is told', () => found().includes('1 dataset/unreadable'));
    await writeFile(file, original);
    await eventually('it is gone', () => found().length === 0);
  });

  it('follow the images', async () => {
    const image = path.join(folder, 'data', 'images', 'train-0000.png');
    const bytes = await readFile(image);
    await rm(image);
    await eventually('the missing image is told', () => found().includes('1 dataset/missing-image'));
    await mkdir(path.dirname(image), { recursive: true });
    await writeFile(image, bytes);
    await eventually('it is gone', () => found().length === 0);
  });

  it('tell a line of the curation file that cannot be read', async () => {
    const decided = vscode.Uri.file(`${file}.curation.jsonl`);
    await writeFile(decided.fsPath, '{"v": 1, "qid": "half');
    try {
      await lint();
      assert.deepEqual(vscode.languages.getDiagnostics(decided).map(each => `${each.range.start.line + 1} ${ruleOf(each)}`), ['1 curation/malformed-line']);
    } finally {
      await rm(decided.fsPath);
    }
  });

  describe('in a text editor', () => {
    const edit = async (document: vscode.TextDocument, line: number, change: (text: string) => string): Promise<void> => {
      const { range, text } = document.lineAt(line);
      const work = new vscode.WorkspaceEdit();
      work.replace(uri, range, change(text));
      await vscode.workspace.applyEdit(work);
    };
    const fixes = (line: number): Thenable<vscode.CodeAction[]> =>
      vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, new vscode.Range(line, 0, line, 1_000), vscode.CodeActionKind.QuickFix.value, 20);
    let document: vscode.TextDocument;

    beforeEach(async () => {
      await lint();
      document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
    });
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    it('follow the typing, before anything is saved, and move with their lines', async () => {
      await edit(document, 3, text => text.replace('<image>', ''));
      await eventually('the row is told', () => found().join() === '4 dataset/image-count');
      await edit(document, 0, text => `\n\n${text}`);
      await eventually('it moves down', () => found().join() === '6 dataset/image-count');
      await vscode.commands.executeCommand('undo');
      await vscode.commands.executeCommand('undo');
      await eventually('they go with the edits', () => found().length === 0);
    });

    it('have a quick fix that removes them, in one row and in all rows of the file', async () => {
      for (const line of [1, 2, 5]) await edit(document, line, text => text.replace('<image>', ''));
      await eventually('the rows are told', () => found().length === 3);
      const [one] = (await fixes(1)).filter(action => action.title === 'Write one <image> for each image');
      assert.ok(one?.edit, 'the fix of the row is offered');
      await vscode.workspace.applyEdit(one.edit);
      await eventually('the row is well', () => found().join() === '3 dataset/image-count,6 dataset/image-count');
      const [all] = (await fixes(2)).filter(action => action.title.endsWith(': all rows of this file'));
      assert.ok(all?.edit, 'the fix of the file is offered');
      await vscode.workspace.applyEdit(all.edit);
      await eventually('all rows are well', () => found().length === 0);
      assert.equal(document.getText(), original, 'every other byte is as it was');
    });

    it('lead to the page of their rule', async () => {
      await edit(document, 3, text => text.replace('<image>', ''));
      await eventually('the row is told', () => found().length === 1);
      const [diagnostic] = vscode.languages.getDiagnostics(uri);
      assert.match(String((diagnostic?.code as { target?: vscode.Uri }).target), /RULES\.md#datasetimage-count/);
    });
  });
});

describe('difficulty', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const file = path.join(folder, '.pebr', 'difficulty', 'cards-reasoning.jsonl');
  const label = (): string | undefined => vscode.window.tabGroups.activeTabGroup.activeTab?.label;

  before(async () => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify({ v: 1, qid: 'r-0001', difficulty: 'easy', correct: 8, responses: 8, policy: 'base', checkpoint: '', date: '2026-11-21', run: 'r' })}\n`);
  });
  after(async () => {
    await rm(file);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens as a page of the dataset, once', async () => {
    await vscode.commands.executeCommand('pebr.difficulty.open', 'cards-reasoning');
    await eventually('the page is there', () => label() === 'Difficulty: cards-reasoning');
    await vscode.commands.executeCommand('pebr.difficulty.open', { datasetId: 'cards-reasoning' });
    assert.equal(vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(tab => tab.label === 'Difficulty: cards-reasoning').length, 1);
  });
});

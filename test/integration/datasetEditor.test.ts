import * as assert from 'node:assert/strict';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { datasetEditorType } from '../../src/contributions';
import type { LabelChange } from '../../src/core/labels/labelChange';
import type { TestHands } from '../../src/extension';
import { eventually } from './eventually';

const move: LabelChange = { type: 'setBox', index: 0, numbers: [17, 112, 57, 160] };

describe('dataset editor', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const file = path.join(folder, 'data', 'perception.jsonl');
  let hands: TestHands['datasetEditor'];
  let original: string;

  before(async () => {
    const extension = vscode.extensions.getExtension<TestHands>('pebr-studio.pebr-studio');
    hands = (await extension?.activate())?.datasetEditor as TestHands['datasetEditor'];
    original = await readFile(file, 'utf8');
    // In a browser VS Code saves by itself after a second; these tests are about what a person does.
    await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  });
  after(() => vscode.workspace.getConfiguration('files').update('autoSave', undefined, vscode.ConfigurationTarget.Global));

  afterEach(async () => {
    if (isDirty()) await vscode.commands.executeCommand('workbench.action.files.revert');
    await replaceFile(original);
    await eventually('the editor is clean', () => !isDirty());
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** As git and most tools write: a new file in the place of the old one. */
  const replaceFile = async (content: string): Promise<void> => {
    await writeFile(`${file}.new`, content);
    await rename(`${file}.new`, file);
  };
  const tab = (): vscode.Tab | undefined => vscode.window.tabGroups.activeTabGroup.activeTab;
  const isDirty = (): boolean => tab()?.isDirty === true;
  const lines = async (): Promise<string[]> => (await readFile(file, 'utf8')).split('\n');
  const openAt = async (qid: string, index: number): Promise<void> => {
    await vscode.commands.executeCommand('pebr.sample.open', { dataset: 'cards-perception', qid });
    await eventually(`the page shows row ${index}`, () => hands.shown(file)[0] === index);
  };
  /**
   * The browser edition of VS Code 1.100 often never brings up a webview's page a second time (the page waits for a service worker that does
   * not take over). So one editor stays open here, and what needs another page is left to the newer edition.
   */
  const opensPagesReliably = (): boolean => !vscode.version.startsWith('1.100.');

  it('opens at a sample, and goes to another in the same editor', async () => {
    await openAt('p-0042', 42);
    assert.equal((tab()?.input as vscode.TabInputCustom).viewType, datasetEditorType);
    await openAt('p-1199', 1199);
    assert.equal(vscode.window.tabGroups.activeTabGroup.tabs.length, 1);
    await vscode.commands.executeCommand('pebr.editor.previousSample');
    await eventually('the page shows the sample before', () => hands.shown(file)[0] === 1198);
  });

  it('makes one gesture one step of undo, and saves exactly the edited line', async () => {
    await openAt('p-0000', 0);
    assert.equal(isDirty(), false);
    await hands.change(file, 0, move);
    await eventually('the editor is dirty', isDirty);
    assert.equal(await readFile(file, 'utf8'), original, 'nothing is written before it is saved');
    await vscode.commands.executeCommand('undo');
    await eventually('one undo took it back', () => !isDirty());
    await vscode.commands.executeCommand('redo');
    await eventually('redo did it again', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    const before = original.split('\n');
    const after = await lines();
    const changed = after.flatMap((line, index) => (line === before[index] ? [] : [index]));
    assert.deepEqual([changed, after.length], [[0], before.length]);
    assert.equal(after[0], before[0]?.replace('"bbox": [16, 112, 56, 160]', '"bbox": [17, 112, 57, 160]'));
    await vscode.commands.executeCommand('undo');
    await eventually('undo past the save is an edit', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.equal(await readFile(file, 'utf8'), original, 'back to the very bytes');
  });

  it('tells the problems of a row as it is edited, before anything is saved', async () => {
    const found = (): string[] => vscode.languages.getDiagnostics(vscode.Uri.file(file)).map(({ range, code }) => `${range.start.line + 1} ${String(typeof code === 'object' ? code.value : code)}`);
    await openAt('p-0004', 4);
    await hands.change(file, 4, { type: 'setBox', index: 0, numbers: [0, 0, 900, 40] });
    await eventually('the box outside is told', () => found().join() === '5 dataset/box-outside');
    await hands.bulk(file, [6, 7], { type: 'setAnswer', value: '' });
    await eventually('rows of a bulk edit are told too', () => found().sort().join() === '5 dataset/box-outside,7 dataset/empty-answer,8 dataset/empty-answer');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually('they go with the edits', () => found().length === 0);
  });

  it('reverts', async () => {
    await openAt('p-0003', 3);
    await hands.change(file, 3, { type: 'setText', field: 'answer', value: 'wrong' });
    await eventually('the editor is dirty', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually('it is clean', () => !isDirty());
    await hands.change(file, 3, { type: 'setText', field: 'answer', value: 'other' });
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.equal((JSON.parse((await lines())[3] ?? '') as { answer: string }).answer, 'other');
  });

  it('keeps unsaved edits when other lines change on disk, and saves both', async () => {
    await openAt('p-0005', 5);
    await hands.change(file, 5, { type: 'setText', field: 'answer', value: 'mine' });
    const moved = ['{"qid": "new", "problem": "<image>?", "answer": "1", "images": ["images/train-0000.png"]}', ...original.split('\n')];
    await replaceFile(moved.join('\n'));
    await eventually('the edited row moved down', async () => {
      await vscode.commands.executeCommand('workbench.action.files.save');
      return !isDirty();
    });
    const after = await lines();
    assert.equal(after.length, moved.length);
    assert.deepEqual(after.flatMap((line, index) => (line === moved[index] ? [] : [index])), [6]);
    assert.equal((JSON.parse(after[6] ?? '') as { answer: string }).answer, 'mine');
  });

  it('never overwrites a row that was changed here and on disk before somebody chose', async () => {
    await openAt('p-0006', 6);
    await hands.change(file, 6, { type: 'setText', field: 'answer', value: 'mine' });
    const theirs = original.split('\n').map((line, index) => (index === 6 ? line.replace('"answer": "', '"answer": "theirs ') : line)).join('\n');
    await writeFile(file, theirs);
    await eventually('the row is in conflict', () => hands.conflicts(file).includes(6));
    await vscode.commands.executeCommand('workbench.action.files.save').then(undefined, () => undefined); // refused, and told to the person
    assert.equal(await readFile(file, 'utf8'), theirs);
    assert.equal(isDirty(), true);
    await hands.resolve(file, 6, 'mine');
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.equal((JSON.parse((await lines())[6] ?? '') as { answer: string }).answer, 'mine');
  });

  it('takes the row on disk when that is chosen, and can take that back', async () => {
    await openAt('p-0008', 8);
    await hands.change(file, 8, { type: 'setText', field: 'answer', value: 'mine' });
    const theirs = original.split('\n').map((line, index) => (index === 8 ? line.replace('"answer": "', '"answer": "theirs ') : line)).join('\n');
    await replaceFile(theirs);
    await eventually('the row is in conflict', () => hands.conflicts(file).includes(8));
    await hands.resolve(file, 8, 'theirs');
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.equal(await readFile(file, 'utf8'), theirs);
    await vscode.commands.executeCommand('undo');
    await eventually('mine is back', isDirty);
  });

  it('tags many samples as one step of undo, saved beside the file', async () => {
    const curation = `${file}.curation.jsonl`;
    const saved = (): Promise<string> => readFile(curation, 'utf8').catch(() => '');
    await openAt('p-0010', 10);
    await hands.bulk(file, [10, 11, 12], { type: 'addTag', tag: 'blurry' });
    await eventually('the editor is dirty', isDirty);
    await vscode.commands.executeCommand('undo');
    await eventually('one undo took it back', () => !isDirty());
    await vscode.commands.executeCommand('redo');
    await eventually('redo did it again', isDirty);
    assert.equal(await saved(), '', 'nothing is written before it is saved');
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.deepEqual((await saved()).trim().split('\n').map(line => (JSON.parse(line) as { qid: string; tags: string[] })).map(({ qid, tags }) => [qid, tags]), [
      ['p-0010', ['blurry']], ['p-0011', ['blurry']], ['p-0012', ['blurry']],
    ]);
    assert.equal(await readFile(file, 'utf8'), original);
    await vscode.commands.executeCommand('undo');
    await eventually('undo past the save is an edit', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    await assert.rejects(readFile(curation), 'no sample is touched any more');
  });

  it('changes many rows and deletes some, each one step of undo, before and after saving', async () => {
    await openAt('p-0020', 20);
    await hands.bulk(file, [20, 21, 22], { type: 'setAnswer', value: 'same' });
    await hands.bulk(file, [21, 30], { type: 'deleteRows' });
    await eventually('the editor is dirty', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    const before = original.split('\n');
    const answered = (line: string | undefined): string => JSON.stringify({ ...(JSON.parse(line ?? '') as object), answer: 'same' });
    const after = await lines();
    assert.equal(after.length, before.length - 2);
    assert.deepEqual(after.slice(20, 22).map(line => JSON.stringify(JSON.parse(line))), [answered(before[20]), answered(before[22])]);
    assert.deepEqual(after.filter(line => !line.includes('"same"')), before.filter((_, row) => ![20, 21, 22, 30].includes(row)));
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.equal(await readFile(file, 'utf8'), original, 'back to the very bytes');
  });

  it('reloads a clean file that changed', async () => {
    await openAt('p-1199', 1199);
    await writeFile(file, original.split('\n').slice(0, 10).join('\n'));
    await eventually('the page shows the last row there is', () => hands.shown(file)[0] === 9);
    assert.equal(isDirty(), false);
  });

  it('writes a file that vanished again, with the edits', async () => {
    await openAt('p-0009', 9);
    await rm(file);
    await hands.change(file, 9, { type: 'setText', field: 'answer', value: 'mine' });
    await eventually('the editor is dirty', isDirty);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    const before = original.split('\n');
    assert.deepEqual((await lines()).flatMap((line, index) => (line === before[index] ? [] : [index])), [9]);
  });

  it('opens at a sample after the page was hidden behind another editor', async function () {
    if (!opensPagesReliably()) this.skip();
    await openAt('p-0001', 1);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path.join(folder, 'pebr.json')), { preview: false });
    await eventually('the other editor is in front', () => tab()?.input instanceof vscode.TabInputText);
    await openAt('p-0007', 7);
  });

  it('opens a JSONL that no project names with the default columns', async function () {
    if (!opensPagesReliably()) this.skip();
    const other = path.join(folder, 'other.jsonl');
    await writeFile(other, '{"qid": "x", "problem": "?", "answer": "1"}\r\n');
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(other), datasetEditorType);
    await eventually('the page came up', () => hands.shown(other).length === 1);
    await hands.change(other, 0, { type: 'setText', field: 'answer', value: '2' });
    await vscode.commands.executeCommand('workbench.action.files.save');
    await eventually('it is saved', () => !isDirty());
    assert.equal(await readFile(other, 'utf8'), '{"qid": "x", "problem": "?", "answer": "2"}\r\n');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await rm(other);
  });
});

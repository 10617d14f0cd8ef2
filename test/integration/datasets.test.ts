import * as assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

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

  const found = (): string[] => vscode.languages.getDiagnostics(uri).map(diagnostic => `${diagnostic.range.start.line + 1} ${String(diagnostic.code)}`);
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
    const [missing] = vscode.languages.getDiagnostics(uri).filter(diagnostic => diagnostic.code === 'dataset/missing-image');
    assert.match(missing?.message ?? '', /none\.png" is missing: there is no .*none\.png\. Put the file there/);
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
});

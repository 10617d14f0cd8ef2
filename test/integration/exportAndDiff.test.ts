import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../src/core/lifecycle';
import { Comparison } from '../../src/features/datasetDiff/comparison';
import { writeRevision } from '../../src/platform/diff/gitRevision';
import { eventually } from './eventually';
import { openServices } from './openServices';

describe('a dataset that leaves the project', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const file = path.join(folder, 'data', 'perception.jsonl');
  let out: string;
  let original: string;

  before(async () => {
    await vscode.extensions.getExtension('pebr-studio.pebr-studio')?.activate();
    original = await readFile(file, 'utf8');
  });
  beforeEach(async () => (out = await mkdtemp(path.join(os.tmpdir(), 'pebr-exported-'))));
  afterEach(async () => {
    await writeFile(file, original);
    await rm(out, { recursive: true, force: true });
  });

  it('is exported without questions where a command says all, rows that would be refused told at their lines', async () => {
    const lines = original.split('\n');
    await writeFile(file, [lines[0]?.replace(/"answer": "[^"]*"/, '"answer": ""'), ...lines.slice(1)].join('\n'));
    await vscode.commands.executeCommand('pebr.dataset.export', { datasetId: 'cards-perception', to: 'ms-swift', folder: out, name: 'cards', leaveOut: true });
    const rows = readFileSync(path.join(out, 'cards.jsonl'), 'utf8').trim().split('\n');
    assert.equal(rows.length, 1199);
    assert.ok(existsSync((JSON.parse(rows[0] ?? '') as { images: string[] }).images[0] ?? ''));
    const found = (): string[] => vscode.languages.getDiagnostics(vscode.Uri.file(file)).filter(({ source }) => source === 'PeBR export').map(({ code, range }) => `${range.start.line + 1} ${String(code)}`);
    assert.deepEqual(found(), ['1 export/empty-answer']);
    await writeFile(file, original);
    await eventually('the finding goes with the line it was about', () => found().length === 0);
  });

  it('exports only the rows that are named', async () => {
    await vscode.commands.executeCommand('pebr.dataset.export', { datasetId: 'cards-perception', to: 'verl', folder: out, name: 'two', container: 'jsonl', qids: ['p-0003', 'p-0001'] });
    const qids = readFileSync(path.join(out, 'two.jsonl'), 'utf8').trim().split('\n').map(line => (JSON.parse(line) as { extra_info: { qid: string } }).extra_info.qid);
    assert.deepEqual(qids, ['p-0001', 'p-0003']);
  });

  it('is compared with a revision of it in a panel', async () => {
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', ...args], { cwd: folder, encoding: 'utf8' });
    git('init', '-q');
    const lifetime = new DisposableStore();
    try {
      git('add', 'data/perception.jsonl', 'pebr.json');
      git('commit', '-q', '-m', 'Cards');
      const lines = original.split('\n');
      await writeFile(file, [lines[0]?.replace('[16, 112, 56, 160]', '[20, 112, 60, 160]'), ...lines.slice(2)].join('\n'));
      await vscode.commands.executeCommand('pebr.dataset.compare', { datasetId: 'cards-perception', from: 'HEAD' });
      const label = `perception.jsonl ↔ HEAD (${git('rev-parse', 'HEAD').slice(0, 8)})`;
      await eventually('its tab is there', () => vscode.window.tabGroups.all.flatMap(group => group.tabs).some(tab => tab.label === label));
      const { datasets } = openServices(lifetime, 'Compare test');
      const revision = await writeRevision('git', file, git('rev-parse', 'HEAD').trim());
      const comparison = await Comparison.open(await datasets.contextOf(file), { name: 'perception.jsonl', from: 'HEAD', to: 'now' }, revision, {});
      assert.deepEqual(comparison.page(0, 10), [{ kind: 'changed', qid: 'p-0000', words: 'boxes (1 moved, IoU 0.82)' }, { kind: 'removed', qid: 'p-0001', words: '' }]);
      const detail = await comparison.detail(0, uri => uri);
      assert.deepEqual([detail?.oldBoxes[0]?.bbox, detail?.nowBoxes[0]?.bbox, detail?.imageUri], [[16, 112, 56, 160], [20, 112, 60, 160], path.join(folder, 'data/images/train-0000.png')]);
      await comparison.close();
      assert.equal(existsSync(revision.file), false);
    } finally {
      lifetime.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await rm(path.join(folder, '.git'), { recursive: true, force: true });
    }
  });
});

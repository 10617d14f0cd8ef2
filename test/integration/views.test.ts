import * as assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../src/core/lifecycle';
import { DatasetFactsCache } from '../../src/features/datasets/datasetFacts';
import type { DatasetNode } from '../../src/features/datasets/datasetNode';
import { DatasetTree } from '../../src/features/datasets/datasetTree';
import { eventually } from './eventually';
import { openServices } from './openServices';

describe('saved views and tags', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const file = path.join(folder, 'pebr.json');
  const curation = path.join(folder, 'data', 'perception.jsonl.curation.jsonl');
  const lifetime = new DisposableStore();
  let original: string;
  let tree: DatasetTree;

  before(async () => {
    await vscode.extensions.getExtension('pebr-studio.pebr-studio')?.activate();
    original = await readFile(file, 'utf8');
    const { datasets, lint, log, blind } = openServices(lifetime, 'views');
    tree = lifetime.add(new DatasetTree('perception', datasets, lifetime.add(new DatasetFactsCache(datasets, log)), lint, blind));
  });
  after(async () => {
    lifetime.dispose();
    await rm(curation, { force: true });
    await writeFile(file, original);
  });

  /** Labels and descriptions of what stands under a node of the first dataset. */
  async function under(kind: DatasetNode['kind']): Promise<readonly string[]> {
    const [root] = await tree.getChildren();
    const node = (await tree.getChildren(root)).find(child => child.kind === kind);
    return (node ? await tree.getChildren(node) : []).map(child => tree.getTreeItem(child)).map(item => `${String(item.label)} | ${String(item.description)}`);
  }

  it('are saved into pebr.json beside its comments, shown under their dataset, renamed and deleted', async () => {
    assert.deepEqual(await under('views'), []);
    const datasetId = 'cards-perception';
    const query = { text: 'boxes:>2', sort: [{ column: 'qid', isDescending: true }], groupBy: null };
    await vscode.commands.executeCommand('pebr.view.save', { datasetId, query, name: 'many' });
    await eventually('the view is in the tree', async () => (await under('views')).length === 1);
    assert.deepEqual(await under('views'), ['many | boxes:>2']);
    const saved = await readFile(file, 'utf8');
    assert.match(saved, /"views": \[\s+\{ "name": "many", "dataset": "cards-perception", "query": "boxes:>2", "sort": \["qid:desc"\] \}\s+\]/);
    assert.equal(saved.replace(/,?\s*"views": \[[^]*?\}\s*\]/, '').replace(/\s/g, ''), original.replace(/\s/g, ''));
    await vscode.commands.executeCommand('pebr.view.delete', { datasetId, name: 'many' });
    await eventually('the view is gone', async () => (await under('views')).length === 0);
  });

  it('tags are counted when they are unfolded', async () => {
    assert.deepEqual(await under('tags'), []);
    await writeFile(curation, ['p-0001', 'p-0002'].map((qid, index) => `${JSON.stringify({ v: 1, qid, tags: index === 0 ? ['odd', 'blurry'] : ['odd'], review: 'todo', note: '', stage: null, difficulty: null, rollout: null })}\n`).join(''));
    assert.deepEqual(await under('tags'), ['odd | 2', 'blurry | 1']);
  });
});

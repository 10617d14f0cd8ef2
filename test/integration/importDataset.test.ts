import * as assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

/** The repository, from `out/test/integration` of this file's bundle. */
const fixtures = path.resolve(__dirname, '../../../test/fixtures/formats');

describe('importing a dataset', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const project = path.join(folder, 'pebr.json');
  const out = path.join(folder, 'data', 'from-voc.jsonl');
  let original: string;

  before(async () => {
    await vscode.extensions.getExtension('pebr-studio.pebr-studio')?.activate();
    original = await readFile(project, 'utf8');
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await writeFile(project, original);
    await rm(out, { force: true });
    await rm(path.join(folder, 'foreign'), { recursive: true, force: true });
  });

  it('writes the rows, names them in pebr.json, opens them and tells what could not be read', async () => {
    await cp(path.join(fixtures, 'voc'), path.join(folder, 'foreign'), { recursive: true });
    await vscode.commands.executeCommand('pebr.dataset.import', { path: path.join(folder, 'foreign'), out });
    const rows = (await readFile(out, 'utf8')).trimEnd().split('\n').map(line => JSON.parse(line) as { qid: string; boxes: unknown[] });
    assert.equal(rows.length, 8);
    const text = await readFile(project, 'utf8');
    assert.match(text, /"id": "from-voc",\s+"stage": "perception",\s+"path": "data\/from-voc\.jsonl",\s+"imageRoot": "foreign",\s+"boxFrame": "pixel"/);
    assert.ok(original.split('\n').slice(0, -4).every(line => text.includes(line)), 'the rest of pebr.json stays');
    const broken = vscode.Uri.file(path.join(folder, 'foreign', 'Annotations', 'broken.xml'));
    assert.match(vscode.languages.getDiagnostics(broken).map(each => each.message).join(), /The annotation cannot be read/);
    await eventually('the dataset editor shows it', () => {
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      return activeTab?.input instanceof vscode.TabInputCustom && activeTab.input.uri.fsPath === out;
    });
  });
});

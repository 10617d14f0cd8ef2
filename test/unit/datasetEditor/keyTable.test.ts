import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { keyTable } from '../../../webview/datasetEditor/keyTable';
import { keyCap } from '../../../webview/shared/keys';

interface Keybinding {
  readonly command: string;
  readonly key: string;
}

describe('the help of the dataset editor', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly contributes: { readonly keybindings: readonly Keybinding[] } };
  const rows = keyTable.flatMap(group => group.rows);

  it('shows exactly the keys that the manifest gives the editor', () => {
    const declared = contributes.keybindings.filter(({ command }) => command.startsWith('pebr.editor.')).map(({ command, key }) => `${key} ${command}`);
    const shown = rows.flatMap(({ command, keys }) => (command === undefined ? [] : keys.map(key => `${key} ${command}`)));
    assert.deepEqual(shown.sort(), declared.sort());
  });

  it('names no key twice', () => {
    const keys = rows.flatMap(row => row.keys);
    assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), []);
  });

  it('prints keys as keyboards do', () => {
    assert.deepEqual(['shift+/', 'ctrl+c', 'shift+d', 'delete', 'a'].map(key => keyCap(key, false)), ['?', 'Ctrl C', 'Shift D', 'Del', 'A']);
    assert.equal(keyCap('ctrl+c', true), '⌘C');
  });
});

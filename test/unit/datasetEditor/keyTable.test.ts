import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { keyTable } from '../../../webview/datasetEditor/keyTable';
import { keyCap } from '../../../webview/shared/keys';

interface Keybinding {
  readonly command: string;
  readonly key: string;
}

describe('the help of the dataset editor', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly contributes: { readonly keybindings: readonly Keybinding[]; readonly commands: readonly { readonly command: string }[] } };
  const rows = keyTable.flatMap(group => group.rows);

  it('shows exactly the keys that the manifest gives the editor', () => {
    const declared = contributes.keybindings.filter(({ command }) => command.startsWith('pebr.editor.')).map(({ command, key }) => `${key} ${command}`);
    const shown = rows.flatMap(({ command, keys }) => (!command?.startsWith('pebr.') ? [] : keys.map(key => `${key} ${command}`)));
    assert.deepEqual(shown.sort(), declared.sort());
  });

  it('has every command of the editor, and names no other but those of VS Code itself', () => {
    const declared = contributes.commands.map(({ command }) => command).filter(command => command.startsWith('pebr.editor.'));
    const shown = rows.flatMap(({ command, alsoBy }) => [...(alsoBy ?? []), ...(command === undefined ? [] : [command])]);
    const ofVsCode = ['redo', 'undo', 'workbench.action.files.save'];
    assert.deepEqual(shown.sort(), [...declared, ...ofVsCode].sort());
  });

  it('tells as fixed only what the pointer does and what is held or walks', () => {
    const fixed = rows.filter(({ command }) => command === undefined).flatMap(({ keys }) => keys);
    assert.deepEqual(fixed.filter(key => !/click|drag|wheel|arrows|^ctrl$|^escape$|tab$/.test(key)), []);
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

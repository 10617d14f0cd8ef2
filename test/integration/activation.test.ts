import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../src/contributions';

describe('activation', () => {
  before(async () => {
    await vscode.extensions.getExtension('pebr-studio.pebr-studio')?.activate();
  });

  it('happens in a folder with pebr.json', () => {
    assert.equal(vscode.extensions.getExtension('pebr-studio.pebr-studio')?.isActive, true);
  });

  it('registers every command of the manifest', async () => {
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(commandIds.filter(id => !registered.includes(id)), []);
  });
});

import * as assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from './eventually';

const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const source = `import { clip, defineReward, format } from 'pebr';

export default defineReward({
  components: { clip: clip({ tau: 0.4 }), format: format() },

});
`;

/** Each layout a person may have; none of them holds our declarations. */
const layouts: Readonly<Record<string, { readonly file: string; readonly text: string; readonly beside?: Readonly<Record<string, string>> }>> = {
  'a .ts file without a tsconfig': { file: 'a.reward.ts', text: source },
  'a .ts file with a tsconfig': { file: 'b.reward.ts', text: source, beside: { 'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "ESNext", "moduleResolution": "Bundler", "noEmit": true } }' } },
  'a checked .js file': { file: 'c.reward.js', text: `// @ts-check\n${source}` },
};

describe('types of the reward API in the editor', function () {
  this.timeout(120_000);
  const folder = path.join(root, 'typed');
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [what, { file, text, beside = {} }] of Object.entries(layouts)) {
    it(`come without an install step: ${what}`, async () => {
      mkdirSync(folder, { recursive: true });
      for (const [name, content] of Object.entries(beside)) writeFileSync(path.join(folder, name), content);
      const uri = vscode.Uri.file(path.join(folder, file));
      writeFileSync(uri.fsPath, text);
      const document = await vscode.workspace.openTextDocument(uri);
      const editor = await vscode.window.showTextDocument(document);
      const position = document.positionAt(document.getText().indexOf('clip({') + 1);
      let words = '';
      await eventually('the hover tells what clip is', async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
        words = hovers.flatMap(hover => hover.contents).map(content => (content as vscode.MarkdownString).value).join('\n');
        return /similarity/i.test(words) && words.includes('clip');
      }, 60_000);
      assert.match(words, /SingleComponent/);

      const blank = document.positionAt(document.getText().indexOf('\n\n});') + 1);
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, blank);
      const members = items.filter(item => item.kind === vscode.CompletionItemKind.Field || item.kind === vscode.CompletionItemKind.Property);
      assert.deepEqual(members.map(item => (typeof item.label === 'string' ? item.label : item.label.label)), ['weights'], 'what defineReward({…}) still lacks is completed');

      // A mistake of the person's is told: so the file was checked, and with our types.
      const wrong = document.positionAt(document.getText().indexOf('tau: 0.4'));
      await editor.edit(edit => edit.replace(new vscode.Range(wrong, wrong.translate(0, 3)), 'tua'));
      await eventually('the misspelt option is told', () => vscode.languages.getDiagnostics(uri).some(each => /tua/.test(each.message)), 60_000);
      assert.deepEqual(vscode.languages.getDiagnostics(uri).filter(each => /Cannot find module/.test(each.message)), []);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    });
  }
});

import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { commandIds, datasetEditorType, viewIds } from '../../src/contributions';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string; readonly media: { readonly svg: string }; readonly completionEvents: readonly string[] }[] }[];
    readonly customEditors: readonly { readonly viewType: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string; readonly markdownDescription?: string }>> };
    readonly jsonValidation: readonly { readonly url: string }[];
  };
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const { contributes } = manifest;
const steps = contributes.walkthroughs.flatMap(walkthrough => walkthrough.steps);

describe('manifest', () => {
  it('declares exactly the commands of contributions.ts', () => {
    assert.deepEqual(contributes.commands.map(entry => entry.command).sort(), [...commandIds].sort());
  });

  it('gives every command a title and a category', () => {
    assert.deepEqual(contributes.commands.filter(entry => !entry.title || entry.category !== 'PeBR'), []);
  });

  it('uses only declared commands in menus, keybindings, welcome texts and the walkthrough', () => {
    const used = [
      ...Object.values(contributes.menus).flat().map(entry => entry.command),
      ...contributes.keybindings.map(entry => entry.command),
      ...[...contributes.viewsWelcome.map(entry => entry.contents), ...steps.map(step => step.description)].flatMap(text => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(match => match[1] ?? '')),
      ...steps.flatMap(step => step.completionEvents).flatMap(event => (event.startsWith('onCommand:') ? [event.slice('onCommand:'.length)] : [])),
    ];
    assert.deepEqual(used.filter(command => !(commandIds as readonly string[]).includes(command)), []);
  });

  it('declares the views and the custom editor of contributions.ts, each view with icon and welcome text', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(views.map(view => view.id).sort(), Object.values(viewIds).sort());
    assert.deepEqual(views.filter(view => !existsSync(view.icon) || !contributes.viewsWelcome.some(entry => entry.view === view.id)), []);
    assert.deepEqual(contributes.customEditors.map(editor => editor.viewType), [datasetEditorType]);
  });

  it('describes every setting and gives it a scope', () => {
    assert.deepEqual(Object.entries(contributes.configuration.properties).filter(([, setting]) => !setting.scope || !setting.markdownDescription), []);
  });

  it('names files that exist', () => {
    assert.deepEqual([manifest.icon, ...contributes.jsonValidation.map(entry => entry.url), ...steps.map(step => step.media.svg)].filter(file => !existsSync(file)), []);
  });

  it('is built against the oldest VS Code that it supports', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });
});

describe('media/pebr.schema.json', () => {
  it('is what `node scripts/schema.js` writes', () => {
    const { schemaText } = createRequire(`${process.cwd()}/package.json`)('./scripts/schema.js') as { schemaText(): string };
    assert.equal(readFileSync('media/pebr.schema.json', 'utf8'), schemaText());
  });
});

describe('docs/RULES.md', () => {
  it('is what `node scripts/rules.js` writes', () => {
    const { rulesText } = createRequire(`${process.cwd()}/package.json`)('./scripts/rules.js') as { rulesText(): string };
    assert.equal(readFileSync('docs/RULES.md', 'utf8'), rulesText());
  });
});

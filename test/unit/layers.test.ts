import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** What a layer may import from: docs/ARCHITECTURE.md, "Layers". */
const allowed: Record<string, readonly string[]> = {
  'src/core': ['src/core'],
  'src/protocol': ['src/core', 'src/protocol'],
  webview: ['src/core', 'src/protocol', 'webview'],
  'src/platform': ['src/core', 'src/platform'],
  'src/cli': ['src/core', 'src/platform', 'src/cli'],
  'src/host': ['src/core', 'src/protocol', 'src/platform', 'src/contributions', 'src/host'],
  'src/features': ['src/core', 'src/protocol', 'src/platform', 'src/contributions', 'src/host', 'src/features'],
  'src/contributions': ['src/core'],
};
const packagesOf: Record<string, RegExp> = {
  'src/core': /^(jsonc-parser|valibot)$/,
  'src/protocol': /^$/,
  webview: /^(preact|@preact|uplot|katex$|@vscode\/webview-ui-toolkit)/,
  'src/platform': /^(node:|onnxruntime-node$|sharp$|@duckdb\/node-api$|image-size|sucrase(?:$|\/)|@huggingface\/|jsonc-parser$|valibot$|yaml$)/,
  'src/cli': /^node:/,
};

const root = process.cwd();

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(file);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [file] : [];
  });
}

function layerOf(file: string): string | undefined {
  return Object.keys(allowed)
    .filter(layer => file === `${layer}.ts` || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

interface Import {
  readonly file: string;
  readonly line: number;
  readonly target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)].map(match => ({
    file,
    line: text.slice(0, (match.index ?? 0) + match[0].length).split('\n').length,
    target: match[1] ?? match[2] ?? match[3] ?? '',
  }));
}

describe('layers', () => {
  const files = [...sourceFiles('src'), ...sourceFiles('webview')].map(file => file.split(path.sep).join('/'));
  const imports = files.filter(file => layerOf(file)).flatMap(importsOf);

  it('finds the sources', () => assert.ok(imports.length > 50));

  it('import only what the dependency rule allows', () => {
    const broken = imports.filter(({ file, target }) => {
      const layer = layerOf(file) ?? '';
      if (!target.startsWith('.')) return packagesOf[layer] !== undefined && !packagesOf[layer].test(target);
      const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
      return !(allowed[layer] ?? []).some(other => resolved === other || resolved.startsWith(`${other}/`));
    });
    assert.deepEqual(broken.map(b => `${b.file}:${b.line} imports ${b.target}`), []);
  });

  it('a feature never imports another feature', () => {
    const broken = imports.filter(({ file, target }) => {
      const feature = /^src\/features\/([^/]+)\//.exec(file)?.[1];
      const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), target));
      const other = /^src\/features\/([^/]+)/.exec(resolved)?.[1];
      return target.startsWith('.') && feature !== undefined && other !== undefined && other !== feature;
    });
    assert.deepEqual(broken.map(b => `${b.file}:${b.line} imports ${b.target}`), []);
  });
});

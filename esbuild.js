// Every bundle of the product: `node esbuild.js [--tests] [--watch] [--release]`.
const { build, context } = require('esbuild');
const { cp, readFile, writeFile } = require('node:fs/promises');
const path = require('node:path');

const release = process.argv.includes('--release');
const common = { bundle: true, sourcemap: release ? false : 'linked', minify: release, logLevel: 'warning', legalComments: 'none' };
// jsonc-parser's CommonJS build cannot be bundled; its ES module can. What is loaded late is all CommonJS: `require` takes half the time of `import()`, which looks through each file first.
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', supported: { 'dynamic-import': false }, mainFields: ['module', 'main'], external: ['vscode', 'onnxruntime-node', 'sharp', '@duckdb/node-api'] };
const typescriptPlugin = 'node_modules/pebr-typescript-plugin';
const panels = ['datasetEditor', 'datasetDiff', 'playground', 'launch', 'pipeline', 'run', 'rollouts'];

const builds = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', plugins: [editorAsItIs()] },
  // Neither may need the editor: `vscode` is not external here, so importing it does not build.
  { ...node, external: ['onnxruntime-node', 'sharp', '@duckdb/node-api'], entryPoints: ['src/cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  {
    ...node,
    external: ['onnxruntime-node', 'sharp', '@duckdb/node-api'],
    entryPoints: { rewardWorker: 'src/platform/rewards/workerMain.ts', rewardHost: 'src/platform/rewards/host/hostMain.ts', rewardThread: 'src/platform/rewards/thread/threadMain.ts', lintThread: 'src/platform/lint/lintThread.ts', detector: 'src/platform/proposals/detectorMain.ts', smallFilesThread: 'src/platform/formats/smallFilesThread.ts', headersThread: 'src/platform/formats/headersThread.ts', debugReward: 'src/platform/rewards/debugMain.ts', rolloutWorker: 'src/platform/rollouts/rolloutWorker.ts' },
    outdir: 'dist',
  },
  { ...node, external: ['onnxruntime-node', 'sharp', '@duckdb/node-api'], entryPoints: { rewardApi: 'src/core/rewards/api.ts' }, outdir: 'dist' },
  // Where the editor's TypeScript server looks for it: a package in the extension's node_modules, whose export is the function itself.
  { ...node, sourcemap: false, entryPoints: ['src/typescriptPlugin.ts'], outfile: `${typescriptPlugin}/index.js`, footer: { js: 'module.exports = module.exports.init;' } },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    outdir: 'dist/webview',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    entryPoints: [
      { in: 'webview/shared/toolkit.ts', out: 'toolkit' },
      { in: 'webview/shared/latex.ts', out: 'latex' },
      ...panels.map(panel => ({ in: `webview/${panel}/main.tsx`, out: panel })),
    ],
  },
];

/** A namespace import of `vscode` copies its hundreds of members for each file that has one, which is most of what activation would cost: each gets the module itself. */
function editorAsItIs() {
  const contents = async file => (await readFile(file, 'utf8')).replace(/^import \* as vscode from 'vscode';/m, "import vscode = require('vscode');");
  return { name: 'editor-as-it-is', setup: ({ onLoad }) => onLoad({ filter: /[\\/]src[\\/](host|features|extension)\b.*\.ts$/ }, async ({ path: file }) => ({ contents: await contents(file), loader: 'ts' })) };
}

/** Tests keep their folder structure under out/test; packages are loaded as they are, our own code is bundled in. */
function testBuild() {
  const { readdirSync } = require('node:fs');
  const list = folder =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter(entry => entry.isFile() && /\.(test|run)\.tsx?$/.test(entry.name))
      .map(entry => path.join(entry.parentPath ?? entry.path, entry.name));
  return {
    ...node,
    minify: false,
    sourcemap: 'inline',
    entryPoints: list('test'),
    outbase: 'test',
    outdir: 'out/test',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.css': 'empty' },
  };
}

async function main() {
  const all = process.argv.includes('--tests') ? [...builds, testBuild()] : builds;
  const codicons = path.dirname(require.resolve('@vscode/codicons/dist/codicon.css'));
  const copied = Promise.all(['codicon.css', 'codicon.ttf'].map(file => cp(path.join(codicons, file), path.join('dist/webview', file))));
  if (process.argv.includes('--watch')) {
    for (const options of all) await (await context(options)).watch();
    console.log('watching');
  } else {
    await Promise.all(all.map(options => build(options)));
  }
  await copied;
  await writeFile(path.join(typescriptPlugin, 'package.json'), `${JSON.stringify({ name: 'pebr-typescript-plugin', version: '0.1.0', main: 'index.js', license: 'MIT' }, null, 2)}\n`);
}

main().catch(error => {
  console.error(error.message ?? error);
  process.exitCode = 1;
});

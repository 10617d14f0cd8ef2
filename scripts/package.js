// Packs the extension for one platform: `npm run package [-- linux-x64]`. The folder that is packed is built fresh, with that platform's binaries only.
const { spawnSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { runMain, SetUpError } = require('./setUpError');
const { root } = require('./setUp');

const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
const content = ['dist', 'media', 'samples', 'trainer', 'README.md', 'LICENSE', 'CHANGELOG.md', '.vscodeignore'];

/** Builds the release bundles and packs them; returns the path of the .vsix. */
function packageExtension(target = `${process.platform}-${process.arch}`) {
  if (!targets.includes(target)) throw new SetUpError(`There is no package for ${target}.`, `Platforms: ${targets.join(', ')}. Intel Macs have no ONNX Runtime binary since 1.24.`);
  const stage = path.join(root, 'out/package', target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  run(process.execPath, ['esbuild.js', '--release'], root);
  const skip = /[\\/](\.venv|\.pebr|data|onnx|__pycache__|\.pytest_cache|tests)([\\/]|$)|\.map$/;
  for (const name of content) cpSync(path.join(root, name), path.join(stage, name), { recursive: true, filter: source => !skip.test(path.relative(root, source)) });
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  delete manifest.scripts;
  delete manifest.devDependencies;
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(path.join(root, 'package-lock.json'), path.join(stage, 'package-lock.json'));
  const [os, cpu] = target.split('-');
  run('npm', ['install', '--omit=dev', `--os=${os}`, `--cpu=${cpu}`, ...(os === 'linux' ? ['--libc=glibc'] : []), '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], stage);
  rmSync(path.join(stage, 'package-lock.json'));
  addTypescriptPlugin(stage, manifest);
  keepOnly(path.join(stage, 'node_modules/onnxruntime-node/bin/napi-v6'), os, cpu);
  dropUnused(path.join(stage, 'node_modules'), os, cpu);
  const vsix = path.join(root, `out/pebr-studio-${target}-${manifest.version}.vsix`);
  run(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '--target', target, '--out', vsix], stage);
  console.log(`${path.relative(root, vsix)}  ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
  return vsix;
}

/** It is built, not installed; the packer takes from node_modules only what the manifest names. */
function addTypescriptPlugin(stage, manifest) {
  const plugin = 'node_modules/pebr-typescript-plugin';
  cpSync(path.join(root, plugin), path.join(stage, plugin), { recursive: true });
  const { name, version } = JSON.parse(readFileSync(path.join(stage, plugin, 'package.json'), 'utf8'));
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, [name]: version } }, null, 2)}\n`);
}

/** onnxruntime-node ships every platform's binaries in one package. */
function keepOnly(folder, os, cpu) {
  for (const platform of readdirSync(folder)) {
    if (platform !== os) rmSync(path.join(folder, platform), { recursive: true });
    else for (const arch of readdirSync(path.join(folder, platform))) if (arch !== cpu) rmSync(path.join(folder, platform, arch), { recursive: true });
  }
}

/** What is there twice, for other processors, or for graphics cards that we do not use, some ten megabytes a file; and what only compilers and debuggers read. */
function dropUnused(packages, os, cpu) {
  for (const name of readdirSync(packages, { recursive: true })) if (/\.([cm]?ts|map|cc|h)$/.test(name)) rmSync(path.join(packages, name), { force: true, recursive: true });
  const onnx = path.join(packages, 'onnxruntime-node/bin/napi-v6', os, cpu);
  // The compilers of WebGPU shaders; and on macOS the library under a second name, for which the add-on does not ask.
  const unused = readdirSync(onnx).filter(name => /^dx(compiler|il)\.dll$/.test(name) || (/^libonnxruntime.*\.dylib$/.test(name) && !asksFor(onnx, name)));
  for (const name of unused) rmSync(path.join(onnx, name));
  const duckdb = path.join(packages, `@duckdb/node-bindings-${os}-${cpu}`);
  if (!existsSync(duckdb)) throw new SetUpError(`DuckDB has no binaries for ${os}-${cpu} in the lock file.`, 'Take a version that has them and write the lock file anew.');
  if (os === 'darwin') for (const name of readdirSync(duckdb)) thin(path.join(duckdb, name));
}

/** Whether the add-on loads a library under this name. */
function asksFor(folder, library) {
  return readFileSync(path.join(folder, 'onnxruntime_binding.node')).includes(`@rpath/${library}`);
}

/** Cuts the part for arm64 out of a universal Mach-O file; it carries its own signature. */
function thin(file) {
  const bytes = readFileSync(file);
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== 0xcafebabe) return;
  const arm64 = 0x0100000c;
  for (let at = 8; at < 8 + bytes.readUInt32BE(4) * 20; at += 20) {
    if (bytes.readUInt32BE(at) === arm64) writeFileSync(file, bytes.subarray(bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 8) + bytes.readUInt32BE(at + 12)));
  }
}

function run(file, args, cwd) {
  const done = spawnSync(file, args, { cwd, encoding: 'utf8', env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }, shell: process.platform === 'win32' && file === 'npm' });
  if (done.status !== 0) throw new SetUpError(`${path.basename(file)} ${args[0]} failed: ${`${done.stdout}${done.stderr}`.trim().split('\n').slice(-6).join('\n  ')}`, 'Mend it and pack again.');
}

module.exports = { packageExtension };
if (require.main === module) void runMain(() => void packageExtension(process.argv[2]));

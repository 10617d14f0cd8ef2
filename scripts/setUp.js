// Everything a fresh clone needs before it can run; each step is skipped when its inputs have not changed.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { SetUpError } = require('./setUpError');

const root = path.join(__dirname, '..');
const venvPython = path.join(root, 'trainer/.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** npm packages, Python environment, sample data and build. */
function setUp({ tests = false } = {}) {
  checkNode();
  installPackages();
  setUpPython(tests);
  makeSample();
  build(tests);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetUpError(`Node ${process.versions.node} is too old; 20.19 or newer is needed.`, 'Install a newer Node.js, then start again.');
}

function installPackages() {
  const lock = path.join(root, 'package-lock.json');
  const installed = path.join(root, 'node_modules', '.pebr-installed');
  const wanted = hashOf([lock]);
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  checkDisk(2);
  console.log('npm packages: installing');
  // onnxruntime-node's install script only fetches CUDA libraries, which we do not use.
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root, encoding: 'utf8', env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }, shell: process.platform === 'win32',
  });
  if (done.error) throw new SetUpError(`npm cannot be started: ${done.error.message}`, 'Install npm (it comes with Node.js), then start again.');
  if (done.status !== 0) {
    throw new SetUpError(`npm ci failed: ${`${done.stdout}${done.stderr}`.trim().split('\n').slice(-4).join(' ')}`, 'Check the network and the npm configuration, then start again.');
  }
  writeFileSync(installed, wanted);
}

function setUpPython(tests) {
  const python = findPython();
  const done = spawnSync(python, [path.join(root, 'trainer/set_up.py'), '--venv', path.join(root, 'trainer/.venv'), ...(tests ? ['--tests'] : [])], { stdio: 'inherit' });
  if (done.status !== 0) throw new SetUpError('The Python environment of the trainer could not be made.', 'The lines above say what is missing.');
}

/** The first Python that is new enough: PEBR_PYTHON, then what is on the PATH. */
function findPython() {
  const tried = [];
  for (const candidate of [process.env.PEBR_PYTHON, 'python3', 'python', 'python3.13', 'python3.12', 'python3.11'].filter(Boolean)) {
    const probe = spawnSync(candidate, ['-c', 'import sys; print(sys.version_info >= (3, 11), sys.version.split()[0])'], { encoding: 'utf8' });
    if (probe.stdout?.startsWith('True')) return candidate;
    tried.push(probe.error ? `${candidate}: not there` : `${candidate}: ${probe.stdout.trim().split(' ')[1] ?? 'does not run'}`);
  }
  throw new SetUpError(`Python 3.11 or newer was not found (${tried.join(', ')}).`, 'On Debian and Ubuntu: apt-get install python3 python3-venv. Or set PEBR_PYTHON to a Python program.');
}

function makeSample() {
  const done = spawnSync(venvPython, [path.join(root, 'samples/tools/make_cards.py')], { stdio: 'inherit', env: { ...process.env, OMP_NUM_THREADS: '1' } });
  if (done.status !== 0) throw new SetUpError('The sample data could not be made.', 'The lines above say why; deleting samples/cards/data makes it anew.');
}

function build(tests) {
  const sources = ['src', 'webview', ...(tests ? ['test'] : [])].flatMap(folder => filesBelow(path.join(root, folder)));
  const outputs = ['dist/extension.js', 'node_modules/pebr-typescript-plugin/index.js']; // `npm ci` takes the second away
  const stamp = path.join(root, '.setup', tests ? 'build-tests' : 'build');
  const wanted = hashOf([...sources, path.join(root, 'esbuild.js'), path.join(root, 'package-lock.json')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && outputs.every(file => existsSync(path.join(root, file)))) return;
  console.log('Extension: building');
  const done = spawnSync(process.execPath, ['esbuild.js', ...(tests ? ['--tests'] : [])], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) throw new SetUpError('The extension does not build.', 'The lines above say where.');
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function checkDisk(gigabytes) {
  const { bavail, bsize } = statfsSync(root);
  const free = (bavail * bsize) / 1e9;
  if (free < gigabytes) throw new SetUpError(`${root} has ${free.toFixed(1)} GB free; about ${gigabytes} GB are needed.`, 'Free some space, then start again.');
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? filesBelow(path.join(folder, entry.name)) : [path.join(folder, entry.name)]);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest('hex');
}

module.exports = { findPython, root, setUp, venvPython };

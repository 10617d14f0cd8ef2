// `npm test`: sets everything up and runs every level; ends with `N passed, N failed`. `npm test -- unit trainer` runs the named levels.
const { spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const { findChromium, installBrowserVsCode } = require('./browserVsCode');
const { runMain, SetUpError } = require('./setUpError');
const { root, setUp, venvPython } = require('./setUp');

const results = path.join(root, 'out/results');

const levels = {
  types: () => ['src/core', 'src', 'webview', 'test'].map(program => step(`types of ${program}`, process.execPath, ['node_modules/typescript/bin/tsc', '-p', program])).reduce(add),
  unit: () => mocha('unit', ['out/test/unit/**/*.test.js']),
  parity: () => mocha('parity', ['out/test/parity/**/*.test.js']),
  trainer: pytest,
  'integration newest': () => integration('newest'),
  'integration oldest': () => integration('oldest'),
  e2e,
};

async function main() {
  const asked = process.argv.slice(2);
  const unknown = asked.find(name => !Object.keys(levels).some(level => level.startsWith(name)));
  if (unknown) throw new SetUpError(`There is no test level "${unknown}".`, `Levels: ${Object.keys(levels).join(', ')}`);
  const chosen = Object.keys(levels).filter(level => asked.length === 0 || asked.some(name => level.startsWith(name)));
  if (chosen.some(level => /integration|e2e/.test(level))) prepareBrowser();
  setUp({ tests: true });
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  let total = { passed: 0, failed: 0 };
  const summary = [];
  for (const level of chosen) {
    console.log(`\n== ${level}`);
    const started = Date.now();
    const counts = await levels[level]();
    summary.push(`${level.padEnd(20)} ${counts.passed} passed, ${counts.failed} failed (${Math.round((Date.now() - started) / 1000)} s)`);
    total = add(total, counts);
  }
  console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed });

/** Chromium and both VS Codes. As root on Debian (a container, CI) Chromium is installed; elsewhere the person is told. */
function prepareBrowser() {
  try {
    findChromium();
  } catch (error) {
    if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) throw error;
    console.log('Chromium: installing from Debian');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], { stdio: ['ignore', 'ignore', 'inherit'] });
    findChromium();
  }
  installBrowserVsCode('newest');
  installBrowserVsCode('oldest');
}

function step(name, file, args, env = {}) {
  const done = spawnSync(file, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  console.log(`${done.status === 0 ? 'ok' : 'FAILED'} ${name}`);
  return done.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A run that ends without its result file, or with no test in it, counts as one failure. */
function mocha(name, patterns, extra = []) {
  const file = path.join(results, `${name}.json`);
  const args = ['node_modules/mocha/bin/mocha.js', '--exit', '--reporter', path.join(__dirname, 'mochaReporter.js'), '--reporter-option', `output=${file}`, ...extra, ...patterns];
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return counted(name, file, text => JSON.parse(text));
}

/** In real windows a busy machine may take the keyboard or a picture away: a file with a failure is run once more in new windows, and both results are told. */
function e2e() {
  const run = (name, patterns) => mocha(name, patterns, ['--timeout', '900000']);
  const first = run('e2e', ['out/test/e2e/**/*.test.js']);
  const again = Object.entries(first.files ?? {}).filter(([, { failed }]) => failed > 0);
  return again.reduce((counts, [file, { passed, failed }]) => {
    const name = path.basename(file, '.test.js');
    console.log(`\n== e2e, ${name}: ${failed} failed, a second try`);
    const second = run(`e2e ${name}`, [file]);
    console.log(`${name}: ${failed} failed at the first try, ${second.failed} at the second`);
    return { passed: counts.passed - passed + second.passed, failed: counts.failed - failed + second.failed };
  }, first);
}

function pytest() {
  const file = path.join(results, 'trainer.xml');
  spawnSync(venvPython, ['-m', 'pytest', '-q', '--junitxml', file, 'trainer/tests'], {
    cwd: root, stdio: 'inherit', env: { ...process.env, PYTHONPATH: path.join(root, 'trainer'), OMP_NUM_THREADS: '1' },
  });
  return counted('trainer', file, text => {
    const number = name => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)[1]);
    const failed = number('failures') + number('errors');
    return { passed: number('tests') - failed - number('skipped'), failed };
  });
}

async function integration(version) {
  const { testIntegration } = require('./testIntegration');
  const run = async () => {
    const result = await testIntegration(version);
    for (const line of result.lines) console.log(line);
    return result;
  };
  try {
    const first = await run();
    if (first.failed === 0) return first;
    console.log(`\n== integration ${version}: ${first.failed} failed, a second try`);
    const second = await run();
    console.log(`integration ${version}: ${first.failed} failed at the first try, ${second.failed} at the second`);
    return second;
  } catch (error) {
    console.log(`FAILED integration ${version}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

function counted(name, file, read) {
  if (!existsSync(file)) {
    console.log(`FAILED ${name}: it ended without a result`);
    return { passed: 0, failed: 1 };
  }
  const counts = read(readFileSync(file, 'utf8'));
  if (counts.passed + counts.failed > 0) return counts;
  console.log(`FAILED ${name}: no test ran`);
  return { passed: 0, failed: 1 };
}

void runMain(main);

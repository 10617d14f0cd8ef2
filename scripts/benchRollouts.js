// `npm run bench -- rollouts [--rollouts 100000]`: a generated run of some 10 KB a rollout, each figure beside plain DuckDB and a load by pandas (where it is installed) of the same run.
const { execFileSync, spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, statSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { buildSync } = require('esbuild');
const { writeRollouts } = require('./bench/rolloutRows');
const { root } = require('./setUp');

const pythons = [process.env.PEBR_BENCH_PYTHON, path.join(root, 'trainer/.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'), 'python3'].filter(Boolean);
const load = 'import sys, time; import pandas; start = time.perf_counter(); frame = pandas.read_json(sys.argv[1], lines=True); print((time.perf_counter() - start) * 1000)';

async function benchRollouts(option) {
  const count = Number(option('rollouts', '100000'));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-bench-rollouts-'));
  try {
    const run = writeRollouts(folder, count);
    const file = path.join(run, 'rollouts/perception.jsonl');
    const size = statSync(file).size / 1e9;
    execFileSync('wc', ['-l', file]); // brings the file into memory, for all alike
    const code = bundle();
    const probe = (...args) => JSON.parse(execFileSync(process.execPath, [path.join(root, 'scripts/bench/rolloutProbe.js'), code, ...args], { encoding: 'utf8' }));
    const plain = Object.fromEntries(['all', 'filter', 'words', 'histogram'].map(question => [question, probe('plain', file, question).milliseconds]));
    const opened = Array.from({ length: 3 }, () => probe('open', run));
    const middle = name => median(opened.map(each => each[name]));
    const pandas = pandasLoad(file);
    const words = `${count.toLocaleString('en')} rollouts / ${size.toFixed(2)} GB`;
    return [
      row(`${words}: first groups of the list`, middle('first'), 'ms', 1000, plain.all),
      { name: 'everything read', value: middle('read'), unit: 'ms', reach: 'shown', ok: null, baseline: plain.all, ratio: middle('read') / plain.all },
      ...(pandas === undefined ? [] : [{ name: 'everything read, beside a load by pandas', value: middle('read'), unit: 'ms', reach: 'shown', ok: null, baseline: pandas, ratio: middle('read') / pandas }]),
      row('filter by component and answer, warm', middle('filter'), 'ms', 150, plain.filter),
      row('filter by group (doubtful gold), warm', middle('doubted'), 'ms', 150),
      row('filter and sort, warm', middle('sort'), 'ms', 150),
      row('words in the responses, warm', middle('words'), 'ms', 150, plain.words),
      { name: 'words in the responses, first time', value: middle('wordsCold'), unit: 'ms', reach: 'shown', ok: null },
      row('histogram of a component, warm', middle('histogram'), 'ms', 150, plain.histogram),
      row('a page of 100 groups', middle('page'), 'ms', 150),
      row('a group of 64 responses', middle('group'), 'ms', 200),
      row('a live row, from its write to the list', middle('live'), 'ms', 500),
      row('memory that the host takes', middle('memory'), 'MB', 200),
      { name: 'memory of the process that answers', value: middle('worker'), unit: 'MB', reach: 'shown', ok: null },
      { name: 'longest the host stood still', value: Math.max(...opened.map(each => each.longest)), unit: 'ms', reach: 'shown', ok: null },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The parts of src that are measured, as one file that plain Node loads. */
function bundle() {
  const outfile = path.join(root, 'out/bench/rollouts.js');
  const from = { RolloutSession: 'platform/rollouts/rolloutSession', openDuckDb: 'platform/duckdb/openDuckDb' };
  const contents = Object.entries(from).map(([name, place]) => `export { ${name} } from './src/${place}';`).join('\n');
  buildSync({ stdin: { contents, resolveDir: root }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'], external: ['@duckdb/node-api'], outfile });
  return outfile;
}

/** Milliseconds; undefined where no Python has pandas. */
function pandasLoad(file) {
  for (const python of pythons) {
    const { status, stdout } = spawnSync(python, ['-c', load, file], { encoding: 'utf8' });
    if (status === 0) return Number(stdout);
  }
  return undefined;
}

function row(name, value, unit, most, baseline) {
  return { name, value, unit, reach: `≤ ${most}`, ok: value <= most, ...(baseline === undefined ? {} : { baseline, ratio: value / baseline }) };
}

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

module.exports = { benchRollouts };

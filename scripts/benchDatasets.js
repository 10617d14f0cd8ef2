// `npm run bench -- datasets [--rows 1000000] [--parts open,query,save,lint,exports]`: a generated dataset of 430 bytes a row, each figure beside a baseline of the same run.
const { execFileSync, spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { buildSync } = require('esbuild');
const { writeDataset } = require('./bench/datasetRows');
const { root } = require('./setUp');

const venv = path.join(root, 'trainer/.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

async function benchDatasets(option) {
  const count = Number(option('rows', '1000000'));
  const parts = option('parts', 'open,query,save,lint,exports').split(',');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-bench-datasets-'));
  try {
    const needsFile = parts.some(part => part !== 'exports');
    const bench = { file: needsFile ? writeDataset(folder, count) : '', code: needsFile ? bundle() : '', count, folder };
    const suites = { open: benchOpen, query: benchQuery, save: benchSave, lint: benchLint, exports: () => require('./bench/exports').benchExports({}) };
    const rows = [];
    for (const part of parts) rows.push(...(await suites[part](bench)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function benchOpen({ file, code, count }) {
  const lines = Number(execFileSync('wc', ['-l', file], { encoding: 'utf8' }).split(' ')[0]); // also brings the file into memory, for all alike
  const wc = best(3, () => timed(() => execFileSync('wc', ['-l', file])));
  const opened = probes(3, code, 'open', file);
  const first = median(opened.map(({ first }) => first));
  const counted = median(opened.map(({ count: milliseconds }) => milliseconds));
  const memory = median(opened.map(({ memory }) => memory));
  const isExact = opened.every(({ rows }) => rows === lines && rows === count);
  return [
    row(`first 50 of ${thousands(count)} rows`, first, 'ms', 300),
    { ...row(`exact count${isExact ? '' : ' IS WRONG'}`, counted, 'ms', 1500, wc), reach: '≤ 1500, ≤ 3× wc -l', ok: isExact && counted <= 1500 && counted <= 3 * wc },
    row('memory that opening takes', memory, 'MB', 150),
  ];
}

function benchQuery({ file, code }) {
  const rows = [];
  const memory = [];
  const longest = [];
  const ahead = [];
  for (const [question, words] of [['filter', 'filter by field and boxes'], ['words', 'words in the question'], ['difficulty', 'filter by difficulty (joined)'], ['sort', 'sort by a number'], ['histogram', 'histogram of a number']]) {
    const plain = median(probes(3, code, 'plain', file, question).map(({ milliseconds }) => milliseconds));
    const asked = probes(3, code, 'query', file, question);
    rows.push(row(`${words}, cold`, median(asked.map(({ cold }) => cold)), 'ms', 1000, plain), row(`${words}, warm`, median(asked.map(({ warm }) => warm)), 'ms', 150, plain));
    memory.push(...asked.map(each => each.memory));
    longest.push(...asked.map(each => each.longest));
    ahead.push(...asked.map(each => each.ahead));
  }
  const cancelled = probes(3, code, 'cancel', file);
  const given = row('a question given up', median(cancelled.map(({ milliseconds }) => milliseconds)), 'ms', 50);
  return [
    ...rows,
    { ...given, ok: given.ok && cancelled.every(({ isCancelled }) => isCancelled) },
    { name: 'columns read ahead after a first answer, most', value: Math.max(...ahead), unit: 'ms', reach: 'shown', ok: null },
    { name: 'memory that a question takes, most', value: Math.max(...memory), unit: 'MB', reach: 'shown', ok: null },
    { name: 'longest the host stood still, most', value: Math.max(...longest), unit: 'ms', reach: 'shown', ok: null },
  ];
}

function benchSave({ file, code }) {
  const copied = best(3, () => timed(() => execFileSync('sh', ['-c', 'cp "$0" "$0.copy" && sync "$0.copy"', file])));
  const saved = median(probes(3, code, 'save', file).map(({ milliseconds }) => milliseconds));
  const differing = Number(spawnSync('sh', ['-c', 'cmp -s "$0" "$0.saved" || diff --speed-large-files "$0" "$0.saved" | grep -c "^>"', file], { encoding: 'utf8' }).stdout);
  return [{ ...row(`save 100 edits (${differing} lines differ)`, saved, 'ms', 2000, copied), ok: saved <= 2000 && differing === 100 }];
}

function benchLint({ folder, file, count }) {
  const loop = timed(() => execFileSync(venv, ['-c', 'import json, sys\nfor line in open(sys.argv[1], encoding="utf8"): json.loads(line)', file])) / 1000;
  const linted = timed(() => {
    const done = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'lint', '--project', folder], { encoding: 'utf8', maxBuffer: 1 << 30 });
    if (done.status === 2) throw new Error(done.stderr);
  }) / 1000;
  return [row(`lint ${thousands(count)} rows, beside Python's json alone`, linted, 's', 10, loop)];
}

/** The parts of src that are measured, as one file that plain Node loads; packages are found from its place. */
function bundle() {
  const outfile = path.join(root, 'out/bench/datasets.js');
  const from = { DatasetFile: 'platform/dataset/datasetFile', saveRows: 'platform/dataset/saveRows', DatasetQuery: 'platform/query/datasetQuery', openDuckDb: 'platform/duckdb/openDuckDb', defaultColumns: 'core/project/projectDefaults' };
  const contents = Object.entries(from).map(([name, place]) => `export { ${name} } from './src/${place}';`).join('\n');
  buildSync({ stdin: { contents, resolveDir: root }, bundle: true, platform: 'node', format: 'cjs', target: 'node20', supported: { 'dynamic-import': false }, mainFields: ['module', 'main'], external: ['@duckdb/node-api', 'sharp'], outfile });
  return outfile;
}

function probes(repeats, ...args) {
  return Array.from({ length: repeats }, () => JSON.parse(execFileSync(process.execPath, [path.join(root, 'scripts/bench/datasetProbe.js'), ...args], { encoding: 'utf8' })));
}

function row(name, value, unit, most, baseline) {
  return { name, value, unit, reach: `≤ ${most}`, ok: value <= most, ...(baseline === undefined ? {} : { baseline, ratio: value / baseline }) };
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const best = (repeats, measure) => Math.min(...Array.from({ length: repeats }, measure));
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const thousands = value => value.toLocaleString('en');

module.exports = { benchDatasets };

// `npm run bench -- loop [--seeds 0,1,2] [--orders two-stage,reasoning-only,mixed,no-sampling,pass-rates,dynamic-sampling] [--json FILE]`, `npm run bench -- datasets|host|labeler|monitor|rewards|training|rollouts [--json FILE]`.
// Every row is {name, value, unit, reach, ok, baseline?, ratio?}; `ok` is null where a figure is shown but nothing is demanded of it.
const { writeFileSync } = require('node:fs');
const { benchDatasets } = require('./benchDatasets');
const { benchHost } = require('./benchHost');
const { benchLabeler } = require('./benchLabeler');
const { benchLoop } = require('./benchLoop');
const { benchMonitor } = require('./benchMonitor');
const { benchRewards } = require('./benchRewards');
const { benchRollouts } = require('./benchRollouts');
const { benchTraining } = require('./benchTraining');
const { runMain, SetUpError } = require('./setUpError');
const { setUp } = require('./setUp');

const suites = { datasets: benchDatasets, labeler: benchLabeler, loop: benchLoop, host: benchHost, monitor: benchMonitor, rewards: benchRewards, training: benchTraining, rollouts: benchRollouts };

async function main() {
  const [suite, ...rest] = process.argv.slice(2);
  if (!suites[suite]) throw new SetUpError(`There is no suite "${suite ?? ''}".`, `Suites: ${Object.keys(suites).join(', ')}`);
  const option = (name, fallback) => {
    const at = rest.indexOf(`--${name}`);
    return at === -1 ? fallback : rest[at + 1];
  };
  setUp();
  const rows = await suites[suite](option);
  print(rows);
  const file = option('json');
  if (file) writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
  return rows.some(row => row.ok === false) ? 1 : 0;
}

function print(rows) {
  const cells = rows.map(row => [
    row.ok === null ? ' ' : row.ok ? '✓' : '✗', row.name, format(row.value), row.unit, row.reach ?? '', row.baseline === undefined ? '' : format(row.baseline), row.ratio === undefined ? '' : format(row.ratio),
  ]);
  const table = [['', 'name', 'value', 'unit', 'reach', 'baseline', 'ratio'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map(line => line[column].length)));
  for (const line of table) console.log(line.map((cell, column) => (column >= 2 && column !== 3 && column !== 4 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ').trimEnd());
}

const format = value => (typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value));

void runMain(main);

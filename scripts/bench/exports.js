// 100,000 rows about 100,000 images written for each trainer, each beside what writing the same files takes without reading, checking or encoding anything.
const { spawnSync } = require('node:child_process');
const { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync, readdirSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('../setUp');

const targets = ['easyr1', 'verl', 'trl', 'ms-swift', 'llama-factory', 'vlm-r1', 'coco', 'yolo'];
const reachSeconds = 5;

/** Rows `{name, value, unit, reach, ok, baseline, ratio}`. `rows`: how many; 100,000 where nothing is said. */
async function benchExports({ rows = 100_000 } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-bench-exports-'));
  try {
    const data = writeRows(folder, rows);
    const baseline = seconds(() => python(folder, data));
    const files = seconds(() => plainFiles(folder, rows));
    return targets.map(target => {
      const out = path.join(folder, target);
      const value = seconds(() => run(data, target, out));
      rmSync(out, { recursive: true, force: true });
      const beside = target === 'yolo' ? files : baseline;
      return { name: `export ${rows.toLocaleString('en')} rows, each checked: ${target}`, value, unit: 's', reach: `≤ ${reachSeconds}`, ok: value <= reachSeconds, baseline: beside, ratio: value / beside };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each row has an image of its own: a hard link to one of the sample project's, so that each is opened and its header read. */
function writeRows(folder, count) {
  const cards = path.join(root, 'samples/cards/data');
  const samples = readFileSync(path.join(cards, 'perception.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line));
  const pictures = readdirSync(path.join(cards, 'images')).slice(0, 200);
  mkdirSync(path.join(folder, 'base'));
  for (const picture of pictures) copyFileSync(path.join(cards, 'images', picture), path.join(folder, 'base', picture));
  for (let part = 0; part < 100; part++) mkdirSync(path.join(folder, 'images', String(part)), { recursive: true });
  const lines = [];
  for (let row = 0; row < count; row++) {
    const image = `images/${row % 100}/${row}.png`;
    linkSync(path.join(folder, 'base', pictures[row % pictures.length]), path.join(folder, image));
    lines.push(JSON.stringify({ ...samples[row % samples.length], qid: `q-${row}`, images: [image], source: 'bench', score: row / 7 }));
  }
  const file = path.join(folder, 'rows.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function run(data, target, out) {
  const more = target === 'yolo' ? ['--images', 'link'] : [];
  const done = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'export', data, '--to', target, '--out', out, '--project', path.dirname(data), ...more], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`pebr export --to ${target}: ${done.stdout.slice(0, 500)} ${done.stderr}`);
}

/** Hugging Face `datasets` reads the rows and writes them as Parquet, as they are. */
function python(folder, data) {
  const program = `from datasets import load_dataset\nload_dataset("json", data_files=${JSON.stringify(data)}, split="train", cache_dir=${JSON.stringify(path.join(folder, 'cache'))}).to_parquet(${JSON.stringify(path.join(folder, 'plain.parquet'))})`;
  const interpreter = process.env.PEBR_PYTHON || path.join(root, 'trainer/.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const done = spawnSync(interpreter, ['-c', program], { encoding: 'utf8', env: { ...process.env, HF_DATASETS_OFFLINE: '1' } });
  if (done.status !== 0) throw new Error(done.stderr);
}

/** As many small files and links as a YOLO folder has. */
function plainFiles(folder, count) {
  for (const part of ['images', 'labels']) mkdirSync(path.join(folder, 'plain', part), { recursive: true });
  for (let row = 0; row < count; row++) {
    writeFileSync(path.join(folder, 'plain/labels', `${row}.txt`), '0 0.5 0.5 0.2 0.2\n');
    linkSync(path.join(folder, `images/${row % 100}/${row}.png`), path.join(folder, 'plain/images', `${row}.png`));
  }
}

/** What was written before is on the disk by then: nobody waits for another's files. */
function seconds(work) {
  spawnSync('sync');
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

module.exports = { benchExports };

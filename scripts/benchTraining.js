// The trainer's step beside a plain TRL GRPOTrainer script: same model, samples, numbers and Python reward, in turns in the same minutes.
// `npm run bench -- training [--steps 8] [--turns 2]`. Checkpoints and resuming are timed in the trainer's own runs.
const { spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('./setUp');

const python = path.join(root, 'trainer/.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const env = { ...process.env, PYTHONPATH: path.join(root, 'trainer'), OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };
const reward = 'rewards/reward_easyr1.py';
const reach = 1.15;

async function benchTraining(option) {
  const steps = Number(option('steps', '8'));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-bench-training-'));
  try {
    const project = path.join(folder, 'cards');
    cpSync(path.join(root, 'samples/cards'), project, { recursive: true, filter: source => !source.includes(`${path.sep}.pebr`) });
    const config = path.join(folder, 'config.json');
    writeFileSync(config, run(['-m', 'pebr_trainer', 'config', '--project', project]));
    const ours = [];
    const plain = [];
    let last;
    for (let turn = 0; turn < Number(option('turns', '2')); turn++) {
      last = path.join(folder, `run-${turn}`);
      train(project, last, steps);
      ours.push(...secondsOf(last).slice(1)); // the first step warms up
      const out = path.join(folder, `plain-${turn}.json`);
      run([path.join(root, 'scripts/bench/plain_grpo.py'), project, String(steps), out], { PEBR_CONFIG: config });
      plain.push(...JSON.parse(readFileSync(out, 'utf8')).slice(1));
    }
    const ratio = median(ours) / median(plain);
    return [
      { name: `a step of the trainer against a plain TRL script, ${ours.length} steps each`, value: median(ours), unit: 's', reach: `≤ ${reach} × plain`, ok: ratio <= reach, baseline: median(plain), ratio },
      { name: 'best step of each', value: Math.min(...ours), unit: 's', reach: 'shown', ok: null, baseline: Math.min(...plain), ratio: Math.min(...ours) / Math.min(...plain) },
      checkpointRow(last),
      resumeRow(last),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function train(project, folder, steps) {
  const settings = { steps, reward, difficulty: ['easy', 'medium', 'hard'], replay: null, saveEvery: 4 };
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `pipeline.stages.reasoning.${key}=${JSON.stringify(value)}`]);
  run(['-m', 'pebr_trainer', 'train', '--project', project, '--run', folder, '--stages', 'reasoning', '--seed', '0', '--set', 'pipeline.sampling=null', ...set]);
}

const events = folder => readFileSync(path.join(folder, 'events.jsonl'), 'utf8').trimEnd().split('\n').map(line => JSON.parse(line));
const secondsOf = folder => events(folder).filter(event => event.type === 'step').map(event => event.metrics.step_seconds);

/** From the end of a step to the event of its checkpoint: writing, hashing, pruning. */
function checkpointRow(folder) {
  const list = events(folder);
  const took = list.flatMap((event, index) => (event.type === 'checkpoint' ? [event.time - list[index - 1].time] : []));
  return { name: 'a checkpoint, written and sealed', value: median(took), unit: 's', reach: 'shown', ok: null };
}

/** A run cut back to its checkpoint before the last one: from `resume` to the first step that it takes. */
function resumeRow(folder) {
  const file = path.join(folder, 'progress.json');
  const progress = JSON.parse(readFileSync(file, 'utf8'));
  const points = progress.earlier.filter(point => point.checkpoint);
  writeFileSync(file, JSON.stringify({ v: 1, ...points[1], earlier: points.slice(2) }));
  const began = Date.now() / 1000;
  run(['-m', 'pebr_trainer', 'resume', '--run', folder]);
  const list = events(folder);
  const started = list.findLastIndex(event => event.type === 'run-started');
  const first = list.slice(started).find(event => event.type === 'step');
  return { name: 'resume, from the command to its first step (less that step)', value: first.time - began - first.metrics.step_seconds, unit: 's', reach: 'shown', ok: null };
}

function run(args, more = {}) {
  const done = spawnSync(python, args, { encoding: 'utf8', env: { ...env, ...more }, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${args.slice(0, 3).join(' ')} failed:\n${done.stderr.slice(-1500)}`);
  return done.stdout;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

module.exports = { benchTraining };

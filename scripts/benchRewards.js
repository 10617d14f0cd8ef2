// `npm run bench -- rewards`: throughput against the released rewards' work in Python, the bridge, the cold worker, deadlines, and scoring again after a save.
const { execFileSync, spawn } = require('node:child_process');
const { existsSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { workerFlags } = require('./bench/workerFlags');
const { benchItems } = require('./bench/items');
const { repaint } = require('./bench/repaint');
const { root } = require('./setUp');

const command = [process.execPath, ...workerFlags(), path.join(root, 'dist/rewardWorker.js')];
const venv = path.join(root, 'trainer/.venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
const python = existsSync(venv) ? venv : 'python3';
const inFlight = 4;
const reward = `import { accuracy, defineReward, format, keyWords, length } from 'pebr';
export default defineReward({
  components: { accuracy: accuracy(), key_word: keyWords(), format: format(), length: length({ limit: 512 }) },
  weights: { accuracy: 0.5, key_word: 0.3, format: 0.1, length: 0.1 },
});
`;

async function benchRewards(option) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-bench-'));
  const file = name => path.join(folder, name);
  writeFileSync(file('released.reward.ts'), reward);
  writeFileSync(file('one.reward.ts'), "import { defineReward } from 'pebr';\nexport default defineReward({ components: { one: () => 1 }, weights: { one: 1 } });\n");
  writeFileSync(file('loops.reward.ts'), "import { defineReward } from 'pebr';\nexport default defineReward({ components: { a: ({ response }) => {\n  if (response === 'loop') for (;;);\n  return 1;\n} }, weights: { a: 1 } });\n");
  writeFileSync(file('loops.py'), 'def compute_score(reward_inputs):\n    while reward_inputs[0]["response"] == "loop":\n        pass\n    return [{"overall": 1.0} for _ in reward_inputs]\n');
  try {
    const repeats = Number(option('repeats', '20'));
    return [
      ...(await throughput(file)), await bridge(file), await cold(file), await overrun('an endless TypeScript loop', file('loops.reward.ts')),
      await overrun('an endless Python loop', file('loops.py')), await again(file, repeats), ...(await repaint()),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same responses, the same components: ours through the worker and back with evidence, the other in its own process without any transport. */
async function throughput(file) {
  const items = benchItems(2000);
  writeFileSync(file('items.json'), JSON.stringify(items));
  let released;
  try {
    released = JSON.parse(execFileSync(python, [path.join(root, 'scripts/bench/released.py'), file('items.json'), '3'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  } catch (error) {
    throw new Error(`The released rewards' work cannot be measured (is mathruler in ${python}?): ${String(error.stderr ?? error).trim().split('\n').at(-1)}`);
  }
  const worker = new Worker();
  try {
    const { reward: handle } = await worker.ask('load', { path: file('released.reward.ts') });
    let best = Infinity;
    let scores = [];
    for (let repeat = 0; repeat < 5; repeat++) {
      const batches = Array.from({ length: inFlight }, (_, at) => benchItems(items.length, repeat * inFlight + at)); // questions that were not seen before
      const start = performance.now();
      const answers = await Promise.all(batches.map(batch => worker.ask('score', { reward: handle, items: batch }))); // as trainers ask: the next batch before the last is back
      best = Math.min(best, (performance.now() - start) / inFlight);
      if (repeat === 0) [{ scores }] = answers;
    }
    const differ = scores.filter((score, index) => Math.abs(score.overall - released.overall[index]) > 1e-9).length;
    const ours = Math.round(items.length / (best / 1000));
    const theirs = Math.round(items.length / released.seconds);
    return [
      { name: 'responses scored a second, released components without CLIP', value: ours, unit: '/s', reach: '≥ 5 × baseline', ok: ours >= 5 * theirs, baseline: theirs, ratio: ours / theirs },
      { name: 'responses on which the two disagree', value: differ, unit: `of ${items.length}`, reach: '0', ok: differ === 0 },
    ];
  } finally {
    await worker.end();
  }
}

async function bridge(file) {
  const times = JSON.parse(execFileSync(python, [path.join(root, 'scripts/bench/bridge.py'), JSON.stringify(command), file('one.reward.ts'), '300'], { encoding: 'utf8' }));
  return { name: 'Python shim, worker and back, 64 responses of 2,000 characters (p50)', value: quantile(times, 0.5), unit: 'ms', reach: '≤ 2', ok: quantile(times, 0.5) <= 2 };
}

/** From starting the process to the first score. */
async function cold(file) {
  const times = [];
  for (let repeat = 0; repeat < 7; repeat++) {
    const start = performance.now();
    const worker = new Worker();
    const { reward: handle } = await worker.ask('load', { path: file('released.reward.ts') });
    await worker.ask('score', { reward: handle, items: benchItems(1) });
    times.push(performance.now() - start);
    await worker.end();
  }
  return { name: 'cold worker: start to first score (p50)', value: quantile(times, 0.5), unit: 'ms', reach: '≤ 300', ok: quantile(times, 0.5) <= 300 };
}

/** Over the deadline, until the score of the one response is there. */
async function overrun(name, path_) {
  const deadlineMs = 500;
  const worker = new Worker();
  try {
    const { reward: handle } = await worker.ask('load', { path: path_, python: [python] });
    const times = [];
    for (let repeat = 0; repeat < 8; repeat++) {
      const [item] = benchItems(1);
      await worker.ask('score', { reward: handle, items: [item] }); // the process is there again
      const start = performance.now();
      const { scores } = await worker.ask('score', { reward: handle, deadlineMs, items: [{ ...item, response: 'loop' }] });
      times.push(performance.now() - start - deadlineMs);
      if (!scores[0].error?.line) throw new Error(`The line of ${name} was not told: ${JSON.stringify(scores[0])}`);
    }
    const value = Math.max(...times);
    return { name: `deadline overrun of ${name}, its line told (worst of ${times.length})`, value, unit: 'ms', reach: '≤ 100', ok: value <= 100 };
  } finally {
    await worker.end();
  }
}

/** A save: the changed file is loaded anew and 1,000 stored rollouts are scored with it. */
async function again(file, repeats) {
  const items = benchItems(1000);
  const worker = new Worker('--keep-spare'); // as the editor starts it
  try {
    const times = [];
    let held = (await worker.ask('load', { path: file('released.reward.ts') })).reward;
    for (let repeat = 0; repeat < repeats; repeat++) {
      await new Promise(resolve => setTimeout(resolve, 1500)); // a person does not save without a pause either
      writeFileSync(file('released.reward.ts'), reward.replace('0.5', `0.${51 + repeat}`));
      const start = performance.now();
      const { reward: handle } = await worker.ask('load', { path: file('released.reward.ts') });
      const { scores } = await worker.ask('score', { reward: handle, items });
      times.push(performance.now() - start);
      if (scores.length !== 1000) throw new Error('Not every rollout was scored.');
      await worker.ask('unload', { reward: held });
      held = handle;
    }
    return { name: 'saved reward to 1,000 rollouts scored again (p95)', value: quantile(times, 0.95), unit: 'ms', reach: '≤ 250', ok: quantile(times, 0.95) <= 250 };
  } finally {
    await worker.end();
  }
}

/** The asking end of the protocol, as docs/FORMATS.md has it. */
class Worker {
  constructor(...options) {
    this.waiting = new Map();
    this.child = spawn(command[0], [...command.slice(1), ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    const parts = [];
    this.child.stdout.on('data', chunk => {
      let from = 0;
      for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
        this.receive(Buffer.concat([...parts.splice(0), chunk.subarray(from, at)]).toString('utf8'));
        from = at + 1;
      }
      if (from < chunk.length) parts.push(chunk.subarray(from));
    });
  }

  receive(line) {
    const { id, result, error } = JSON.parse(line);
    const { resolve, reject } = this.waiting.get(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  ask(method, params) {
    const id = this.waiting.size + 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  /** Returns when the process is gone: what it does last would be in the next figure. */
  end() {
    const gone = new Promise(resolve => this.child.once('close', resolve));
    this.child.stdin.end();
    return gone;
  }
}

const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

module.exports = { benchRewards };

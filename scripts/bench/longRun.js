// A run of any length in a run's folder, and the process that seems to train it.
const { spawn } = require('node:child_process');
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { metricsOf } = require('./longRunMetrics');

const stepLine = (step, total, metrics = metricsOf(step)) => `${JSON.stringify({ v: 1, type: 'step', time: 1_700_000_000 + step * 4, stage: 'perception', step, total, metrics })}\n`;

/** Writes `<workspace>/.pebr/runs/<name>` with so many steps; its process is ours until `end` is called. */
function makeRun(workspace, name, steps, total = steps + 10_000) {
  const folder = path.join(workspace, '.pebr/runs', name);
  mkdirSync(folder, { recursive: true });
  const stages = ['perception'];
  const config = { name: 'cards', pipeline: { stages: [{ name: 'perception', steps: total, samplesPerStep: 8, responses: 8 }] } };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ v: 1, id: name, name: 'cards', project: workspace, created: new Date().toISOString(), seed: 1, engine: 'trl', command: [], stages, config }));
  const lines = [`${JSON.stringify({ v: 1, type: 'run-started', time: 1_700_000_000, stages, resumed: false })}\n`, `${JSON.stringify({ v: 1, type: 'stage-started', time: 1_700_000_001, stage: 'perception', total })}\n`];
  for (let step = 1; step <= steps; step++) lines.push(stepLine(step, total));
  writeFileSync(path.join(folder, 'events.jsonl'), lines.join(''));
  const trainer = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const stat = process.platform === 'linux' ? readFileSync(`/proc/${trainer.pid}/stat`, 'utf8') : '';
  const startTicks = stat === '' ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  writeFileSync(path.join(folder, 'process.json'), JSON.stringify({ v: 1, pid: trainer.pid, host: os.hostname(), started: Date.now() / 1000, startTicks }));
  return { folder, total, end: () => trainer.kill('SIGKILL') };
}

module.exports = { makeRun, stepLine };

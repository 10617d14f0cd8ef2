// The two-stage loop of the sample on several seeds; beside it, at the same number of RL steps, the orders reasoning-only and mixed, and the two
// stages without sampling, with questions chosen by their pass rate, and with dynamic sampling: the share of zero-std groups must halve.
// One run at a time, because minutes are measured; `--parallel 2` where only the rewards matter.
const { spawn } = require('node:child_process');
const { readdirSync } = require('node:fs');
const path = require('node:path');
const { root } = require('./setUp');

const cli = path.join(root, 'dist/cli.js');
const sample = path.join(root, 'samples/cards');
const perception = 'cards-perception';
const reasoning = 'cards-reasoning';
/** Two stages that differ in what is set. Without sampling every stage trains on all of its samples, as in the ablation of that name. */
const variants = {
  'no-sampling': [
    'pipeline.sampling=null',
    ...[0, 1].flatMap(stage => ['difficulty', 'replay.difficulty'].map(key => `pipeline.stages.${stage}.${key}=["easy","medium","hard"]`)),
  ],
  // Sampled as the stage trains, by the policy that it starts from, and only what that policy gets right now and then.
  'pass-rates': ['pipeline.sampling.temperature=1', 'pipeline.sampling.topP=1', 'pipeline.stages.1.resample=true', 'pipeline.stages.1.passRate=[0.25,0.65]'],
  'dynamic-sampling': ['pipeline.stages.1.dynamicSampling={"maxBatches":3}'],
};

async function benchLoop(option) {
  const seeds = option('seeds', '0,1,2').split(',').map(Number);
  const orders = option('orders', 'two-stage,reasoning-only,mixed,no-sampling,pass-rates,dynamic-sampling').split(',');
  const jobs = orders.flatMap(order => seeds.map(seed => ({ order, seed })));
  const runs = await inParallel(jobs, Number(option('parallel', '1')), train);
  const twoStage = runs.filter(run => run.order === 'two-stage');
  return [
    ...twoStage.flatMap(rowsOfLoop),
    ...(twoStage.length ? rowsOfForgetting(twoStage) : []),
    ...(orders.length > 1 ? rowsOfOrders(runs, orders) : []),
    ...(orders.includes('no-sampling') ? rowsOfSampling(runs, orders) : []),
  ];
}

/** Trains in a process of its own and reads the run's figures. */
async function train({ order, seed }) {
  const name = `bench-${order}-${seed}`;
  console.log(`${name}: training`);
  const how = order in variants ? variants[order].flatMap(override => ['--set', override]) : ['--order', order];
  const output = await run(['train', '--project', sample, '--seed', String(seed), ...how, '--name', name, '--quiet']);
  const folder = path.join(sample, '.pebr/runs', readdirSync(path.join(sample, '.pebr/runs')).filter(entry => entry.endsWith(`-${name}`)).sort().at(-1));
  if (output.code !== 0) throw new Error(`${name} failed: ${output.text.slice(-800)}`);
  const report = JSON.parse((await run(['report', '--run', folder, '--json'])).text);
  console.log(`${name}: ${(report.seconds / 60).toFixed(1)} min`);
  return { order, seed, report };
}

/** Each stage raises its own held-out reward of the sampled policy; the end beats the start on both; greedy loses less than 2 points of either. */
function rowsOfLoop({ seed, report }) {
  const row = (name, dataset, metric, mode, from, to, reach, passes) => {
    const before = estimate(report, from, dataset, mode, metric);
    const after = estimate(report, to, dataset, mode, metric);
    const change = after.mean - before.mean;
    const interval = `[${after.low.toFixed(3)}, ${after.high.toFixed(3)}]`;
    return { name: `seed ${seed}: ${name} ${interval}`, value: after.mean, unit: '0..1', reach, ok: passes(change), baseline: before.mean, ratio: after.mean / before.mean };
  };
  const rises = change => change > 0;
  const holds = change => change > -0.02;
  return [
    { name: `seed ${seed}: whole loop`, value: report.seconds / 60, unit: 'min', reach: '≤ 10', ok: report.seconds <= 600 },
    row('perception stage, own reward, sampled', perception, 'reward', 'sampled', 'warm-up', 'perception', 'rises', rises),
    row('reasoning stage, own reward, sampled', reasoning, 'reward', 'sampled', 'perception', 'reasoning', 'rises', rises),
    row('end against start, perception reward, sampled', perception, 'reward', 'sampled', 'warm-up', 'reasoning', 'rises', rises),
    row('end against start, IoU, sampled', perception, 'iou', 'sampled', 'warm-up', 'reasoning', 'shown', () => null),
    row('end against start, reasoning accuracy, sampled', reasoning, 'accuracy', 'sampled', 'warm-up', 'reasoning', 'rises', rises),
    row('end against start, perception reward, greedy', perception, 'reward', 'greedy', 'warm-up', 'reasoning', '> −0.02', holds),
    row('end against start, IoU, greedy', perception, 'iou', 'greedy', 'warm-up', 'reasoning', 'shown', () => null),
    row('end against start, reasoning accuracy, greedy', reasoning, 'accuracy', 'greedy', 'warm-up', 'reasoning', '> −0.02', holds),
    ...report.stages.filter(stage => report.metrics[stage.name]?.zero_std).map(stage => ({
      name: `seed ${seed}: zero-std groups in ${stage.name}`, value: mean(report.metrics[stage.name].zero_std), unit: 'share', reach: 'shown', ok: null,
    })),
  ];
}

/** What each stage takes from the other's skill, as a mean of the seeds: replay and KL must hold it below 2 points. */
function rowsOfForgetting(runs) {
  const skills = [[reasoning, 'accuracy', 'reasoning accuracy', 'warm-up', 'perception'], [perception, 'reward', 'perception reward', 'perception', 'reasoning'], [perception, 'iou', 'IoU', 'perception', 'reasoning']];
  return ['sampled', 'greedy'].flatMap(mode => skills.map(([dataset, metric, words, from, to]) => {
    const at = stage => mean(runs.map(({ report }) => estimate(report, stage, dataset, mode, metric).mean));
    const baseline = at(from);
    const value = at(to);
    return { name: `forgetting: ${words} after ${to}, ${mode}, mean of ${runs.length} seeds`, value, unit: '0..1', reach: '> −0.02', ok: value - baseline > -0.02, baseline, ratio: value / baseline };
  }));
}

/** Where each order ends, whichever wins; the interval is that of one seed, as a mean of theirs. The baseline is the warm-up policy. */
function rowsOfOrders(runs, orders) {
  const measures = [[perception, 'reward', 'perception reward'], [perception, 'iou', 'IoU'], [reasoning, 'accuracy', 'reasoning accuracy']];
  return orders.flatMap(order => ['sampled', 'greedy'].flatMap(mode => measures.map(([dataset, metric, words]) => {
    const chosen = runs.filter(run => run.order === order).map(({ report }) => report);
    const after = chosen.map(report => estimate(report, lastPolicy(report), dataset, mode, metric));
    const value = mean(after.map(each => each.mean));
    const baseline = mean(chosen.map(report => estimate(report, 'warm-up', dataset, mode, metric).mean));
    const interval = `[${mean(after.map(each => each.low)).toFixed(3)}, ${mean(after.map(each => each.high)).toFixed(3)}]`;
    return { name: `${order}: ${words}, ${mode}, mean of ${chosen.length} seeds ${interval}`, value, unit: '0..1', reach: 'shown', ok: null, baseline, ratio: value / baseline };
  })));
}

/** Groups whose responses all got the same reward teach nothing: dataset-level sampling leaves questions out that give such groups, dynamic sampling the groups themselves. */
function rowsOfSampling(runs, orders) {
  const shareOf = order => mean(runs.filter(run => run.order === order).map(({ report }) => mean(report.metrics.reasoning.zero_std)));
  const baseline = shareOf('no-sampling');
  const row = (order, words, reach, passes) => {
    const value = shareOf(order);
    return { name: `zero-std groups in reasoning, ${words} against none`, value, unit: 'share', reach, ok: passes(value), baseline, ratio: value / baseline };
  };
  return [
    ...(orders.includes('two-stage') ? [row('two-stage', 'sampling of questions', 'shown', () => null)] : []),
    ...(orders.includes('pass-rates') ? [row('pass-rates', 'questions of a pass rate of 0.25 to 0.65, sampled before the stage', '≤ 0.5 ×', value => value <= baseline / 2)] : []),
    ...(orders.includes('dynamic-sampling') ? [row('dynamic-sampling', 'that and dynamic sampling', '≤ 0.5 ×', value => value <= baseline / 2)] : []),
  ];
}

const lastPolicy = report => report.evaluations.at(-1).stage;

function estimate(report, stage, dataset, mode, metric) {
  const found = report.evaluations.find(event => event.stage === stage && event.dataset === dataset && event.mode === mode)?.metrics[metric];
  if (!found) throw new Error(`The run has no ${mode} ${metric} of ${dataset} after ${stage}.`);
  return found;
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;

async function inParallel(jobs, limit, work) {
  const results = [];
  const queue = jobs.map((job, index) => ({ job, index }));
  await Promise.all(Array.from({ length: limit }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next.index] = await work(next.job);
  }));
  return results;
}

function run(args) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', data => { text += data; });
    child.stderr.on('data', data => { errors += data; });
    child.once('close', code => resolve({ code, text: code === 0 ? text : text + errors }));
  });
}

module.exports = { benchLoop };

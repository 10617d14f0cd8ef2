import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { configChecks } from '../../../src/core/launch/configChecks';
import { parseNvidiaSmi } from '../../../src/core/launch/gpu';
import type { LaunchCheck } from '../../../src/core/launch/launchCheck';
import { machineChecks, type MachineFacts } from '../../../src/core/launch/machineChecks';
import { policyFactsOfName, type PolicyFacts } from '../../../src/core/launch/policyFacts';
import { presets } from '../../../src/core/launch/presets';
import { withOverrides } from '../../../src/core/launch/withOverrides';
import type { Project } from '../../../src/core/project/project';

const text = readFileSync(path.resolve('samples/cards/pebr.json'), 'utf8');
const small: PolicyFacts = { base: 'models/base', kind: 'folder', parameters: 1.4e6, context: 512, layers: 3, hidden: 128, vocabulary: 484, cached: 256, missing: [], broken: [] };
const large = policyFactsOfName('Qwen/Qwen2.5-VL-3B-Instruct');

function cards(overrides: Readonly<Record<string, unknown>> = {}): Project {
  const { project, problems } = withOverrides(text, overrides, 'pebr.json');
  assert.ok(project, JSON.stringify(problems));
  return project;
}

function named(checks: readonly LaunchCheck[], id: string): LaunchCheck {
  const check = checks.find(each => each.id === id);
  assert.ok(check, `no check ${id} in ${checks.map(each => each.id).join(', ')}`);
  return check;
}

/** What the button of a check sets is what makes the check pass. */
function assertFixed(broken: Readonly<Record<string, unknown>>, id: string, state: 'error' | 'warning', pattern: RegExp, facts: PolicyFacts = small, processes = 1): void {
  const check = named(configChecks(cards(broken), facts, processes), id);
  assert.equal(check.state, state);
  assert.match(check.message, pattern);
  assert.ok(check.fix?.kind === 'set', 'has a button that sets values');
  const mended = named(configChecks(cards({ ...broken, ...check.fix.overrides }), facts, processes), id);
  assert.equal(mended.state, 'ok', `${check.fix.title}: ${mended.message}`);
}

describe('checks of a configuration', () => {
  it('pass for the sample project', () => {
    assert.deepEqual(configChecks(cards(), small).filter(check => check.state !== 'ok'), []);
  });

  it('find a group too small to differ', () => {
    assertFixed({ 'pipeline.stages.1.responses': 2 }, 'group@reasoning', 'warning', /score all the same/);
  });

  it('find a step that cannot be cut into passes, and offer the next size that can', () => {
    assertFixed({ 'policy.microBatch': 7 }, 'batch@perception', 'error', /128 responses cannot be cut into passes of 7/);
    assertFixed({ 'pipeline.stages.0.samplesPerStep': 5, 'pipeline.stages.0.responses': 5 }, 'batch@perception', 'error', /cannot be shared evenly by 4 processes/, small, 4);
  });

  it('find a share of replay that rounds to nothing or to everything', () => {
    assertFixed({ 'pipeline.stages.0.replay.share': 0.01 }, 'replay@perception', 'warning', /rounds to none/);
    assertFixed({ 'pipeline.stages.0.replay.share': 0.99 }, 'replay@perception', 'warning', /none is the stage's own/);
  });

  it('find a stage that saves nothing before its end', () => {
    assertFixed({ 'pipeline.stages.0.saveEvery': 400 }, 'saving@perception', 'warning', /before step 40/);
  });

  it('find lengths beyond what the policy was made for', () => {
    assertFixed({ 'policy.maxResponseTokens': 600 }, 'lengths', 'error', /728 tokens, but the policy was made for 512/);
  });

  it('find the learning rate of a tiny model on one of billions, with and without an adapter', () => {
    assertFixed({}, 'rate@perception', 'warning', /70 times/, large);
    assertFixed({ 'policy.lora': { rank: 16, alpha: 32 }, 'pipeline.stages.0.learningRate': 0.001 }, 'rate@perception', 'warning', /100 times what an adapter/, large);
  });

  it('find float16, too few responses for sampling, and a pipeline without a step', () => {
    assertFixed({ 'policy.dtype': 'float16' }, 'precision', 'warning', /overflows/);
    assertFixed({ 'pipeline.sampling.responses': 2 }, 'sampling', 'warning', /easy from medium/);
    assert.equal(named(configChecks(cards({ 'pipeline.stages': [], 'pipeline.warmUp': null }), small), 'stages').state, 'error');
    assert.match(named(configChecks(cards({ 'pipeline.stages.0.steps': 0 }), small), 'stages').message, /perception: 0 steps/);
  });

  it('find an evaluation without held-out rows', () => {
    assert.match(named(configChecks(cards({ 'datasets.0.heldOut': null }), small), 'held-out').message, /cards-perception: no held-out rows/);
  });
});

const gigabyte = 2 ** 30;
const machine: MachineFacts = { gpus: undefined, memory: 24 * gigabyte, freeMemory: 20 * gigabyte, freeDisk: 500 * gigabyte };
const smi = (line: string): MachineFacts => ({ ...machine, gpus: parseNvidiaSmi(line) });

describe('checks of the machine', () => {
  it('pass for the sample project without a GPU', () => {
    assert.deepEqual(machineChecks(cards(), machine, small).filter(check => check.state !== 'ok'), []);
  });

  it('refuse billions of parameters without a GPU', () => {
    assert.match(named(machineChecks(cards(), machine, large), 'gpu').message, /3 billion parameters needs a GPU/);
  });

  it('see a busy GPU and choose the one with the most free memory', () => {
    const gpus = smi('0, NVIDIA A100-SXM4-80GB, 81920, 70000, 98, 8.0\n1, NVIDIA A100-SXM4-80GB, 81920, 4, 0, 8.0\n');
    assert.equal(named(machineChecks(cards(), gpus, small), 'gpu-busy').message, 'GPU 1 is free.');
    const busy = smi('0, Tesla T4, 15360, 9000, 71, 7.5');
    assert.match(named(machineChecks(cards(), busy, small), 'gpu-busy').message, /GPU 0 is busy: 8\.8 GB and 71 % of its time/);
  });

  it('refuse bfloat16 before Ampere', () => {
    const check = named(machineChecks(cards({ 'policy.dtype': 'bfloat16' }), smi('0, Tesla T4, 15360, 0, 0, 7.5'), small), 'bfloat16');
    assert.equal(check.state, 'error');
    assert.match(check.message, /compute capability 7\.5/);
  });

  it('fit a model of 3 billion with an adapter into 24 GB, and say what is too much without one', () => {
    const preset = presets.find(({ id }) => id === 'gpu-24gb-lora');
    const gpu = smi('0, NVIDIA GeForce RTX 4090, 24564, 300, 0, 8.9');
    assert.equal(named(machineChecks(cards(preset?.overrides(cards())), gpu, large), 'memory').state, 'ok');
    const full = named(machineChecks(cards({ ...preset?.overrides(cards()), 'policy.lora': null }), gpu, large), 'memory');
    assert.equal(full.state, 'warning');
    assert.match(full.remedy, /Most goes into gradients and optimizer/);
    const huge = named(machineChecks(cards(preset?.overrides(cards())), gpu, policyFactsOfName('Qwen/Qwen2.5-VL-72B-Instruct')), 'memory');
    assert.match(huge.message, /not even the weights fit/);
  });

  it('refuse to fill the disk', () => {
    const check = named(machineChecks(cards(), { ...machine, freeDisk: 5 * gigabyte }, large), 'disk');
    assert.equal(check.state, 'error');
    assert.match(check.message, /only 5\.0 GB are free/);
  });
});

describe('presets', () => {
  it('give configurations that pebr.json could hold', () => {
    for (const { id, overrides } of presets) assert.deepEqual(withOverrides(text, overrides(cards()), 'pebr.json').problems.filter(problem => problem.severity === 'error'), [], id);
  });

  it('have the numbers of the released scripts for the paper', () => {
    const [perception, reasoning] = cards(presets.find(({ id }) => id === 'paper-8x80gb')?.overrides(cards())).pipeline.stages;
    assert.deepEqual([perception?.samplesPerStep, reasoning?.samplesPerStep], [560, 512]);
    for (const stage of [perception, reasoning]) assert.deepEqual([stage?.responses, stage?.temperature, stage?.topP, stage?.learningRate, stage?.beta], [8, 1.2, 0.99, 1e-6, 0.01]);
  });
});

describe('values for one run', () => {
  it('change what they name and nothing else', () => {
    const changed = cards({ 'pipeline.stages.1.steps': 3, 'policy.lora': { rank: 4, alpha: 8 }, 'pipeline.sampling': null });
    const { policy, pipeline, ...rest } = cards();
    assert.deepEqual(changed, { ...rest, policy: { ...policy, lora: { rank: 4, alpha: 8 } }, pipeline: { ...pipeline, sampling: null, stages: [pipeline.stages[0], { ...pipeline.stages[1], steps: 3 }] } });
  });

  it('are refused with the reason where the project cannot have them', () => {
    const { project, problems } = withOverrides(text, { 'pipeline.stages.0.steps': -1, 'policy.precision': 1 }, 'pebr.json');
    assert.equal(project, undefined);
    assert.match(problems.map(problem => problem.message).join('\n'), /Unknown key "policy\.precision"|must not be negative/);
  });
});

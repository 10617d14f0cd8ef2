import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { batchPlan } from '../../../src/core/engines/batchPlan';
import { emitEasyR1 } from '../../../src/core/engines/easyr1';
import type { Emission, EmitOptions } from '../../../src/core/engines/emission';
import { difficultyQuery } from '../../../src/core/engines/stageFacts';
import { forkTraps } from '../../../src/core/engines/forkTraps';
import { emitVerl } from '../../../src/core/engines/verl';
import { yamlText } from '../../../src/core/engines/yamlText';
import { parseProject } from '../../../src/core/project/parseProject';
import type { Project } from '../../../src/core/project/project';
import { defaultStage } from '../../../src/core/project/projectDefaults';

const parsed = parseProject(readFileSync('samples/cards/pebr.json', 'utf8'), 'pebr.json').project;
assert.ok(parsed);
/** The sample as it would be trained on a real model: the paper's group size, an adapter, groups resampled in the second stage. */
const project: Project = {
  ...parsed,
  policy: { ...parsed.policy, lora: { rank: 16, alpha: 32 }, maxPromptTokens: 2048, maxResponseTokens: 2048 },
  pipeline: { ...parsed.pipeline, stages: parsed.pipeline.stages.map((stage, index) => (index === 0 ? stage : { ...stage, learningRate: 1e-6, dynamicSampling: { maxBatches: 4 }, replay: null })) },
};
const options: EmitOptions = {
  folder: '/runs/cards one', policy: '/models/Qwen2.5-VL-7B-Instruct', python: '/envs/r1/bin/python', nodes: 1, gpus: 8, engineFolder: '/opt/EasyR1', fork: 'easyr1', address: null, attempt: 1,
};

/** Everything that is written and started, as one text. */
function asText({ stages, notes, problems }: Emission): string {
  const shown = stages.flatMap(({ files, stage, ...rest }) => [`# ${stage}`, JSON.stringify(rest, null, 1), ...files.map(file => `## ${file.path}\n${file.text}`)]);
  return [...shown, '# notes', ...notes, '# problems', ...problems.map(({ severity, message, remedy }) => `${severity}: ${message} ${remedy}`), ''].join('\n');
}

function assertGolden(name: string, emission: Emission): void {
  const file = path.join('test/fixtures/engines', name);
  const text = asText(emission);
  if (process.env.PEBR_WRITE_GOLDENS !== undefined || !existsSync(file)) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

describe('what is written for engines of their own', () => {
  it('chooses the rows of a stage by difficulty and pass rate', () => {
    assert.equal(difficultyQuery({ difficulty: ['medium'], passRate: [0.25, 0.6] }), 'difficulty:medium pass_rate:0.25..0.6');
    assert.equal(difficultyQuery({ difficulty: ['easy', 'medium', 'hard'], passRate: null }), null);
  });

  it('for EasyR1', () => assertGolden('easyr1.golden.txt', emitEasyR1(project, options)));
  it('for the PeBR-R1 fork of EasyR1', () => assertGolden('pebr-r1.golden.txt', emitEasyR1(project, { ...options, fork: 'pebr-r1' })));
  it('for verl', () => assertGolden('verl.golden.txt', emitVerl(project, { ...options, engineFolder: null })));
  it('for verl as a job of a cluster', () => assertGolden('verl-job.golden.txt', emitVerl(project, { ...options, engineFolder: null, nodes: 2, address: 'http://head:8265' })));

  it('hands the merged policy of each stage to the next', () => {
    for (const { stages } of [emitEasyR1(project, options), emitVerl(project, options)]) {
      const [first, second] = stages;
      assert.ok(first?.merge);
      assert.ok(first.merge.argv.some(part => first.policy.startsWith(part)));
      assert.ok(JSON.stringify([second?.train.argv, second?.files]).includes(first.policy));
    }
  });

  it('has an answer to each of the fifteen traps of the released scripts', () => {
    assert.equal(forkTraps.length, 15);
    const { notes, stages } = emitEasyR1(project, { ...options, fork: 'pebr-r1' });
    assert.equal(notes.filter(note => note.startsWith('Trap ')).length, 15);
    const config = stages[0]?.files[0]?.text ?? '';
    for (const line of ['save_model_only: false', 'reward_type: "batch"', 'max_pixels: 802816', 'rollout_batch_size: 16', 'global_batch_size: 16', 'freeze_vision_tower: false', 'max_steps: 40']) assert.ok(config.includes(line), line);
    assert.ok(!config.includes('math12k') && !config.includes('find_last_checkpoint') && !config.includes('lora'));
  });

  it('tells what the engine does not do, and what does not fit', () => {
    const told = emitEasyR1(project, { ...options, engineFolder: null, gpus: 7 }).problems;
    assert.ok(told.some(({ severity, message }) => severity === 'error' && message.includes('128 responses') && message.includes('7 GPUs')));
    assert.ok(told.some(({ severity, message }) => severity === 'error' && message.includes('folder of EasyR1')));
    assert.ok(told.some(({ severity, message }) => severity === 'warning' && message.includes('replay of cards-reasoning')));
  });

  it('keeps a text one argument whatever is in it', () => {
    const hostile = "/a b/it's \\ {x: 1},[2]=$(rm -rf ~)`id`";
    const argv = emitVerl({ ...project, name: hostile }, options).stages[0]?.train.argv ?? [];
    assert.equal(argv.filter(part => part.startsWith('trainer.project_name=')).length, 1);
    assert.ok(emitVerl(project, { ...options, address: 'http://h:8265' }).stages.every(({ train }) => train.argv.indexOf('--') === train.argv.lastIndexOf('--')));
  });

  it('cuts a step into parts that divide it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 2, max: 16 }), fc.constantFrom(1, 2, 4, 7, 8, 64), fc.option(fc.integer({ min: 1, max: 64 })), (samplesPerStep, responses, gpus, most) => {
      const plan = batchPlan({ ...defaultStage, name: 's', dataset: 'd', reward: 'r', samplesPerStep, responses }, gpus, most);
      const total = samplesPerStep * responses;
      assert.equal(plan.problems.some(({ severity }) => severity === 'error'), total % gpus !== 0);
      if (total % gpus !== 0) return;
      assert.equal((total / gpus) % plan.updateBatch, 0);
      assert.equal((total / gpus) % plan.scoreBatch, 0);
      if (most !== null) assert.ok(plan.updateBatch <= most);
    }));
  });

  it('writes numbers as every YAML parser reads them', () => {
    assert.equal(yamlText({ a: 1e-7, b: 0.00007, c: 2e30, d: { e: [1, 'x: y'], f: null, g: undefined, h: {} } }), 'a: 1.0e-7\nb: 0.00007\nc: 2.0e+30\nd:\n  e: [1, "x: y"]\n  f: null\n  h: {}\n');
  });
});

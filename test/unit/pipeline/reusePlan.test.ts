import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { withOverrides } from '../../../src/core/launch/withOverrides';
import type { FileHashes } from '../../../src/core/pipeline/fileHashes';
import { type PipelineNode, pipelineNodes } from '../../../src/core/pipeline/pipelineNodes';
import { type PastRun, reusePlan } from '../../../src/core/pipeline/reusePlan';
import type { Project } from '../../../src/core/project/project';

const text = JSON.stringify({
  name: 'cards',
  datasets: [{ id: 'p', stage: 'perception', path: 'data/p.jsonl', heldOut: 'data/p.held.jsonl' }, { id: 'r', stage: 'reasoning', path: 'data/r.jsonl', heldOut: 'data/r.held.jsonl' }],
  prompt: 'prompt.jinja', rewards: ['p.reward.ts', 'r.reward.ts'],
  pipeline: {
    warmUp: { data: 'data/warm.jsonl' }, sampling: { reward: 'r.reward.ts' },
    stages: [
      { name: 'perception', dataset: 'p', reward: 'p.reward.ts', difficulty: ['easy'], learningRate: 7e-5 },
      { name: 'reasoning', dataset: 'r', reward: 'r.reward.ts', difficulty: ['medium'], replay: { dataset: 'p', reward: 'p.reward.ts', difficulty: ['easy'] } },
    ],
    evaluate: {},
  },
});
const hashes: FileHashes = {
  datasets: { p: 'p1', r: 'r1' }, heldOut: { p: 'hp1', r: 'hr1' }, curation: { p: null, r: null }, rewards: { 'p.reward.ts': 'pr1', 'r.reward.ts': 'rr1' },
  pictures: { 'data/p.jsonl': 'pp1', 'data/r.jsonl': 'rp1', 'data/p.held.jsonl': 'hpp1', 'data/r.held.jsonl': 'hrp1', 'data/warm.jsonl': 'wp1' }, imports: { 'p.reward.ts': { 'shared.ts': 's1' }, 'r.reward.ts': {} },
  prompt: 'prompt1', warmUp: 'warm1', policy: 'policy1', clip: null,
};
const everything = ['warm-up', 'sampling', 'split', 'perception', 'reasoning', 'evaluation'];
const rl = ['perception', 'reasoning', 'evaluation'];

function project(overrides: Readonly<Record<string, unknown>> = {}): Project {
  const { project: read, problems } = withOverrides(text, overrides, 'pebr.json');
  assert.ok(read, JSON.stringify(problems));
  return read;
}

/** The hashes with others in the place of some; of several files those that are named. */
function changed(found: FileHashes, by: Partial<FileHashes> = {}): FileHashes {
  const entries = Object.entries(by).map(([key, value]) => [key, typeof value === 'object' && value !== null ? { ...(found[key as keyof FileHashes] as object), ...value } : value]);
  return { ...found, ...(Object.fromEntries(entries) as Partial<FileHashes>) };
}

function run(id: string, nodes: readonly PipelineNode[], done = nodes.map(node => node.id)): PastRun {
  const stages = nodes.filter(node => node.kind !== 'split').map(node => node.id);
  return { id, folder: `/runs/${id}`, stages, nodes, done: new Set(done) };
}

const usual = pipelineNodes(project(), hashes);
const staleAfter = (now: readonly PipelineNode[], runs = [run('first', usual)]): string[] => {
  const { nodes } = reusePlan(now, runs);
  return now.filter(node => nodes.get(node.id)?.state !== 'reusable').map(node => node.id);
};

/** Each input of the pipeline, and the nodes whose output depends on it. */
const inputs: readonly { readonly overrides?: Record<string, unknown>; readonly hashes?: Partial<FileHashes>; readonly stale: readonly string[]; readonly words?: string }[] = [
  { hashes: { policy: 'policy2' }, stale: everything, words: 'models/base has changed' },
  { hashes: { warmUp: 'warm2' }, stale: everything, words: 'data/warm.jsonl has changed' },
  { hashes: { prompt: 'prompt2' }, stale: everything.slice(1), words: 'prompt.jinja has changed' },
  { hashes: { datasets: { p: 'p2', r: 'r1' } }, stale: everything.slice(1), words: 'data/p.jsonl has changed' },
  { hashes: { curation: { p: null, r: 'decided' } }, stale: ['split', 'reasoning', 'evaluation'], words: 'data/r.jsonl.curation.jsonl is new' },
  { hashes: { rewards: { 'p.reward.ts': 'pr2', 'r.reward.ts': 'rr1' } }, stale: rl, words: 'p.reward.ts has changed' },
  { hashes: { imports: { 'p.reward.ts': { 'shared.ts': 's2' } } }, stale: rl, words: 'shared.ts has changed' },
  { hashes: { imports: { 'r.reward.ts': { 'grading/text.py': 't1' } } }, stale: everything.slice(1), words: 'grading/text.py is new' },
  { hashes: { pictures: { 'data/p.jsonl': 'pp2' }, newestPictures: { 'data/p.jsonl': 'images/7.png' } }, stale: everything.slice(1), words: 'a picture of data/p.jsonl has changed (the newest is images/7.png)' },
  { hashes: { pictures: { 'data/r.held.jsonl': 'hrp2' } }, stale: ['evaluation'], words: 'a picture of data/r.held.jsonl has changed' },
  { hashes: { pictures: { 'data/warm.jsonl': 'wp2' } }, stale: everything, words: 'a picture of data/warm.jsonl has changed' },
  { hashes: { heldOut: { p: 'hp1', r: 'hr2' } }, stale: ['evaluation'], words: 'data/r.held.jsonl has changed' },
  { overrides: { 'pipeline.seed': 1 }, stale: everything, words: 'seed 0 → 1' },
  { overrides: { 'pipeline.warmUp.steps': 7 }, stale: everything, words: 'steps 100 → 7' },
  { overrides: { 'policy.lora': { rank: 4, alpha: 8 } }, stale: everything },
  { overrides: { 'pipeline.sampling.temperature': 1 }, stale: everything.slice(1), words: 'temperature 1.2 → 1' },
  { overrides: { 'pipeline.stages.0.learningRate': 1e-4 }, stale: rl, words: 'learningRate 7e-5 → 1e-4' },
  { overrides: { 'pipeline.stages.1.beta': 0.5 }, stale: ['reasoning', 'evaluation'], words: 'beta 0.01 → 0.5' },
  { overrides: { 'pipeline.stages.1.replay.share': 0.5 }, stale: ['reasoning', 'evaluation'], words: 'replay.share 0.25 → 0.5' },
  { overrides: { rewardNumbers: { 'p.reward.ts': { 'weights.clip': 0 } } }, stale: rl, words: 'reward: numbers none → weights.clip 0' },
  { overrides: { 'pipeline.evaluate.samples': 7 }, stale: ['evaluation'], words: 'samples 128 → 7' },
  { overrides: { 'policy.microBatch': 8 }, stale: [] },
  { overrides: { 'policy.vllm': true }, stale: [] },
  { overrides: { 'pipeline.checkpoints.keep': 5 }, stale: [] },
  { overrides: { 'pipeline.stages.0.saveEvery': 5 }, stale: [] },
];

describe('reusePlan', () => {
  for (const input of inputs) {
    it(`${JSON.stringify(input.overrides ?? input.hashes)}: ${input.stale.length === 0 ? 'nothing' : input.stale.join(', ')} runs again`, () => {
      const now = pipelineNodes(project(input.overrides), changed(hashes, input.hashes));
      assert.deepEqual(staleAfter(now), [...input.stale]);
      const first = input.stale.filter(id => id !== 'split')[0];
      if (input.words && first) assert.equal(reusePlan(now, [run('first', usual)]).nodes.get(first)?.reason, input.words);
    });
  }

  it('with any set of changed inputs, what runs again is what one of them makes run again, and what comes after', () => {
    fc.assert(fc.property(fc.subarray(inputs.map((_, index) => index)), chosen => {
      const given = chosen.map(index => inputs[index]).filter(input => input !== undefined);
      const now = pipelineNodes(project(Object.assign({}, ...given.map(input => input.overrides ?? {})) as Record<string, unknown>), given.reduce<FileHashes>((found, input) => changed(found, input.hashes), hashes));
      const expected = everything.filter(id => given.some(input => input.stale.includes(id)));
      assert.deepEqual(staleAfter(now).filter(id => id !== 'split'), expected.filter(id => id !== 'split'));
    }));
  });

  it('says of a node after a changed one what must run again before it', () => {
    const { nodes } = reusePlan(pipelineNodes(project({ 'pipeline.warmUp.steps': 7 }), hashes), [run('first', usual)]);
    assert.deepEqual(['sampling', 'perception', 'reasoning'].map(id => nodes.get(id)?.reason), ['warm-up must run again', 'warm-up must run again', 'perception must run again']);
  });

  it('takes the longest beginning of one run, the newer of two equals, and a stage that is done only', () => {
    const other = pipelineNodes(project({ 'pipeline.stages.1.beta': 0.5 }), hashes);
    const runs = [run('newest', usual, ['warm-up']), run('other', other), run('older', other), run('oldest', usual, ['warm-up', 'sampling'])];
    const { reuse, nodes } = reusePlan(usual, runs);
    assert.deepEqual([reuse?.run.id, reuse?.until], ['other', 'perception']);
    assert.equal(nodes.get('reasoning')?.reason, 'beta 0.5 → 0.01');
    assert.equal(reusePlan(usual, []).reuse, null);
    assert.equal(reusePlan(usual, []).nodes.get('warm-up')?.reason, 'has not been run');
  });

  it('does not take from a run that did other stages first, or says nothing of its files', () => {
    const withoutWarmUp = pipelineNodes(project({ 'pipeline.warmUp': null }), hashes);
    assert.deepEqual(staleAfter(withoutWarmUp), everything.slice(1));
    const mute: PastRun = { ...run('mute', usual), nodes: [] };
    assert.equal(reusePlan(usual, [mute]).nodes.get('warm-up')?.reason, 'mute does not say what it depended on');
  });

  it('samples again before a stage that asks for it', () => {
    const nodes = pipelineNodes(project({ 'pipeline.stages.1.resample': true }), hashes);
    assert.deepEqual(nodes.map(node => node.id), ['warm-up', 'sampling', 'split', 'perception', 'sampling.reasoning', 'split.reasoning', 'reasoning', 'evaluation']);
    assert.deepEqual(nodes.find(node => node.id === 'reasoning')?.needs, ['perception', 'sampling.reasoning']);
  });
});

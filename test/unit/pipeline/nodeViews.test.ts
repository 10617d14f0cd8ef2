import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { withOverrides } from '../../../src/core/launch/withOverrides';
import type { FileHashes } from '../../../src/core/pipeline/fileHashes';
import { nodeViews, type ViewedRun } from '../../../src/core/pipeline/nodeViews';
import { type PipelineNode, pipelineNodes } from '../../../src/core/pipeline/pipelineNodes';
import { reusePlan } from '../../../src/core/pipeline/reusePlan';
import type { RunEvent } from '../../../src/core/runs/runEvent';
import { runStateOf } from '../../../src/core/runs/runState';
import { runTable } from '../../../src/core/runs/runTable';
import type { RunStatus } from '../../../src/core/runs/runStatus';

const text = readFileSync('samples/cards/pebr.json', 'utf8');
const hashes: FileHashes = { datasets: {}, heldOut: {}, curation: {}, pictures: {}, rewards: {}, imports: {}, prompt: null, warmUp: null, policy: 'p', clip: null };
const nodesWith = (overrides: Readonly<Record<string, unknown>> = {}): readonly PipelineNode[] => {
  const { project } = withOverrides(text, overrides, 'pebr.json');
  assert.ok(project);
  return pipelineNodes(project, hashes);
};
const stages = ['warm-up', 'sampling', 'perception', 'reasoning', 'evaluation'];

function run(id: string, status: RunStatus, events: readonly RunEvent[]): ViewedRun {
  const state = runStateOf([{ type: 'run-started', time: 0, stages, resumed: false }, ...events]);
  return { id, folder: id, stages, nodes: nodesWith(), done: new Set(state.stages.filter(stage => stage.status === 'done').map(stage => stage.name)), state, status, tokens: { perception: 1234 } };
}
const finished = (stage: string, seconds: number, reused = false): RunEvent => ({ type: 'stage-finished', time: 1, stage, seconds, reused });
const view = (now: readonly PipelineNode[], runs: readonly ViewedRun[]): ReturnType<typeof nodeViews> => nodeViews(now, reusePlan(now, runs), runs);

describe('nodeViews', () => {
  const difficulty: RunEvent = { type: 'difficulty', time: 1, dataset: 'cards-reasoning', easy: 3, medium: 5, hard: 7, responses: 8 };
  const whole = run('whole', 'completed', [finished('warm-up', 10), finished('sampling', 20), difficulty, finished('perception', 40), finished('reasoning', 50), finished('evaluation', 5)]);

  it('tells what a past run spent, what the next will, what it made, and the split', () => {
    const [warm, , split, perception] = view(nodesWith({ 'pipeline.stages.0.steps': 80 }), [whole]);
    assert.deepEqual([warm?.state, warm?.seconds, warm?.estimate], ['reusable', 10, 10]);
    assert.deepEqual(split?.counts, [{ dataset: 'cards-reasoning', easy: 3, medium: 5, hard: 7 }]);
    assert.deepEqual([perception?.state, perception?.reason, perception?.seconds, perception?.estimate, perception?.tokens], ['stale', 'steps 40 → 80', 40, 80, 1234]);
    assert.deepEqual(perception?.outputs.map(({ kind }) => kind), ['policy', 'rollouts']);
  });

  it('shows a run that is under way', () => {
    const active = run('next', 'active', [finished('warm-up', 0, true), { type: 'stage-started', time: 2, stage: 'sampling', total: 40 }, { type: 'progress', time: 3, stage: 'sampling', done: 7, total: 40 }]);
    const [warm, sampling, split, perception] = view(nodesWith(), [active, whole]);
    assert.deepEqual([warm?.state, warm?.reason], ['done', 'taken over by next']);
    assert.deepEqual([sampling?.state, sampling?.done, sampling?.total], ['running', 7, 40]);
    assert.deepEqual([split?.state, perception?.state], ['waiting', 'waiting']);
  });

  it('says where the newest run failed, stopped or was killed', () => {
    const failed = run('bad', 'failed', [finished('warm-up', 1), { type: 'stage-started', time: 2, stage: 'sampling', total: 40 }, { type: 'run-finished', time: 3, status: 'failed', seconds: 3, error: { message: 'no room', remedy: '' } }]);
    assert.equal(view(nodesWith(), [failed])[1]?.reason, 'failed at 0/40 in bad: no room');
    const killed = run('gone', 'interrupted', [finished('warm-up', 1), { type: 'stage-started', time: 2, stage: 'sampling', total: 40 }]);
    assert.deepEqual([view(nodesWith(), [killed])[1]?.state, view(nodesWith(), [killed])[1]?.reason], ['stopped', 'stopped at 0/40 in gone']);
  });

  it('lays runs beside each other', () => {
    const estimate = (mean: number): RunEvent => ({ type: 'evaluation', time: 4, stage: 'reasoning', dataset: 'r', mode: 'sampled', n: 9, responses: 4, metrics: { accuracy: { mean, low: mean - 0.1, high: mean + 0.1 }, reward: { mean: 9, low: 9, high: 9 } } });
    const info = (id: string, seed: number): NonNullable<Parameters<typeof runTable>[0][number]['info']> => ({
      id, name: id, project: '', created: '', seed, engine: 'trl', workers: 1, command: [], stages, config: { pipeline: { seed, stages: [{ name: 'reasoning', steps: 40 }] } }, hashes: {}, policy: null, reused: null, changed: [],
    });
    const { columns, rows } = runTable([
      { info: info('a', 0), state: runStateOf([finished('reasoning', 5), estimate(0.5), { type: 'run-finished', time: 5, status: 'completed', seconds: 65 }]) }, { info: info('b', 1), state: runStateOf([estimate(0.25)]) },
    ]);
    assert.deepEqual(columns, ['factor', 'run', 'state', 'r accuracy', 'steps', 'time']);
    assert.deepEqual(rows, [['as it is', 'a', 'completed', '0.500 [0.400, 0.600]', '40', '1m 05s'], ['pipeline.seed 0 → 1', 'b', 'starting', '0.250 [0.150, 0.350]', '0', '–']]);
  });
});

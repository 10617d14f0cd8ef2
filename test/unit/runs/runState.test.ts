import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { secondsLeft, secondsLeftOfRun } from '../../../src/core/runs/eta';
import { MetricSeries } from '../../../src/core/runs/metricSeries';
import type { RunEvent } from '../../../src/core/runs/runEvent';
import { currentStage, runShare, runStateOf } from '../../../src/core/runs/runState';
import { isResumable, statusOfRun } from '../../../src/core/runs/runStatus';
import { stagePlans } from '../../../src/core/runs/stagePlan';
import { readRun } from '../../../src/platform/runs/runReader';

const fixture = 'test/fixtures/runs/20261121-101500-cards';
const stages = ['warm-up', 'perception', 'evaluation'];
const step = (time: number, stage: string, number: number, reward = 0): RunEvent => ({ type: 'step', time, stage, step: number, total: 10, metrics: { reward } });
const started: RunEvent = { type: 'run-started', time: 1, stages, resumed: false };

describe('run state', () => {
  it('adds up a whole run', async () => {
    const { state, info, problems } = await readRun(fixture);
    assert.deepEqual(problems, []);
    assert.equal(info?.seed, 3);
    assert.equal(state.status, 'completed');
    assert.deepEqual(state.stages.map(stage => [stage.name, stage.status, stage.seconds]), [
      ['warm-up', 'done', 6], ['sampling', 'done', 3], ['perception', 'done', 12], ['reasoning', 'done', 12], ['evaluation', 'done', 20],
    ]);
    assert.equal(runShare(state), 1);
    assert.equal(state.evaluations.length, 12);
    assert.equal(state.problems[0]?.remedy, 'Open the rollouts with errors.');
  });

  it('lets one stage work at a time: evaluation between two stages goes back to waiting', () => {
    const state = runStateOf([
      started, { type: 'stage-started', time: 2, stage: 'warm-up', total: 1 }, { type: 'stage-finished', time: 3, stage: 'warm-up', seconds: 1, reused: false },
      { type: 'progress', time: 4, stage: 'evaluation', done: 8, total: 16 }, { type: 'stage-started', time: 5, stage: 'perception', total: 10 }, step(6, 'perception', 4),
    ]);
    assert.deepEqual(state.stages.map(stage => [stage.status, stage.done]), [['done', 1], ['running', 4], ['waiting', 0]]);
    assert.equal(currentStage(state)?.name, 'perception');
  });

  it('keeps the time of a stage that a resumed run names as reused', () => {
    const state = runStateOf([
      started, { type: 'stage-finished', time: 9, stage: 'warm-up', seconds: 8, reused: false },
      { ...started, time: 20, resumed: true }, { type: 'stage-finished', time: 21, stage: 'warm-up', seconds: 0, reused: true },
    ]);
    assert.deepEqual([state.stages[0]?.seconds, state.stages[0]?.reused, state.status], [8, false, 'running']);
  });

  it('marks the stage in which a run failed', () => {
    const state = runStateOf([started, step(2, 'perception', 1), { type: 'run-finished', time: 3, status: 'failed', seconds: 2, error: { message: 'no room', remedy: 'Make room.', offers: [] } }]);
    assert.deepEqual([state.status, currentStage(state)?.status, state.error?.remedy], ['failed', 'failed', 'Make room.']);
  });

  it('calls a run whose process died without a word interrupted, and resumable', () => {
    const state = runStateOf([started, step(2, 'perception', 1)]);
    assert.equal(statusOfRun(state, 'alive'), 'active');
    assert.equal(statusOfRun(state, 'gone'), 'interrupted');
    assert.ok(isResumable(statusOfRun(state, 'gone')));
    assert.ok(!isResumable(statusOfRun(state, 'elsewhere')));
  });

  it('tells the time left from the pace of the last steps', () => {
    const events = [started, ...[1, 2, 3, 4].map(number => step(10 + number * 5, 'perception', number))];
    const series = new MetricSeries();
    events.forEach(event => series.add(event));
    const stage = currentStage(runStateOf(events));
    assert.ok(stage);
    assert.equal(secondsLeft(stage, series, 30), 30); // six steps of 5 s
    assert.equal(secondsLeft(stage, series, 33), 27);
  });
});

describe('time left of a run', () => {
  const plan = stagePlans({ pipeline: { warmUp: { steps: 10, batch: 4 }, sampling: { samples: 8, responses: 8 }, stages: [{ name: 'perception', steps: 10, samplesPerStep: 4, responses: 4 }, { name: 'reasoning', steps: 20, samplesPerStep: 8, responses: 4 }] } });
  const left = (events: readonly RunEvent[], now: number): number | null => {
    const series = new MetricSeries();
    events.forEach(event => series.add(event));
    return secondsLeftOfRun(runStateOf(events), plan, series, now);
  };

  it('takes the pace of the stages of their kind for those that wait, a response each', () => {
    const events: RunEvent[] = [{ ...started, stages: ['perception', 'reasoning'] }, ...[1, 2, 3, 4].map(number => step(10 + number * 5, 'perception', number))];
    assert.equal(left(events, 30), 30 + 20 * 10); // six steps of 5 s, then twenty of twice as many responses
  });

  it('is not told while a stage that waits has no pace', () => {
    assert.equal(left([{ ...started, stages: ['warm-up', 'perception'] }, ...[1, 2].map(number => step(10 + number, 'warm-up', number))], 13), null);
  });
});

describe('metric series', () => {
  it('replaces the steps that a resumed run repeats, and what came after them', () => {
    const series = new MetricSeries();
    [1, 2, 3, 4].forEach(number => series.add(step(number, 'perception', number, number)));
    series.add(step(9, 'perception', 3, 30));
    assert.deepEqual(series.values('perception', 'reward'), [1, 2, 30]);
    series.add(step(10, 'perception', 1, 10));
    assert.deepEqual(series.values('perception', 'reward'), [10]);
  });

  it('keeps the stages apart', () => {
    const series = new MetricSeries();
    [step(1, 'perception', 1, 1), step(2, 'perception', 2, 2), step(3, 'reasoning', 1, 3), step(4, 'reasoning', 2, 4)].forEach(event => series.add(event));
    assert.deepEqual(series.values('perception', 'reward'), [1, 2]);
    assert.deepEqual(series.values('reasoning', 'reward'), [3, 4]);
  });

  it('cuts as a plain list would, whatever is repeated', () => {
    const steps = fc.array(fc.record({ stage: fc.constantFrom('a', 'b', 'c'), step: fc.integer({ min: 1, max: 12 }), value: fc.integer({ min: 0, max: 99 }) }), { maxLength: 60 });
    fc.assert(fc.property(steps, given => {
      const series = new MetricSeries();
      let plain: typeof given = [];
      for (const each of given) {
        series.add(step(1, each.stage, each.step, each.value));
        const first = plain.findIndex(other => other.stage === each.stage && other.step >= each.step);
        plain = [...(first < 0 ? plain : plain.slice(0, first)), each];
      }
      const again = MetricSeries.fromColumns(series.toColumns());
      for (const stage of ['a', 'b', 'c']) {
        const expected = plain.filter(other => other.stage === stage).map(({ value }) => value);
        assert.deepEqual(series.values(stage, 'reward'), expected);
        assert.deepEqual(again.values(stage, 'reward'), expected);
        assert.equal(again.lastStep(stage), plain.findLast(other => other.stage === stage)?.step ?? 0);
      }
    }));
  });

  it('takes a hundred thousand steps without slowing down, and is not filled by a file that invents metrics', () => {
    const series = new MetricSeries();
    const at = performance.now();
    for (let number = 1; number <= 100_000; number++) series.add(step(number, 'perception', number, number));
    assert.ok(performance.now() - at < 2000);
    for (let number = 1; number <= 2000; number++) series.add({ ...step(1, 'other', number), metrics: { [`m${number}`]: 1 } } as RunEvent);
    assert.ok(series.names().length <= 500);
  });
});

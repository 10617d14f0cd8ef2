import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { difficultyOf } from '../../../src/core/dataset/difficulty';
import type { DifficultyRecord } from '../../../src/core/dataset/sample';
import { untouched } from '../../../src/core/curation/curation';
import { parseProject } from '../../../src/core/project/parseProject';
import { effectiveDifficulty, routeOf } from '../../../src/core/routing/destination';
import { DifficultyTally } from '../../../src/core/routing/difficultyReport';
import { reportText } from '../../../src/core/routing/reportText';
import { expectedZeroStd, zeroStdProbability } from '../../../src/core/routing/zeroStd';

const record = (qid: string, correct: number, responses = 8, run = 'r2'): DifficultyRecord =>
  ({ qid, difficulty: difficultyOf(correct, responses), correct, responses, policy: 'base', checkpoint: 'warm', date: '2026-11-21T06:00:00+00:00', run, temperature: 1.2, topP: 0.99, rewardHash: 'abc' });
const recordsOf = (...records: DifficultyRecord[]): ReadonlyMap<string, DifficultyRecord> => new Map(records.map(each => [each.qid, each]));

describe('zero-std groups', () => {
  it('are pⁿ + (1−p)ⁿ of the groups of a 0/1 reward', () => {
    assert.equal(zeroStdProbability(0.5, 2), 0.5);
    assert.equal(zeroStdProbability(1, 8), 1);
    assert.ok(Math.abs(zeroStdProbability(0.25, 8) - (0.25 ** 8 + 0.75 ** 8)) < 1e-15);
  });

  it('are expected less surely from few responses, and as measured from many', () => {
    assert.ok(Math.abs(expectedZeroStd(8, 8, 8) - 9 / 17) < 1e-2, 'after 8 of 8 every second group is still mixed or not');
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 2, max: 16 }), (percent, n) => {
      const expected = expectedZeroStd(percent * 1000, 100_000, n);
      assert.ok(Math.abs(expected - zeroStdProbability(percent / 100, n)) < 1e-3);
    }));
  });

  it('expected are the mean over all pass rates that could have shown the counts', () => {
    const steps = 20_000;
    for (const [correct, responses, n] of [[8, 8, 8], [0, 4, 6], [3, 8, 4]] as const) {
      let weight = 0;
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const p = (i + 0.5) / steps;
        const likelihood = p ** correct * (1 - p) ** (responses - correct);
        weight += likelihood;
        sum += likelihood * zeroStdProbability(p, n);
      }
      assert.ok(Math.abs(expectedZeroStd(correct, responses, n) - sum / weight) < 1e-6);
    }
  });
});

describe('the route of a sample', () => {
  const easy = { difficulty: 'easy' } as const;
  it('is easy → perception, medium → reasoning, hard → warm-up', () => {
    assert.deepEqual(['easy', 'medium', 'hard'].map(difficulty => routeOf({ difficulty: difficulty as 'easy' }, untouched).to), ['perception', 'reasoning', 'warm-up']);
    assert.deepEqual(routeOf(undefined, untouched), { to: 'unsampled', isOverridden: false });
  });
  it('follows what a person decided: stage before difficulty before sampling', () => {
    assert.deepEqual(routeOf(easy, { ...untouched, difficulty: 'hard' }), { to: 'warm-up', isOverridden: true });
    assert.deepEqual(routeOf(easy, { ...untouched, difficulty: 'hard', stage: 'reasoning' }), { to: 'reasoning', isOverridden: true });
    assert.deepEqual(routeOf(undefined, { ...untouched, stage: 'perception' }), { to: 'perception', isOverridden: true });
    assert.deepEqual(routeOf(easy, { ...untouched, stage: 'perception' }), { to: 'perception', isOverridden: false });
  });
  it('leads nowhere for rejected and excluded samples, whatever else was decided', () => {
    assert.equal(routeOf(easy, { ...untouched, review: 'rejected', stage: 'reasoning' }).to, 'rejected');
    assert.equal(routeOf(easy, { ...untouched, stage: 'excluded', difficulty: 'easy' }).to, 'excluded');
    assert.equal(effectiveDifficulty(easy, { ...untouched, stage: 'excluded' }), undefined);
    assert.equal(effectiveDifficulty(easy, { ...untouched, stage: 'reasoning' }), 'medium');
  });
});

describe('a difficulty report', () => {
  const { project } = parseProject(JSON.stringify({ name: 'p', datasets: [{ id: 'd', stage: 'reasoning', path: 'd.jsonl' }], pipeline: { stages: [{ name: 'reasoning', dataset: 'd', difficulty: ['medium'], reward: 'r.ts', samplesPerStep: 10, responses: 4 }] } }), 'pebr.json');
  assert.ok(project);
  const rows = ['a', 'b', 'c', 'd', 'e', 'x'].map(qid => ({ qid, source: qid < 'c' ? 'maps' : 'charts' }));
  const records = recordsOf(record('a', 8), record('b', 4), record('c', 0), record('d', 4), record('e', 2), record('gone', 1));
  const previous = { run: 'r1', records: recordsOf(record('a', 4, 8, 'r1'), record('b', 0, 8, 'r1'), record('c', 0, 8, 'r1'), record('old', 0, 8, 'r1')) };
  const tally = new DifficultyTally({ dataset: 'd', records, curation: new Map([['e', { ...untouched, stage: 'excluded' as const }]]), stages: project.pipeline.stages, previous });
  for (const row of rows) tally.add(row);
  const { report } = tally;

  it('counts pass rates by source', () => {
    assert.deepEqual(report.sources, [
      { source: 'charts', bins: [1, 0, 1, 0, 1, 0, 0, 0, 0], counts: { easy: 0, medium: 2, hard: 1, unsampled: 1 } },
      { source: 'maps', bins: [0, 0, 0, 0, 1, 0, 0, 0, 1], counts: { easy: 1, medium: 1, hard: 0, unsampled: 0 } },
    ]);
    assert.deepEqual([report.rows, report.counts, report.leftOut], [6, { easy: 1, medium: 3, hard: 1, unsampled: 1 }, 1]);
  });

  it('forecasts the zero-std groups of the stage from the samples it may draw', () => {
    const [stage] = report.stages;
    assert.deepEqual([stage?.samples, stage?.zeroStd], [2, 0.125], 'the excluded sample is not drawn; p = ½, n = 4');
  });

  it('counts for a band of pass rates only the samples in it', () => {
    const stages = project.pipeline.stages.map(stage => ({ ...stage, difficulty: ['easy', 'medium', 'hard'] as const, passRate: [0.5, 0.9] as const }));
    const band = new DifficultyTally({ dataset: 'd', records, curation: new Map(), stages, previous: undefined });
    for (const row of rows) band.add(row);
    assert.equal(band.report.stages[0]?.samples, 2, 'b and d: a is right always, e in a quarter');
  });

  it('tells how samples moved since the sampling before', () => {
    assert.deepEqual(report.transitions, {
      from: 'r1', samples: 3, passRateBefore: 4 / 24, passRateAfter: 12 / 24,
      table: { easy: { easy: 0, medium: 0, hard: 0 }, medium: { easy: 1, medium: 0, hard: 0 }, hard: { easy: 0, medium: 1, hard: 1 } },
    });
  });

  it('tells who sampled, and says it in text', () => {
    assert.deepEqual(report.provenance, [{ run: 'r2', policy: 'base', checkpoint: 'warm', responses: 8, temperature: 1.2, topP: 0.99, rewardHash: 'abc', date: '2026-11-21T06:00:00+00:00', samples: 6 }]);
    const text = reportText(report);
    assert.match(text, /^d: 6 rows\. easy 1, medium 3, hard 1, not sampled 1\n {2}by hand: 0 moved, 1 left out/);
    assert.match(text, /reasoning +medium +2 +4 +12\.5 % /);
    assert.match(text, /medium {2,}1 +0 +0/);
  });
});

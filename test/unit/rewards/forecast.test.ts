import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { difficultyCounts, forecast, type RescoredRollout } from '../../../src/core/rewards/forecast/forecast';

const rollout = (group: string, before: number | null, after: number | null, more: Partial<Record<'a', [number | null, number | null]>> = {}): RescoredRollout => ({
  group, sampleId: group, dataset: 'd',
  before: { overall: before, components: more.a ? { a: more.a[0] } : {} },
  after: { overall: after, components: more.a ? { a: more.a[1] } : {} },
});

describe('forecast of a changed reward', () => {
  it('counts flips, groups that gain and lose their signal, and the zero-std share', () => {
    const told = forecast([
      rollout('g1', 0.2, 0.9), rollout('g1', 0.8, 0.1), // turned round
      rollout('g2', 0.5, 0.5), rollout('g2', 0.5, 0.7), // gains a signal
      rollout('g3', 0, 1), rollout('g3', 1, 1), // loses it
      rollout('g4', 1, 1), rollout('g4', 1, 1),
    ]);
    assert.equal(told.groups, 4);
    assert.deepEqual([told.flippedPairs, told.orderedPairs, told.bestChanged], [1, 1, 1]);
    assert.deepEqual([told.gained, told.lost], [1, 1]);
    assert.deepEqual([told.zeroStdBefore, told.zeroStdAfter], [0.5, 0.5]);
    assert.deepEqual(told.changedGroups.map(({ group, signal }) => [group, signal]), [['g3', 'lost'], ['g2', 'gained'], ['g1', 'kept']]);
  });

  it('tells the means before and after of overall and each component, and how many responses changed', () => {
    const { shifts } = forecast([rollout('g', 0, 1, { a: [0, 0.5] }), rollout('g', 1, 1, { a: [1, 1] })]);
    assert.deepEqual(shifts, [{ name: 'overall', before: 0.5, after: 1, changed: 1 }, { name: 'a', before: 0.5, after: 0.75, changed: 1 }]);
  });

  it('takes a failed response for no zero', () => {
    const { shifts, orderedPairs, zeroStdAfter } = forecast([rollout('g', 0.5, null), rollout('g', 1, 1), rollout('g', 0, 0)]);
    assert.deepEqual(shifts[0], { name: 'overall', before: 0.5, after: 0.5, changed: 1 });
    assert.equal(orderedPairs, 1);
    assert.equal(zeroStdAfter, 0);
  });

  it('finds nothing where nothing changed, and every pair turned where the sign does', () => {
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 8 });
    fc.assert(fc.property(values, overalls => {
      const kept = forecast(overalls.map(value => rollout('g', value, value)));
      assert.deepEqual([kept.flippedPairs, kept.gained, kept.lost, kept.changedGroups.length], [0, 0, 0, 0]);
      const turned = forecast(overalls.map(value => rollout('g', value, -value)));
      assert.equal(turned.flippedPairs, turned.orderedPairs);
    }));
  });

  it('counts difficulties as the sampling stage would', () => {
    const verdict = (group: string, value: number | null) => ({ group, verdict: { overall: value, components: { accuracy: value } } });
    const counts = difficultyCounts([verdict('e', 1), verdict('e', 1), verdict('m', 1), verdict('m', 0), verdict('h', 0), verdict('?', null), verdict('?', 1)], 'accuracy');
    assert.deepEqual(counts, { easy: 1, medium: 1, hard: 1 });
  });
});

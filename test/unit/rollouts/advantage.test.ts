import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupAdvantages } from '../../../src/core/rollouts/advantage';
import { spreadOf } from '../../../src/core/rollouts/groupSpread';

const reward = fc.double({ min: -2, max: 2, noNaN: true });
const group = fc.array(fc.option(reward, { nil: null, freq: 5 }), { minLength: 1, maxLength: 16 });

describe('advantages by TRL’s rule', () => {
  it('equals (r − mean) / (unbiased std + 1e-4)', () => {
    // torch: r = tensor([1., 0., 0., 1.]); (r - r.mean()) / (r.std() + 1e-4)
    const [first, second] = groupAdvantages([1, 0, 0, 1]);
    assert.ok(Math.abs((first ?? 0) - 0.8658755) < 1e-6);
    assert.ok(Math.abs((second ?? 0) + 0.8658755) < 1e-6);
  });

  it('leaves a failed reward out of mean and std and gives it none', () => {
    const [a, failed, b] = groupAdvantages([1, null, 0]);
    assert.equal(failed, null);
    assert.deepEqual([a, b], groupAdvantages([1, 0]));
  });

  it('gives 0 to a group that is alone with its reward, and nothing to one without any', () => {
    assert.deepEqual(groupAdvantages([0.7, null]), [0, null]);
    assert.deepEqual(groupAdvantages([null, null]), [null, null]);
  });

  it('sums to zero, keeps the order, and is null exactly where nothing was scored', () => {
    fc.assert(fc.property(group, overalls => {
      const advantages = groupAdvantages(overalls);
      assert.equal(advantages.length, overalls.length);
      overalls.forEach((value, index) => assert.equal(advantages[index] === null, value === null));
      const known = advantages.filter(value => value !== null);
      assert.ok(Math.abs(known.reduce((sum, value) => sum + value, 0)) < 1e-6 * Math.max(1, known.length * 1e3));
      overalls.forEach((a, i) => overalls.forEach((b, j) => {
        if (a !== null && b !== null && a > b) assert.ok((advantages[i] ?? 0) >= (advantages[j] ?? 0));
      }));
    }));
  });

  it('does not move when every reward is moved by the same amount', () => {
    fc.assert(fc.property(group, fc.integer({ min: -4, max: 4 }), (overalls, shift) => {
      const moved = groupAdvantages(overalls.map(value => (value === null ? null : value + shift)));
      groupAdvantages(overalls).forEach((value, index) => assert.ok(Math.abs((value ?? 0) - (moved[index] ?? 0)) < 1e-6));
    }));
  });
});

describe('spread of a group', () => {
  it('tells groups that teach nothing from those that do', () => {
    assert.equal(spreadOf([0.1, 0.1, 0.1, 0.1, 0.1, 0.1]).spread, 'zero'); // their mean differs from 0.1 in the last digit
    assert.equal(spreadOf([0.5, 0.5001]).spread, 'near-zero');
    assert.equal(spreadOf([0, 1]).spread, 'some');
    assert.equal(spreadOf([null, 0.3]).spread, 'unscored');
    assert.deepEqual(spreadOf([null]), { mean: null, std: null, spread: 'unscored' });
  });
});

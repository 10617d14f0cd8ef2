import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { RewardNumber } from '../../../src/core/rewards/score';
import { changedNumbers, sliderRange, writeNumbers } from '../../../src/core/rewards/authoring/triedNumbers';

const text = 'weights: { clip: 0.4, iou: -1 } // 0.4';
const numbers: readonly RewardNumber[] = [{ name: 'weights.clip', value: 0.4, start: 17, end: 20, line: 1 }, { name: 'weights.iou', value: -1, start: 27, end: 29, line: 1 }];

describe('tried numbers', () => {
  it('are written in their places, and nothing else changes', () => {
    assert.equal(writeNumbers(text, numbers, { 'weights.iou': 0.25, 'weights.clip': 0.125 }), 'weights: { clip: 0.125, iou: 0.25 } // 0.4');
    assert.equal(writeNumbers(text, numbers, {}), text);
    assert.equal(writeNumbers(text, numbers, { 'weights.clip': 0.4, gone: 3 }), text);
  });

  it('leave out what is as in the file, unknown or no number', () => {
    assert.deepEqual(changedNumbers(numbers, { 'weights.clip': 0.4, 'weights.iou': Number.NaN, gone: 1 }), {});
  });

  it('get a slider that holds their value between its ends', () => {
    fc.assert(fc.property(fc.oneof(fc.integer({ min: -5000, max: 5000 }), fc.double({ min: -50, max: 50, noNaN: true }).filter(value => Math.abs(value) > 1e-3 || value === 0)), value => {
      const { min, max, step } = sliderRange(value);
      assert.ok(min <= value && value <= max && step > 0 && step < max - min, JSON.stringify({ value, min, max, step }));
    }));
  });
});

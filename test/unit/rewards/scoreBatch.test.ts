import * as assert from 'node:assert/strict';
import type { Component } from '../../../src/core/rewards/reward';
import type { Score } from '../../../src/core/rewards/score';
import { scoreBatch } from '../../../src/core/rewards/scoreBatch';

describe('scores of a batch', () => {
  it('say in words what a component returned that is no number', async () => {
    const returned: readonly (readonly [given: unknown, words: string])[] = [
      [[1], 'a list'], [new Date(), 'an object'], [{}, 'an object'], ['1', 'a string'], [10n, 'a bigint'], [undefined, 'nothing'], [() => 1, 'a function (was its call meant, as in accuracy()?)'], [{ value: Promise.resolve(1) }, 'a promise'], [Symbol('x'), 'a symbol'], [new Map(), 'an object'], [Number.NaN, 'NaN'],
      [{ value: { value: 1 } }, 'an object'], [new Number(1), 'an object'],
    ];
    for (const [given, words] of returned) {
      const scores: Score[] = [];
      const item = { response: '', sample: { qid: 'a', problem: '', answer: '', images: [], key_words: [], boxes: [] } };
      const components = { odd: (() => given) as unknown as Component };
      await scoreBatch({ components, weights: { odd: 1 } }, [item], { context: { clip: { similarity: () => Promise.resolve(0) }, imageSize: () => ({ width: 1, height: 1 }) }, onScore: (_, score) => scores.push(score) });
      assert.deepEqual([scores[0]?.overall, scores[0]?.error?.message], [null, `The component "odd" returned ${words}, not a finite number.`]);
    }
  });

  it('tell a weighted sum that is no number, though each component is one', async () => {
    const scores: Score[] = [];
    const item = { response: '', sample: { qid: 'a', problem: '', answer: '', images: [], key_words: [], boxes: [] } };
    const huge = (): number => 1.5e308;
    await scoreBatch({ components: { a: huge, b: huge }, weights: { a: 1, b: 1 } }, [item], { context: { clip: { similarity: () => Promise.resolve(0) }, imageSize: () => ({ width: 1, height: 1 }) }, onScore: (_, score) => scores.push(score) });
    assert.deepEqual([scores[0]?.overall, scores[0]?.error?.message], [null, 'The weighted sum of the components is Infinity, not a finite number.']);
  });
});

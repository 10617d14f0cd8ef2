import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextToken, seededRandom } from '../../../src/core/sampling/nextToken';

const none: ReadonlySet<number> = new Set();

describe('nextToken', () => {
  it('takes the most likely token at temperature 0, and never a suppressed one', () => {
    const logits = Float32Array.of(1, 5, 3, 5);
    assert.equal(nextToken(logits, { temperature: 0, topP: 1, suppressed: none }, () => 0.99), 1);
    assert.equal(nextToken(logits, { temperature: 0, topP: 1, suppressed: new Set([1, 3]) }, () => 0.99), 2);
    const drawn = new Set(Array.from({ length: 50 }, (_, n) => nextToken(logits, { temperature: 5, topP: 1, suppressed: new Set([1]) }, () => n / 50)));
    assert.deepEqual([...drawn].sort(), [0, 2, 3]);
  });

  it('draws tokens as often as their probability says, sharper at a lower temperature', () => {
    const logits = Float32Array.of(Math.log(0.6), Math.log(0.3), Math.log(0.1));
    const shares = (temperature: number, topP: number): readonly number[] => {
      const random = seededRandom(7);
      const counts = [0, 0, 0];
      for (let n = 0; n < 20_000; n++) counts[nextToken(logits, { temperature, topP, suppressed: none }, random)]!++;
      return counts.map(count => count / 20_000);
    };
    const near = (given: readonly number[], wanted: readonly number[]): void => wanted.forEach((want, n) => assert.ok(Math.abs((given[n] ?? 0) - want) < 0.015, `${given.join()} against ${wanted.join()}`));
    near(shares(1, 1), [0.6, 0.3, 0.1]);
    near(shares(0.5, 1), [0.36 / 0.46, 0.09 / 0.46, 0.01 / 0.46]);
    near(shares(1, 0.9), [2 / 3, 1 / 3, 0]); // two tokens have 0.9 together
    near(shares(1, 0.5), [1, 0, 0]);
  });

  it('always gives a token that may be taken', () => {
    fc.assert(fc.property(
      fc.array(fc.float({ noNaN: true, min: -50, max: 50 }), { minLength: 2, maxLength: 40 }), fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.999999, noNaN: true }), fc.nat(),
      (logits, temperature, topP, luck, other) => {
        const suppressed = new Set([other % logits.length]);
        const token = nextToken(Float32Array.from(logits), { temperature, topP, suppressed }, () => luck);
        assert.ok(token >= 0 && token < logits.length && !suppressed.has(token));
      },
    ));
  });

  it('has the same luck for the same seed', () => {
    const [a, b, c] = [seededRandom(3), seededRandom(3), seededRandom(4)].map(random => Array.from({ length: 5 }, random));
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
  });
});

import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { hashDistance, HashNeighbours, looksAlike, perceptualHash } from '../../../src/core/lint/perceptualHash';

const half = fc.integer({ min: 0, max: 0xffffffff });

describe('perceptual hashes', () => {
  it('tell where a picture gets brighter, whatever its brightness and contrast', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 72, maxLength: 72 }), grey => {
      const hash = perceptualHash(Uint8Array.from(grey));
      assert.deepEqual(perceptualHash(Uint8Array.from(grey, value => value + 50)), hash);
      assert.deepEqual(perceptualHash(Uint8Array.from(grey, value => value * 2)), hash);
      const bits = grey.flatMap((value, at) => (at % 9 === 8 ? [] : [Number((grey[at + 1] ?? 0) > value)]));
      assert.equal(hash.high.toString(2).padStart(32, '0') + hash.low.toString(2).padStart(32, '0'), bits.join(''));
    }));
  });

  it('are found again with up to three bits changed, as comparing each with each finds them', () => {
    fc.assert(fc.property(fc.array(fc.tuple(half, half, fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 5 })), { minLength: 1, maxLength: 40 }), seeds => {
      const hashes = seeds.flatMap(([high, low, flips]) => {
        const flipped = flips.reduce((now, bit) => (bit < 32 ? { ...now, high: (now.high ^ (1 << bit)) >>> 0 } : { ...now, low: (now.low ^ (1 << (bit - 32))) >>> 0 }), { high, low });
        return [{ high, low }, flipped];
      });
      const neighbours = new HashNeighbours();
      hashes.forEach((hash, number) => {
        const wanted = hashes.slice(0, number).flatMap((other, at) => (hashDistance(hash, other) <= 3 ? [{ number: at, distance: hashDistance(hash, other) }] : []));
        assert.deepEqual(neighbours.add(hash, 1000), wanted.sort((a, b) => a.distance - b.distance || a.number - b.number));
      });
    }), { numRuns: 200 });
  });

  it('are not trusted alone: a detail that moved is another picture, a brighter copy is not', () => {
    const size = 32 * 32 * 3;
    const picture = Uint8Array.from({ length: size }, (_, at) => 100 + ((at / 3) % 32) * 2);
    const moved = picture.slice();
    for (let at = 0; at < 60; at++) moved[1500 + at] = 255;
    assert.ok(looksAlike(picture, picture.map(value => value + 10)));
    assert.ok(!looksAlike(picture, moved));
    assert.ok(!looksAlike(picture, picture.map(value => value + 60)), 'a picture of another colour');
  });
});

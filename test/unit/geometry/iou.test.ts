import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import { boxGiou, boxIou } from '../../../src/core/geometry/iou';
import { matchBest } from '../../../src/core/geometry/matching';

const box: fc.Arbitrary<Bbox> = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })).map(([x, y, w, h]): Bbox => [x, y, x + w, y + h]);
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;

describe('IoU', () => {
  const table: readonly [a: Bbox, b: Bbox, iou: number, giou: number][] = [
    [[0, 0, 10, 10], [0, 0, 10, 10], 1, 1],
    [[0, 0, 10, 10], [5, 0, 15, 10], 1 / 3, 1 / 3],
    [[0, 0, 10, 10], [10, 0, 20, 10], 0, 0],
    [[0, 0, 10, 10], [20, 0, 30, 10], 0, -1 / 3],
    [[0, 0, 10, 10], [2, 2, 8, 8], 0.36, 0.36],
    [[0, 0, 0, 0], [0, 0, 0, 0], 0, 0],
    [[10, 10, 0, 0], [0, 0, 10, 10], 0, 0],
  ];
  for (const [a, b, iou, giou] of table) {
    it(`of [${a.join(', ')}] and [${b.join(', ')}] is ${iou.toFixed(2)}`, () => {
      assert.ok(near(boxIou(a, b), iou), `${boxIou(a, b)}`);
      assert.ok(near(boxGiou(a, b), giou), `${boxGiou(a, b)}`);
    });
  }

  it('is symmetric, within [0, 1], 1 for the same box, and moves with it', () => {
    fc.assert(fc.property(box, box, fc.integer({ min: -50, max: 50 }), (a, b, by) => {
      const moved = ([x1, y1, x2, y2]: Bbox): Bbox => [x1 + by, y1, x2 + by, y2];
      const value = boxIou(a, b);
      return near(value, boxIou(b, a)) && value >= 0 && value <= 1 && near(boxIou(a, a), 1) && near(value, boxIou(moved(a), moved(b)));
    }));
  });

  it('is never below its generalised form, which is within [-1, 1]', () => {
    fc.assert(fc.property(box, box, (a, b) => boxGiou(a, b) <= boxIou(a, b) + 1e-9 && boxGiou(a, b) >= -1 && near(boxGiou(a, b), boxGiou(b, a))));
  });
});

describe('matchBest', () => {
  /** The best total by trying every way to give rows to columns. */
  function bestByTrying(scores: readonly (readonly number[])[], row = 0, used: ReadonlySet<number> = new Set()): number {
    const columns = scores[0]?.length ?? 0;
    if (row === scores.length || used.size === columns) return 0;
    const spare = scores.length - row > columns - used.size ? bestByTrying(scores, row + 1, used) : -Infinity; // more rows than columns: one stays alone
    const taken = Array.from({ length: columns }, (_, column) => (used.has(column) ? -Infinity : (scores[row]?.[column] ?? 0) + bestByTrying(scores, row + 1, new Set([...used, column]))));
    return Math.max(spare, ...taken);
  }

  it('finds the largest total of any one-to-one matching', () => {
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }));
    fc.assert(fc.property(matrix, scores => {
      const pairs = matchBest(scores);
      assert.equal(new Set(pairs.map(pair => pair.row)).size, pairs.length);
      assert.equal(new Set(pairs.map(pair => pair.column)).size, pairs.length);
      assert.equal(pairs.length, Math.min(scores.length, scores[0]?.length ?? 0));
      const total = pairs.reduce((sum, { row, column }) => sum + (scores[row]?.[column] ?? 0), 0);
      assert.ok(Math.abs(total - bestByTrying(scores)) < 1e-9, `${total} instead of ${bestByTrying(scores)}`);
    }), { numRuns: 300 });
  });

  it('is not greedy', () => {
    assert.deepEqual(matchBest([[0.9, 0.8], [0.8, 0.1]]), [{ row: 0, column: 1 }, { row: 1, column: 0 }]);
  });

  it('matches nothing with nothing', () => {
    assert.deepEqual(matchBest([]), []);
    assert.deepEqual(matchBest([[], []]), []);
  });
});

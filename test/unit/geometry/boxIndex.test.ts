import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import { BoxIndex, nextInStack } from '../../../src/core/geometry/boxIndex';
import { boxesAt } from '../../../src/core/geometry/hitTest';

const coordinate = fc.oneof(fc.integer({ min: -50, max: 400 }), fc.integer({ min: -40_000, max: 40_000 }).map(quarters => quarters / 4), fc.constantFrom(0, 1e300, Infinity, NaN));
const boxes = fc.array(fc.tuple(coordinate, coordinate, coordinate, coordinate) as fc.Arbitrary<Bbox>, { maxLength: 60 });

describe('box index', () => {
  it('finds what looking at every box finds', () => {
    fc.assert(
      fc.property(boxes, fc.integer({ min: -60, max: 420 }), fc.integer({ min: -60, max: 420 }), fc.integer({ min: 0, max: 40 }), (all, x, y, reach) => {
        const index = new BoxIndex(all);
        const region: Bbox = [x, y, x + 3 * reach, y + reach];
        const expected = all.flatMap(([x1, y1, x2, y2], at) => (x1 <= region[2] && x2 >= region[0] && y1 <= region[3] && y2 >= region[1] ? [at] : []));
        assert.deepEqual(index.within(region), expected);
        assert.deepEqual([...index.at({ x, y }, reach)].sort(), [...boxesAt(all, { x, y }, reach)].sort());
      }),
      { numRuns: 500 },
    );
  });

  it('names the smallest box first', () => {
    assert.deepEqual(new BoxIndex([[0, 0, 100, 80], [20, 20, 30, 30], [10, 10, 50, 50]]).at({ x: 25, y: 25 }, 0), [1, 2, 0]);
  });

  it('walks a stack round and round', () => {
    assert.deepEqual([undefined, 1, 2, 0, 9].map(selected => nextInStack([1, 2, 0], selected)), [1, 2, 0, 1, 1]);
    assert.equal(nextInStack([], 3), undefined);
  });
});

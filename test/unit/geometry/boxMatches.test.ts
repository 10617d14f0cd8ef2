import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import { matchBoxes } from '../../../src/core/geometry/boxMatches';
import { boxIou } from '../../../src/core/geometry/iou';

const box = fc.tuple(fc.nat(90), fc.nat(90), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).map(([x, y, width, height]): Bbox => [x, y, x + width, y + height]);
const boxes = fc.array(box, { maxLength: 5 });

describe('matchBoxes', () => {
  const gold: readonly Bbox[] = [[0, 0, 10, 10], [20, 0, 30, 10]];
  const table: readonly [what: string, predicted: readonly Bbox[], precision: number, recall: number, f1: number][] = [
    ['both', [[20, 0, 30, 10], [0, 0, 10, 10]], 1, 1, 1], ['one', [[0, 0, 10, 10]], 1, 1 / 2, 2 / 3], ['none', [], 0, 0, 0], ['the same twice', [[0, 0, 10, 10], [0, 0, 10, 10]], 1 / 2, 1 / 2, 1 / 2],
    ['an overlap of a third', [[0, 0, 10, 10], [25, 0, 35, 10]], 1 / 2, 1 / 2, 1 / 2], ['an overlap of a half', [[0, 5, 10, 10], [20, 0, 30, 10]], 1, 1, 1], ['two too many', [[0, 0, 10, 10], [20, 0, 30, 10], [50, 50, 60, 60], [70, 70, 80, 80]], 1 / 2, 1, 2 / 3],
  ];
  for (const [what, predicted, precision, recall, f1] of table) {
    it(`counts ${what}`, () => {
      const found = matchBoxes(predicted, gold, 0.5);
      for (const [got, wanted] of [[found.precision, precision], [found.recall, recall], [found.f1, f1]] as const) assert.ok(Math.abs(got - wanted) < 1e-12, `${got} instead of ${wanted}`);
    });
  }

  it('finds as many matches as any other assignment would', () => {
    fc.assert(fc.property(boxes, boxes, fc.constantFrom(0.1, 0.3, 0.5), (predicted, golden, threshold) => {
      const most = (row: number, taken: ReadonlySet<number>): number => {
        if (row === predicted.length) return 0;
        const here = golden.flatMap((each, column) => (!taken.has(column) && boxIou(predicted[row] ?? [0, 0, 0, 0], each) >= threshold ? [1 + most(row + 1, new Set([...taken, column]))] : []));
        return Math.max(most(row + 1, taken), ...here);
      };
      assert.equal(matchBoxes(predicted, golden, threshold).pairs.length, most(0, new Set()));
    }));
  });

  it('is all right for the gold boxes themselves, within [0, 1], and the same in any order', () => {
    fc.assert(fc.property(boxes, boxes, (predicted, golden) => {
      const found = matchBoxes(predicted, golden, 0.5);
      for (const value of [found.precision, found.recall, found.f1]) assert.ok(value >= 0 && value <= 1);
      assert.ok(Math.abs(found.f1 - matchBoxes([...predicted].reverse(), [...golden].reverse(), 0.5).f1) < 1e-12);
      if (golden.length > 0) assert.ok(Math.abs(matchBoxes(golden, golden, 0.5).f1 - 1) < 1e-12);
    }));
  });

  it('of equal counts takes the closest', () => assert.deepEqual(matchBoxes([[0, 0, 10, 6], [0, 0, 10, 10]], [[0, 0, 10, 10]], 0.5).pairs, [{ row: 1, column: 0 }]));
});

import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import { boxAround } from '../../../src/core/geometry/extremeBox';
import { fitInside, pasteBoxes } from '../../../src/core/geometry/pasteBox';
import { boxBetween, clipBox } from '../../../src/core/geometry/shapeBox';
import { snapLines, snapPoint, snapShift } from '../../../src/core/geometry/snap';

const size = { width: 100, height: 80 };
const number = fc.integer({ min: -50, max: 150 });
const point = fc.record({ x: number, y: number });
const box = fc.tuple(point, point).map(([a, b]) => boxBetween(a, b));

describe('snapping', () => {
  const lines = snapLines(size, [[20, 30, 40, 50]]);

  it('puts a point on the nearest edge of the image or a box, and says which', () => {
    assert.deepEqual(snapPoint({ x: 23, y: 77 }, lines, 4), { point: { x: 20, y: 80 }, guides: { x: 20, y: 80 } });
    assert.deepEqual(snapPoint({ x: 30, y: 40 }, lines, 4), { point: { x: 30, y: 40 }, guides: {} });
  });

  it('moves a box by the edge that is nearest to a line', () => {
    assert.deepEqual(snapShift([43, 10, 62, 27], lines, 4), { dx: -3, dy: 3, guides: { x: 40, y: 30 } });
  });

  it('never moves anything farther than its reach', () => {
    fc.assert(fc.property(box, fc.array(box, { maxLength: 5 }), fc.integer({ min: 0, max: 9 }), (moved, others, reach) => {
      const { dx, dy, guides } = snapShift(moved, snapLines(size, others), reach);
      assert.ok(Math.abs(dx) <= reach && Math.abs(dy) <= reach);
      if (guides.x !== undefined) assert.ok(moved[0] + dx === guides.x || moved[2] + dx === guides.x);
      if (guides.y !== undefined) assert.ok(moved[1] + dy === guides.y || moved[3] + dy === guides.y);
    }));
  });
});

describe('copied boxes', () => {
  it('are inside the image, as large as they were where that fits', () => {
    fc.assert(fc.property(box, copied => {
      const placed = fitInside(copied, size);
      assert.deepEqual(clipBox(placed, size), placed);
      assert.deepEqual([placed[2] - placed[0], placed[3] - placed[1]], [Math.min(100, copied[2] - copied[0]), Math.min(80, copied[3] - copied[1])]);
    }));
  });

  it('stay where they were in another picture, and stand beside their originals in the same', () => {
    const copied: Bbox[] = [[10, 10, 30, 30], [40, 40, 60, 60]];
    assert.deepEqual(pasteBoxes(copied, size, []), copied);
    assert.deepEqual(pasteBoxes(copied, size, copied), [[18, 18, 38, 38], [48, 48, 68, 68]]);
    assert.deepEqual(pasteBoxes([[80, 60, 100, 80]], size, [[80, 60, 100, 80]]), [[72, 52, 92, 72]], 'in a corner they go the other way');
  });
});

describe('four extreme points', () => {
  it('are a box in any order', () => {
    assert.deepEqual(boxAround([{ x: 50, y: 10 }, { x: 20, y: 40 }, { x: 45, y: 70 }, { x: 90, y: 33 }]), [20, 10, 90, 70]);
  });
});

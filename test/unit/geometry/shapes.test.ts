import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import { handleAt, handlePoint, handles, resizeBox } from '../../../src/core/geometry/handles';
import { boxesAt } from '../../../src/core/geometry/hitTest';
import { boxBetween, clipBox, isDegenerate, moveBox } from '../../../src/core/geometry/shapeBox';

const size = { width: 100, height: 80 };
const coordinate = fc.integer({ min: -150, max: 250 });
const anyBox = fc.tuple(coordinate, coordinate, coordinate, coordinate).map(([x1, y1, x2, y2]) => boxBetween({ x: x1, y: y1 }, { x: x2, y: y2 }));
const insideBox = anyBox.map(box => clipBox(box, size));

describe('boxes', () => {
  it('drawn in any direction have their corners in order', () => {
    assert.deepEqual(boxBetween({ x: 30, y: 5 }, { x: 10, y: 20 }), [10, 5, 30, 20]);
  });

  it('are cut at the image', () => {
    assert.deepEqual(clipBox([-5, 10, 120, 90], size), [0, 10, 100, 80]);
    fc.assert(fc.property(anyBox, box => assert.deepEqual(clipBox(clipBox(box, size), size), clipBox(box, size))));
  });

  it('keep their size when moved, and stay inside', () => {
    fc.assert(fc.property(insideBox, coordinate, coordinate, (box, dx, dy) => {
      const moved = moveBox(box, dx, dy, size);
      assert.deepEqual([moved[2] - moved[0], moved[3] - moved[1]], [box[2] - box[0], box[3] - box[1]]);
      assert.deepEqual(clipBox(moved, size), moved);
    }));
  });

  it('without area, or turned over, are degenerate', () => {
    assert.deepEqual([[1, 1, 1, 5], [5, 1, 1, 5], [1, 1, 2, 2]].map(box => isDegenerate(box as unknown as Bbox)), [true, true, false]);
  });
});

describe('handles', () => {
  it('lead their side to the pointer and leave the others', () => {
    assert.deepEqual(resizeBox([10, 10, 50, 40], 'se', { x: 60, y: 45 }), [10, 10, 60, 45]);
    assert.deepEqual(resizeBox([10, 10, 50, 40], 'n', { x: 99, y: 5 }), [10, 5, 50, 40]);
    assert.deepEqual(resizeBox([10, 10, 50, 40], 'w', { x: 70, y: 0 }), [50, 10, 70, 40], 'dragged over the other side it turns over');
  });

  it('are found where they are', () => {
    const box: Bbox = [10, 10, 50, 40];
    for (const handle of handles) assert.equal(handleAt(box, handlePoint(box, handle), 2), handle);
    assert.equal(handleAt(box, { x: 30, y: 25 }, 2), undefined);
  });
});

describe('hit test', () => {
  it('finds the smallest box first', () => {
    assert.deepEqual(boxesAt([[0, 0, 100, 80], [20, 20, 30, 30], [60, 60, 70, 70]], { x: 25, y: 25 }, 0), [1, 0]);
  });

  it('reaches a little beyond the edge', () => {
    assert.deepEqual(boxesAt([[20, 20, 30, 30]], { x: 33, y: 25 }, 4), [0]);
    assert.deepEqual(boxesAt([[20, 20, 30, 30]], { x: 35, y: 25 }, 4), []);
  });
});

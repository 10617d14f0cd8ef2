import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { boxOnScreen, fitView, panBy, toImage, toScreen, zoomAt } from '../../../src/core/geometry/viewTransform';

const image = { width: 400, height: 200 };
const viewport = { width: 832, height: 632 };

describe('view transform', () => {
  it('fits the whole image into the viewport, centred', () => {
    const view = fitView(image, viewport);
    assert.deepEqual(view, { scale: 2, x: 16, y: 116 });
    assert.deepEqual(boxOnScreen(view, [0, 0, 400, 200]), { x: 16, y: 116, width: 800, height: 400 });
  });

  it('keeps the point under the cursor while zooming', () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.nat(800), fc.nat(600), (factor, x, y) => {
      const view = fitView(image, viewport);
      const before = toImage(view, { x, y });
      const after = toScreen(zoomAt(view, factor, { x, y }, image), before);
      assert.ok(Math.hypot(after.x - x, after.y - y) < 1e-6);
    }));
  });

  it('stops zooming at both ends', () => {
    let view = fitView(image, viewport);
    for (let i = 0; i < 100; i++) view = zoomAt(view, 2, { x: 0, y: 0 }, image);
    assert.equal(view.scale, 64);
    for (let i = 0; i < 100; i++) view = zoomAt(view, 0.5, { x: 0, y: 0 }, image);
    assert.equal(view.scale, 32 / 400);
  });

  it('never loses the image', () => {
    fc.assert(fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e6, max: 1e6 }), (dx, dy) => {
      const box = boxOnScreen(panBy(fitView(image, viewport), dx, dy, image, viewport), [0, 0, 400, 200]);
      assert.ok(box.x < viewport.width && box.y < viewport.height && box.x + box.width > 0 && box.y + box.height > 0);
    }));
  });
});

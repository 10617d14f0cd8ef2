import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { bodyHeight, listTop, scrollTopOf, tallestPx } from '../../../webview/shared/scrollScale';

describe('scrolling a list that is taller than a page can be', () => {
  const view = 800;
  const total = fc.integer({ min: view, max: 1_200_000_000 });

  it('has both ends at the ends of the scroll bar', () => {
    fc.assert(fc.property(total, height => {
      const range = bodyHeight(height) - view;
      assert.deepEqual([listTop(0, height, view), Math.round(listTop(range, height, view))], [0, height - view]);
    }));
  });

  it('finds the place again that the scroll bar was put to', () => {
    fc.assert(fc.property(total, fc.double({ min: 0, max: 1, noNaN: true }), (height, share) => {
      const top = share * (height - view);
      assert.ok(Math.abs(listTop(scrollTopOf(top, height, view), height, view) - top) < 1e-3 * Math.max(1, height / tallestPx));
    }));
  });
});

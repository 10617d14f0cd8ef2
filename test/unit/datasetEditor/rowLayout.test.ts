import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { RowGroupStart } from '../../../src/core/query/queryAnswer';
import { RowLayout } from '../../../webview/datasetEditor/rowLayout';

const sizes = fc.record({ columns: fc.integer({ min: 1, max: 9 }), rowHeight: fc.integer({ min: 10, max: 300 }), headHeight: fc.integer({ min: 10, max: 60 }) });
const groupsOf = (counts: readonly number[]): readonly RowGroupStart[] => counts.map((count, at) => ({ value: `${at}`, count, from: counts.slice(0, at).reduce((sum, each) => sum + each, 0) }));

describe('the layout of rows in a list', () => {
  it('shows every position once, in order, and each where it says that it is', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), fc.integer({ min: 0, max: 200 }), sizes, (counts, alone, size) => {
      const total = counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : alone;
      const layout = new RowLayout(total, groupsOf(counts), size);
      const stripes = layout.stripes(0, layout.height);
      const positions = stripes.flatMap(stripe => (stripe.kind === 'rows' ? Array.from({ length: stripe.to - stripe.from }, (_, at) => ({ position: stripe.from + at, y: stripe.y })) : []));
      assert.deepEqual(positions.map(({ position }) => position), Array.from({ length: total }, (_, at) => at));
      for (const { position, y } of positions) assert.equal(layout.yOf(position), y);
      for (const { y, group } of stripes.flatMap(stripe => (stripe.kind === 'head' ? [stripe] : []))) assert.equal(layout.topOf(group.from), y);
      assert.equal(stripes.filter(stripe => stripe.kind === 'head').length, counts.length);
    }));
  });

  it('gives what is in view, and no more than a stripe beyond', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), sizes, fc.double({ min: 0, max: 1, noNaN: true }), (counts, size, share) => {
      const layout = new RowLayout(0, groupsOf(counts), size);
      const top = share * layout.height;
      const all = layout.stripes(0, layout.height);
      const heightOf = (kind: 'head' | 'rows'): number => (kind === 'head' ? size.headHeight : size.rowHeight);
      const expected = all.filter(({ y, kind }) => y + heightOf(kind) > top && y < top + 500);
      assert.deepEqual(layout.stripes(top, top + 500), expected);
    }));
  });

  it('reaches the last of five million rows', () => {
    const layout = new RowLayout(5_000_000, [], { columns: 6, rowHeight: 212, headHeight: 32 });
    const [last] = layout.stripes(layout.height - 1, layout.height);
    assert.deepEqual(last, { kind: 'rows', y: layout.height - 212, from: 4_999_998, to: 5_000_000 });
    assert.equal(layout.yOf(4_999_999), layout.height - 212);
  });
});

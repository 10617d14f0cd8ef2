import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { histogram } from '../../../src/core/rewards/summary/histogram';
import { type FilteredRow, parseRowFilter, withRange } from '../../../src/core/rewards/rowFilter';

const row = (qid: string, response: string, clip: number | null, overall: number | null, before: number | null = null): FilteredRow =>
  ({ sample: { qid }, response, before, score: { overall, components: { clip }, ...(overall === null ? { error: { message: 'no' } } : {}) } });

const rows = [row('p-1', 'A red Card', 0.2, 0.4, 0.4), row('p-2', 'blue', 0.9, 0.8, 0.5), row('q-3', 'nothing', null, null)];
const shown = (filter: string): string[] => rows.filter(parseRowFilter(filter, ['clip'])).map(each => each.sample.qid);

describe('filter of the responses', () => {
  it('compares values, finds text in any letter case, and takes all words together', () => {
    assert.deepEqual(shown('clip<0.3'), ['p-1']);
    assert.deepEqual(shown('overall>=0.8'), ['p-2']);
    assert.deepEqual(shown('red'), ['p-1']);
    assert.deepEqual(shown('p- card'), ['p-1']);
    assert.deepEqual(shown('  '), ['p-1', 'p-2', 'q-3']);
  });

  it('knows failures and changes, and takes no failure for a number', () => {
    assert.deepEqual(shown('error'), ['q-3']);
    assert.deepEqual(shown('changed'), ['p-2']);
    assert.deepEqual(shown('overall<1'), ['p-1', 'p-2']);
    assert.deepEqual(shown('clip!=5'), ['p-1', 'p-2']);
  });

  it('takes a comparison with what is no component as text', () => {
    assert.deepEqual(shown('nose<0.3'), []);
  });

  it('replaces the range of a value and keeps the rest', () => {
    assert.equal(withRange('red clip>=0 clip<=0.1', 'clip', 0.25, 0.5), 'red clip>=0.25 clip<=0.5');
  });

  it('shows every value of a bin that is clicked', () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), values => {
      const bins = histogram(values);
      assert.equal(bins.reduce((sum, bin) => sum + bin.count, 0), values.length);
      for (const { from, to, count } of bins) assert.ok(values.filter(each => each >= from - 1e-9 && each <= to + 1e-9).length >= count);
    }));
  });
});

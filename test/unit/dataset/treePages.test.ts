import * as assert from 'node:assert/strict';
import { partsOf } from '../../../src/features/datasets/datasetNode';

describe('pages of a tree', () => {
  const rows = (count: number): number[] => Array.from({ length: count }, (_, row) => row);

  it('are of a hundred rows', () => {
    assert.deepEqual(partsOf(rows(250)).map(part => [part.from, part.rows.length]), [[0, 100], [100, 100], [200, 50]]);
  });

  it('reach every row of a million without a long list anywhere', () => {
    const walk = (list: readonly number[]): number => {
      if (list.length <= 100) return list.length;
      const parts = partsOf(list);
      assert.ok(parts.length <= 100);
      return parts.reduce((sum, part) => sum + walk(part.rows), 0);
    };
    assert.equal(walk(rows(1_000_001)), 1_000_001);
  });
});

import * as assert from 'node:assert/strict';
import { rankLabels } from '../../../src/core/labels/rankLabels';

describe('typed labels', () => {
  const labels = ['card', 'green 7', 'red 7', 'discard', 'scorecard', 'red 9', 'Cardinal', 'café crème'];

  it('are found by their beginning, a word, a part or some letters, in that order', () => {
    assert.deepEqual(rankLabels(labels, 'card'), ['card', 'Cardinal', 'discard', 'scorecard']);
    assert.deepEqual(rankLabels(labels, 'r7'), ['red 7', 'green 7']);
    assert.deepEqual(rankLabels(labels, ' crè'), ['café crème']);
    assert.deepEqual(rankLabels(labels, 'xyz'), []);
    assert.deepEqual(rankLabels(labels, '  '), labels);
  });
});

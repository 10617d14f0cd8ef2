import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseCopied } from '../../../webview/datasetEditor/boxClipboard';

describe('boxes on the clipboard', () => {
  it('are read back as they were copied', () => {
    const box = fc.record({ label: fc.string({ maxLength: 20 }), bbox: fc.tuple(fc.integer(), fc.integer(), fc.integer(), fc.integer()) }, { noNullPrototype: true });
    fc.assert(fc.property(fc.array(box), boxes => assert.deepEqual(parseCopied(JSON.stringify({ pebrBoxes: boxes })), boxes)));
  });

  it('are not found in other text, and what is no box among them is left out', () => {
    assert.equal(parseCopied(undefined), undefined);
    assert.equal(parseCopied('[1, 2, 3, 4]'), undefined);
    assert.equal(parseCopied('{"pebrBoxes":[{"label'), undefined);
    assert.deepEqual(parseCopied('{"pebrBoxes":[{"label":"a","bbox":[1,2,3]},{"label":7,"bbox":[1,2,3,4]},{"bbox":[1,2,3,4]},null,{"label":"b","bbox":[1,2,3,null]}]}'), []);
    fc.assert(fc.property(fc.string(), text => void parseCopied(`{"pebrBoxes":${text}`)));
  });
});

import * as assert from 'node:assert/strict';
import type { ToolBox } from '../../../webview/datasetEditor/boxTool';
import { spokenBoxes } from '../../../webview/datasetEditor/spokenBoxes';

describe('what a screen reader is told about boxes', () => {
  const boxes: readonly ToolBox[] = [{ index: 4, bbox: [10.4, 20, 110, 70.2] }, { index: 7, bbox: [0, 0, 5, 5] }];
  const labelOf = (index: number): string => (index === 4 ? 'red 9' : '');

  it('is the selected box: its label, which it is, and where in pixels', () => {
    assert.equal(spokenBoxes(boxes, [4], labelOf), 'red 9, 1 of 2, from 10, 20 to 110, 70 pixels, 100 by 50');
    assert.equal(spokenBoxes(boxes, [7], labelOf), 'unnamed box, 2 of 2, from 0, 0 to 5, 5 pixels, 5 by 5');
  });

  it('is how many are selected, and how many there are when none is', () => {
    assert.deepEqual([spokenBoxes(boxes, [4, 7], labelOf), spokenBoxes(boxes, [], labelOf), spokenBoxes(boxes.slice(1), [], labelOf), spokenBoxes([], [], labelOf)], ['2 of 2 boxes selected', '2 boxes, none selected', '1 box, none selected', 'No boxes']);
  });
});

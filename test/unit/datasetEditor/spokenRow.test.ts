import * as assert from 'node:assert/strict';
import { untouched } from '../../../src/core/curation/curation';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { RowView } from '../../../src/protocol/datasetEditor';
import { spokenRow } from '../../../webview/datasetEditor/spokenRow';

describe('what a screen reader is told about a sample in a list', () => {
  const text = '{"qid": "p-1", "problem": "<image>Which digit?", "answer": "7", "images": ["a.png"], "boxes": [{"bbox": [0, 0, 9, 9], "label": "red 7"}]}';
  const view = { line: 3, row: parseRow(text, defaultColumns).row, curation: untouched, problems: [], isEdited: false } as unknown as RowView;

  it('is what its card or line shows', () => {
    assert.equal(spokenRow(view), 'p-1, Which digit?, answer 7, 1 box');
  });

  it('is what was decided about it too', () => {
    const curation: RowView['curation'] = { ...untouched, review: 'accepted', tags: ['blurry', 'twice'], difficulty: 'hard' };
    assert.equal(spokenRow({ ...view, curation, isEdited: true }), 'p-1, Which digit?, answer 7, 1 box, hard, accepted, tags blurry, twice, edited, not saved');
  });

  it('is the line where there is no row to be read', () => {
    assert.equal(spokenRow({ ...view, row: undefined, text: '{"qid"' }), 'line 3, {"qid"');
  });
});

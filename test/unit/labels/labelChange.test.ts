import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { changeRow } from '../../../src/core/labels/changeRow';
import { applyChange, describeChange, type LabelChange } from '../../../src/core/labels/labelChange';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { Row } from '../../../src/core/dataset/row';
import { rowLine } from '../dataset/randomLines';

const apply = (text: string, change: LabelChange): string => applyChange(text, change, defaultColumns);

/** A change that is possible for the row. */
function changeOf(row: Row): fc.Arbitrary<LabelChange> {
  const numbers = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500));
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  const always: fc.Arbitrary<LabelChange>[] = [
    fc.record({ type: fc.constant('setText' as const), field: fc.constantFrom('problem' as const, 'answer' as const), value: text }),
    fc.record({ type: fc.constant('setKeyWords' as const), value: fc.array(text, { maxLength: 3 }) }),
    fc.record({ type: fc.constant('addBox' as const), label: text, numbers }),
    fc.record({ type: fc.constant('addBoxes' as const), boxes: fc.array(fc.record({ label: text, numbers }), { minLength: 1, maxLength: 4 }), title: text }),
  ];
  if (row.boxes.length === 0) return fc.oneof(...always);
  const index = fc.constantFrom(...row.boxes.map(box => box.index));
  const indexes = fc.subarray(row.boxes.map(box => box.index), { minLength: 1 }).chain(some => fc.shuffledSubarray(some, { minLength: some.length }));
  return fc.oneof(
    ...always,
    fc.record({ type: fc.constant('setBox' as const), index, numbers }),
    fc.record({ type: fc.constant('renameBox' as const), index, label: text }),
    fc.record({ type: fc.constant('removeBox' as const), index }),
    fc.record({ type: fc.constant('setBoxes' as const), boxes: indexes.chain(all => fc.tuple(...all.map(each => fc.record({ index: fc.constant(each), numbers })))) }),
    fc.record({ type: fc.constant('renameBoxes' as const), indexes, label: text }),
    fc.record({ type: fc.constant('removeBoxes' as const), indexes }),
  );
}

const lineAndChange = rowLine.chain(line => {
  const { row } = parseRow(line, defaultColumns);
  if (!row) throw new Error(`no row: ${line}`);
  return changeOf(row).map(change => ({ line, row, change }));
});

describe('label changes', () => {
  it('keep every letter that they do not name', () => {
    const line = '{ "score":1.50,"qid": "a","answer" : "7" , "boxes":[ {"label":"x", "bbox":[1,2.0,3,4], "by":"me"},{"bbox":[5,6,7,8],"label":"y"} ],"note":"\\u00fc"}';
    assert.equal(apply(line, { type: 'setText', field: 'answer', value: '8' }), line.replace('"answer" : "7"', '"answer" : "8"'));
    assert.equal(apply(line, { type: 'setBox', index: 0, numbers: [1, 2, 9, 4] }), line.replace('[1,2.0,3,4]', '[1,2.0,9,4]'));
    assert.equal(apply(line, { type: 'renameBox', index: 1, label: 'ö' }), line.replace('"label":"y"', '"label":"\\u00f6"'));
    assert.equal(apply(line, { type: 'removeBox', index: 0 }), line.replace('{"label":"x", "bbox":[1,2.0,3,4], "by":"me"},', ''));
    assert.equal(apply(line, { type: 'removeBox', index: 1 }), line.replace(',{"bbox":[5,6,7,8],"label":"y"}', ''));
    assert.equal(apply(line, { type: 'addBox', label: 'z', numbers: [1, 1, 2, 2] }), line.replace('"label":"y"}', '"label":"y"},{"label":"z","bbox":[1,1,2,2]}'));
  });

  it('add a field that is not there yet, in the style of the line', () => {
    assert.equal(apply('{"qid": "a", "answer": "7"}', { type: 'setKeyWords', value: ['x', 'y'] }), '{"qid": "a", "answer": "7", "key_words": ["x", "y"]}');
    assert.equal(apply('{"qid":"a","answer":"7"}', { type: 'addBox', label: 'x', numbers: [1, 2, 3, 4] }), '{"qid":"a","answer":"7","boxes":[{"label":"x","bbox":[1,2,3,4]}]}');
    assert.equal(apply('{"qid": "a", "boxes": null}', { type: 'addBox', label: 'x', numbers: [1, 2, 3, 4] }), '{"qid": "a", "boxes": [{"label": "x", "bbox": [1, 2, 3, 4]}]}');
  });

  it('leave an answer that is a number a number, while it is one', () => {
    assert.equal(apply('{"answer": 7}', { type: 'setText', field: 'answer', value: '8.5' }), '{"answer": 8.5}');
    assert.equal(apply('{"answer": 7}', { type: 'setText', field: 'answer', value: '08' }), '{"answer": "08"}');
    assert.equal(apply('{"answer": "7"}', { type: 'setText', field: 'answer', value: '8' }), '{"answer": "8"}');
  });

  it('change the last of two properties with one name, the one that readers see', () => {
    assert.equal(apply('{"answer": "1", "answer": "2"}', { type: 'setText', field: 'answer', value: '3' }), '{"answer": "1", "answer": "3"}');
  });

  it('work beside NaN and leave it', () => {
    assert.equal(apply('{"score": NaN, "answer": "1"}', { type: 'setText', field: 'answer', value: '2' }), '{"score": NaN, "answer": "2"}');
  });

  it('give on any line the row that the view shows at once', () => {
    fc.assert(
      fc.property(lineAndChange, ({ line, row, change }) => {
        const after = parseRow(apply(line, change), defaultColumns).row;
        const shown = changeRow(row, change);
        const plain = ({ boxes, ...rest }: Row): unknown => ({ ...rest, boxes: boxes.map(({ label, numbers }) => ({ label, numbers })) });
        assert.deepEqual(after && plain(after), plain(shown));
      }),
      { numRuns: 400 },
    );
  });

  it('leave every other field of any line as it is', () => {
    fc.assert(
      fc.property(lineAndChange, ({ line, change }) => {
        const mine = change.type === 'setText' ? change.field : change.type === 'setKeyWords' ? 'key_words' : 'boxes';
        const without = (text: string): unknown => ({ ...(JSON.parse(text) as object), [mine]: null });
        assert.deepEqual(without(apply(line, change)), without(line));
      }),
      { numRuns: 200 },
    );
  });

  it('do the same to several boxes as one by one', () => {
    fc.assert(
      fc.property(lineAndChange, ({ line, change }) => {
        const singles: readonly LabelChange[] =
          change.type === 'addBoxes' ? change.boxes.map(box => ({ type: 'addBox', ...box }))
          : change.type === 'setBoxes' ? change.boxes.map(box => ({ type: 'setBox', ...box }))
          : change.type === 'renameBoxes' ? change.indexes.map(index => ({ type: 'renameBox', index, label: change.label }))
          : change.type === 'removeBoxes' ? [...change.indexes].sort((a, b) => b - a).map(index => ({ type: 'removeBox', index }))
          : [change];
        assert.equal(apply(line, change), singles.reduce(apply, line));
      }),
      { numRuns: 400 },
    );
  });

  it('never break a line in two', () => {
    fc.assert(fc.property(lineAndChange, ({ line, change }) => assert.ok(!/[\r\n]/.test(apply(line, change)))));
  });

  it('are told in words', () => {
    const row = parseRow('{"qid": "a", "boxes": [{"label": "red 7", "bbox": [1, 2, 3, 4]}]}', defaultColumns).row;
    assert.equal(describeChange({ type: 'setBox', index: 0, numbers: [0, 0, 1, 1] }, row), 'Change red 7');
    assert.equal(describeChange({ type: 'removeBox', index: 0 }, row), 'Delete red 7');
    assert.equal(describeChange({ type: 'setText', field: 'answer', value: '' }, row), 'Edit answer');
  });
});

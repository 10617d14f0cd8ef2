import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseRow } from '../../../src/core/dataset/parseRow';
import type { Row } from '../../../src/core/dataset/row';
import { applyBulk, type BulkEdit, describeBulk, type RowBulkEdit } from '../../../src/core/labels/bulkEdit';
import { RowSet } from '../../../src/core/labels/rowSet';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { rowLine } from '../dataset/randomLines';

const apply = (text: string, edit: RowBulkEdit): string | null | undefined => applyBulk(text, edit, defaultColumns).text;

describe('bulk edits', () => {
  it('keep every letter that they do not name', () => {
    const line = '{ "score":1.50,"qid": "a","answer" : "7 cm" , "key_words":["x", "y","x"],"boxes":[ {"label":"card", "bbox":[1,2.0,3,4]},{"bbox":[5,6,7,8],"label":"c\\u0061rd"} ],"note":"card"}';
    assert.equal(apply(line, { type: 'setAnswer', value: '8' }), line.replace('"7 cm"', '"8"'));
    assert.equal(apply(line, { type: 'replaceInAnswer', find: ' cm', replace: '' }), line.replace('7 cm', '7'));
    assert.equal(apply(line, { type: 'renameLabel', from: 'card', to: 'ace' }), line.replace('"label":"card"', '"label":"ace"').replace('"c\\u0061rd"', '"ace"'));
    assert.equal(apply(line, { type: 'deleteBoxes', label: 'card' }), line.replace(/"boxes":\[.*?\} \]/, '"boxes":[  ]'));
    assert.equal(apply(line, { type: 'addKeyWord', word: 'z' }), line.replace('"y","x"]', '"y","x","z"]'));
    assert.equal(apply(line, { type: 'removeKeyWord', word: 'x' }), line.replace('["x", "y","x"]', '["y"]'));
    assert.equal(apply(line, { type: 'setKeyWords', value: ['q'] }), line.replace('["x", "y","x"]', '["q"]'));
    assert.equal(apply(line, { type: 'deleteRows' }), null);
  });

  it('leave a row as it is that says so already', () => {
    const line = '{"qid":"a","answer":7,"key_words":["x"],"boxes":[{"label":3,"bbox":[1,2,3,4]}]}';
    const same: readonly RowBulkEdit[] = [
      { type: 'setAnswer', value: '7' }, { type: 'replaceInAnswer', find: '8', replace: '9' }, { type: 'setKeyWords', value: ['x'] }, { type: 'addKeyWord', word: 'x' },
      { type: 'removeKeyWord', word: 'y' }, { type: 'renameLabel', from: 'card', to: 'ace' }, { type: 'deleteBoxes', label: 'card' },
    ];
    for (const edit of same) assert.equal(apply(line, edit), line, edit.type);
    assert.equal(apply(line, { type: 'setAnswer', value: '8' }), line.replace('"answer":7', '"answer":8'), 'a number stays one');
    assert.equal(apply(line, { type: 'renameLabel', from: '3', to: 'three' }), line.replace('"label":3', '"label":"three"'));
  });

  it('say why a row cannot be changed so', () => {
    const reasons = ['{"answer":["a"]}', '{"answer":{"a":1}}', '{"qid":"a","answer":"cut', 'no row', '[1]'].map(text => applyBulk(text, { type: 'setAnswer', value: 'x' }, defaultColumns).refused);
    const noRow = 'It is no row that can be edited here; correct the line in the text editor.';
    assert.deepEqual(reasons, ['Its answer is a list.', 'Its answer is an object.', noRow, noRow, noRow]);
    assert.equal(applyBulk('{"key_words":[["a"]]}', { type: 'addKeyWord', word: 'x' }, defaultColumns).refused, 'Its key words are no list of texts.');
  });

  it('do to any row what they say, and nothing else', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 4 });
    fc.assert(
      fc.property(rowLine, word, word, fc.nat(), (line, a, b, pick) => {
        const before = parseRow(line, defaultColumns).row as Row;
        const label = before.boxes[pick % (before.boxes.length || 1)]?.label ?? a;
        const known = before.key_words[pick % (before.key_words.length || 1)] ?? a;
        const cases: readonly [RowBulkEdit, Partial<Row>][] = [
          [{ type: 'setAnswer', value: a }, { answer: a }],
          [{ type: 'replaceInAnswer', find: before.answer.slice(0, 2), replace: b }, { answer: before.answer === '' ? '' : before.answer.replaceAll(before.answer.slice(0, 2), () => b) }],
          [{ type: 'setKeyWords', value: [a, b] }, { key_words: [a, b] }],
          [{ type: 'addKeyWord', word: a }, { key_words: before.key_words.includes(a) ? before.key_words : [...before.key_words, a] }],
          [{ type: 'removeKeyWord', word: known }, { key_words: before.key_words.filter(each => each !== known) }],
        ];
        for (const [edit, change] of cases) assert.deepEqual(parseRow(apply(line, edit) ?? '', defaultColumns).row, { ...before, ...change }, edit.type);
        const labels = (text: string): string[] => (JSON.parse(text) as { boxes: { label: string }[] }).boxes.map(box => box.label);
        assert.deepEqual(labels(apply(line, { type: 'renameLabel', from: label, to: b }) ?? ''), labels(line).map(each => (each === label ? b : each)));
        assert.deepEqual(labels(apply(line, { type: 'deleteBoxes', label }) ?? ''), labels(line).filter(each => each !== label));
      }),
    );
  });

  it('have words for the undo menu', () => {
    const edits: readonly BulkEdit[] = [{ type: 'addTag', tag: 'blurry' }, { type: 'setReview', review: 'todo' }, { type: 'setStage', stage: 'warm-up' }, { type: 'setDifficulty', difficulty: null }, { type: 'renameLabel', from: 'a', to: 'b' }];
    assert.deepEqual(edits.map(describeBulk), ['Add tag blurry', 'Mark as to review', 'Send to warm-up', 'Take the difficulty that sampling found', 'Rename label a to b']);
  });
});

describe('row set', () => {
  it('is its rows, in order, and the same after a line of text', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300)), fc.array(fc.nat(300)), (added, removed) => {
        const set = RowSet.of(added);
        for (const row of removed) set.delete(row);
        const expected = [...new Set(added)].filter(row => !removed.includes(row)).sort((a, b) => a - b);
        assert.deepEqual([[...set], set.size, [...set.toArray()]], [expected, expected.length, expected]);
        assert.deepEqual([...RowSet.fromRuns(JSON.parse(JSON.stringify(set.runs())) as number[])], expected);
        for (let row = 0; row <= 301; row++) assert.equal(set.has(row), expected.includes(row));
      }),
    );
    assert.throws(() => RowSet.fromRuns([0, 1e12]));
    assert.throws(() => RowSet.fromRuns([-1, 2]));
  });
});

import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { exactJson } from '../../../src/core/dataset/longNumber';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { quickQid } from '../../../src/core/dataset/quickQid';
import { sampleOfRow } from '../../../src/core/dataset/sampleOfRow';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { rowLine } from './randomLines';

const rulesOf = (text: string): string[] => parseRow(text, defaultColumns).faults.map(fault => fault.rule);

describe('parseRow', () => {
  it('reads a row of the paper', () => {
    const text = '{"qid": "p-1", "problem": "<image>Which?", "answer": "7", "images": ["a.png"], "key_words": ["red 7"], "boxes": [{"label": "red 7", "bbox": [8, 8, 32, 32]}]}';
    const { row, faults } = parseRow(text, defaultColumns);
    assert.deepEqual(faults, []);
    assert.deepEqual(row, {
      qid: 'p-1', problem: '<image>Which?', answer: '7', images: ['a.png'], key_words: ['red 7'], boxes: [{ index: 0, label: 'red 7', numbers: [8, 8, 32, 32] }],
    });
  });

  it('keeps every digit of an id and an answer that no double holds, wherever they stand in the line', () => {
    fc.assert(fc.property(fc.nat(40), fc.bigInt(2n ** 53n + 1n, 2n ** 90n), fc.boolean(), (blanks, number, isNegative) => {
      const digits = `${isNegative ? '-' : ''}${number}`;
      const { row, fields, faults } = parseRow(`{${' '.repeat(blanks)}"qid": ${digits}, "problem": "${digits}", "answer": ${digits}, "n": [{"k": ${digits}}, 7, "${digits}"]}`, defaultColumns);
      assert.deepEqual([row?.qid, row?.problem, row?.answer, faults], [digits, digits, digits, []]);
      assert.equal(exactJson(fields?.['n']), `[{"k":${digits}},7,"${digits}"]`);
    }));
  });

  it('reads other column names, an image that is no list, an answer that is a number', () => {
    const { row, faults } = parseRow('{"id": 12, "question": "?", "answer": 7, "image": "a.png"}', { ...defaultColumns, qid: 'id', problem: 'question', images: 'image' });
    assert.deepEqual(faults, []);
    assert.deepEqual([row?.qid, row?.problem, row?.answer, row?.images], ['12', '?', '7', ['a.png']]);
  });

  it('keeps the place of boxes after one that is malformed', () => {
    const { row, faults } = parseRow('{"qid": "a", "boxes": [{"label": "x"}, {"label": "y", "bbox": [1, 2, 3, 4]}]}', defaultColumns);
    assert.deepEqual(row?.boxes, [{ index: 1, label: 'y', numbers: [1, 2, 3, 4] }]);
    assert.deepEqual(faults.map(fault => [fault.rule, fault.message]), [['dataset/malformed-box', 'Box 1 is not {"label", "bbox"} with four numbers.']]);
  });

  it('says that a half written line is one', () => {
    const { row, faults } = parseRow('{"qid": "a", "problem": "Wh', defaultColumns);
    assert.equal(row, undefined);
    assert.match(faults[0]?.message ?? '', /half written/);
  });

  it('reads past NaN and tells where it is', () => {
    const text = '{"qid": "a", "note": "NaN is no number", "score": NaN, "low": -Infinity}';
    const { row, faults } = parseRow(text, defaultColumns);
    assert.equal(row?.qid, 'a');
    assert.deepEqual(faults.map(fault => [fault.rule, fault.offset]), [['dataset/non-finite-number', text.indexOf(' NaN,') + 1]]);
  });

  it('tells a missing qid, a field of the wrong type, and a line that is no object', () => {
    assert.deepEqual(rulesOf('{"problem": "?"}'), ['dataset/missing-qid']);
    assert.deepEqual(rulesOf('{"qid": "a", "problem": ["?"], "boxes": {}}'), ['dataset/field-type', 'dataset/field-type']);
    assert.deepEqual(rulesOf('[1]'), ['dataset/malformed-line']);
  });

  it('never throws, whatever the line', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), rowLine.chain(line => fc.nat(line.length).map(cut => line.slice(0, cut)))), text => {
      const { row, faults } = parseRow(text, defaultColumns);
      assert.ok(row !== undefined || faults.length > 0);
    }));
  });

  it('does not reach prototypes', () => {
    const { row } = parseRow('{"__proto__": {"qid": "evil"}, "constructor": 1}', defaultColumns);
    assert.equal(row?.qid, '');
  });
});

describe('quickQid', () => {
  it('says what parsing says, or leaves it to parsing', () => {
    const quick = quickQid(defaultColumns);
    assert.equal(quick('{"qid": "a-1", "problem": "?"}'), 'a-1');
    assert.equal(quick('{"qid": "a\\u00fc"}'), undefined);
    assert.equal(quick('{"qid": "a", "problem": "cut'), undefined);
    fc.assert(fc.property(rowLine, line => {
      const found = quick(line);
      if (found !== undefined) assert.equal(found, parseRow(line, defaultColumns).row?.qid);
    }));
  });
});

describe('sampleOfRow', () => {
  const row = parseRow('{"qid": "a", "boxes": [{"label": "x", "bbox": [0.5, 0.5, 1, 1]}]}', defaultColumns).row;
  it('turns boxes into pixels of the image', () => {
    assert.ok(row);
    assert.deepEqual(sampleOfRow(row, 'norm1', { width: 200, height: 100 }).boxes, [{ label: 'x', bbox: [100, 50, 200, 100] }]);
  });
  it('refuses to guess pixels without the image', () => {
    assert.ok(row);
    assert.throws(() => sampleOfRow(row, 'norm1', undefined), /without the image/);
  });
});

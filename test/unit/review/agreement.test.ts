import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseCuration, printCuration } from '../../../src/core/curation/curationLine';
import { untouched } from '../../../src/core/curation/curation';
import type { FrameBox, Row } from '../../../src/core/dataset/row';
import { applyChange } from '../../../src/core/labels/labelChange';
import { changeRow } from '../../../src/core/labels/changeRow';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { agreementOf, secondAgreement } from '../../../src/core/review/agreement';
import { AgreementTotal, cohensKappa } from '../../../src/core/review/agreementSummary';
import { blindRow, type Labels, labelsOfRow, noLabels, type SecondLabels } from '../../../src/core/review/secondLabels';
import { takeSecond, takeSecondBox } from '../../../src/core/review/takeLabels';

const side = fc.integer({ min: 0, max: 400 });
const bbox = fc.tuple(side, side, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 })).map(([x, y, w, h]): FrameBox => [x, y, x + w, y + h]);
const label = fc.constantFrom('red 7', 'blue 2', 'cat', '');
const labels: fc.Arbitrary<Labels> = fc.record({
  answer: fc.constantFrom('', '7', '7.0', 'B', 'a cat'),
  key_words: fc.uniqueArray(fc.constantFrom('red', 'Red', 'cat', '__proto__'), { maxLength: 3 }),
  boxes: fc.array(fc.record({ label, bbox }, { noNullPrototype: true }), { maxLength: 6 }),
}, { noNullPrototype: true });

describe('agreement of two labelings', () => {
  it('is whole with itself, lies between 0 and 1, and is the same either way round but for what is called first', () => {
    fc.assert(fc.property(labels, labels, (a, b) => {
      const same = agreementOf(a, a, 'pixel');
      assert.equal(same.score, 1);
      assert.ok(same.meanIou === null || Math.abs(same.meanIou - 1) < 1e-9);
      const [forth, back] = [agreementOf(a, b, 'pixel'), agreementOf(b, a, 'pixel')];
      for (const { score, meanIou, f1, keyWords } of [forth, back]) for (const value of [score, meanIou, f1, keyWords]) assert.ok(value === null || (value >= 0 && value <= 1 + 1e-9));
      assert.equal(forth.answer, back.answer);
      assert.ok(Math.abs((forth.meanIou ?? 0) - (back.meanIou ?? 0)) < 1e-9);
      assert.equal(forth.pairs.length + forth.onlyFirst.length, a.boxes.length);
      assert.equal(forth.pairs.length + forth.onlySecond.length, b.boxes.length);
    }));
  });

  it('does not change with the frame that the boxes are written in', () => {
    fc.assert(fc.property(labels, labels, (a, b) => {
      const scaled = (given: Labels): Labels => ({ ...given, boxes: given.boxes.map(box => ({ ...box, bbox: box.bbox.map((value, at) => value / (at % 2 === 0 ? 640 : 480)) as unknown as FrameBox })) });
      const sized = (given: Labels): Labels => ({ ...given, boxes: given.boxes.map(({ label: name, bbox: [x1, y1, x2, y2] }) => ({ label: name, bbox: [x1, y1, x2 - x1, y2 - y1] })) });
      const wanted = agreementOf(a, b, 'pixel').meanIou ?? 0;
      assert.ok(Math.abs((agreementOf(scaled(a), scaled(b), 'norm1').meanIou ?? 0) - wanted) < 1e-9);
      assert.ok(Math.abs((agreementOf(sized(a), sized(b), 'coco-xywh').meanIou ?? 0) - wanted) < 1e-9);
    }));
  });

  it('counts a box without partner as nothing, a pair of other labels as found but not as agreed, and answers as the grader does', () => {
    const first: Labels = { answer: '1/2', key_words: ['Red'], boxes: [{ label: 'cat', bbox: [0, 0, 10, 10] }, { label: 'dog', bbox: [100, 0, 110, 10] }] };
    const second: Labels = { answer: '\\frac{1}{2}', key_words: ['red', 'cat'], boxes: [{ label: 'cat', bbox: [0, 0, 10, 5] }, { label: 'wolf', bbox: [100, 0, 110, 10] }, { label: 'cat', bbox: [300, 0, 310, 10] }] };
    const told = agreementOf(first, second, 'pixel');
    assert.equal(told.answer, true);
    assert.deepEqual(told.pairs.map(({ first: a, second: b, iou, isSameLabel }) => [a, b, iou, isSameLabel]), [[0, 0, 0.5, true], [1, 1, 1, false]]);
    assert.deepEqual([told.onlyFirst, told.onlySecond], [[], [2]]);
    assert.deepEqual([told.meanIou, told.f1, told.keyWords, told.score], [0.5, 2 / 5, 0.5, 0.5 / 3]);
    assert.equal(agreementOf(first, { ...first, answer: '' }, 'pixel').score, 0);
    assert.equal(agreementOf(noLabels, noLabels, 'pixel').score, 1);
  });

  it('gives the kappa of a textbook table, and none where chance alone would agree', () => {
    const table = [...Array(20).fill(['yes', 'yes']), ...Array(5).fill(['yes', 'no']), ...Array(10).fill(['no', 'yes']), ...Array(15).fill(['no', 'no'])] as [string, string][];
    assert.ok(Math.abs((cohensKappa(table) ?? 0) - 0.4) < 1e-12);
    assert.equal(cohensKappa([['a', 'a'], ['a', 'a']]), null);
    assert.equal(cohensKappa([['a', 'a']]), null);
  });

  it('adds samples up, settled ones with what was measured before', () => {
    const total = new AgreementTotal();
    const second: SecondLabels = { ...noLabels, answer: 'B', at: '', settled: { ...noLabels, answer: 'A' } };
    const agreement = secondAgreement({ ...noLabels, answer: 'B' }, second, 'pixel');
    assert.equal(agreement.answer, false, 'the row was changed to B later');
    total.add({ agreement, first: 'A', second: 'B', isSettled: true });
    total.add({ agreement: agreementOf({ ...noLabels, answer: 'A' }, { ...noLabels, answer: '(A)' }, 'pixel'), first: 'A', second: '(A)', isSettled: false });
    assert.deepEqual({ ...total.summary, kappa: null }, { samples: 2, open: 0, meanIou: null, f1: null, answers: 0.5, kappa: null, choices: 2 });
  });
});

describe('second labels', () => {
  const second: fc.Arbitrary<SecondLabels> = fc.record({ ...{ at: fc.constant('2026-11-21T14:00:00.000Z') }, labels, by: fc.option(fc.constantFrom('Ada', 'é')), settled: fc.option(labels) })
    .map(({ at, labels: own, by, settled }) => ({ ...own, ...(by && { by }), at, ...(settled && { settled }) }));

  it('come back from their line, and a line without them is as it was before there were any', () => {
    fc.assert(fc.property(second, given => {
      const line = printCuration({ qid: 'a', curation: { ...untouched, second: given } }, '2026-11-21');
      assert.deepEqual(parseCuration(line).value?.curation.second, given);
      const gone = printCuration({ qid: 'a', curation: untouched }, '2026-11-21', line);
      assert.equal(gone, '{"v":1,"qid":"a","tags":[],"review":"todo","note":"","stage":null,"difficulty":null,"rollout":null,"date":"2026-11-21"}');
    }));
    for (const strange of ['7', '[]', '{"boxes":7}', '{"boxes":[{"bbox":[1,2,3]}]}', '{"boxes":[{"bbox":[1,2,3,null]}]}']) assert.match(parseCuration(`{"qid":"a","second":${strange}}`).fault ?? '', /"second"/);
  });

  it('hide the first ones, and can take their place, whole or box by box, in one step of text and view alike', () => {
    const text = '{"qid": "a", "problem": "<image>?", "answer": "1", "images": ["a.png"], "key_words": ["x"], "boxes": [{"label": "cat", "bbox": [1.50, 2, 30, 40], "score": 1}], "more": 1}';
    const row = (line: string): Row => parseRow(line, defaultColumns).row as Row;
    assert.deepEqual(labelsOfRow(blindRow(row(text), null)), noLabels);
    assert.equal(blindRow(row(text), null).problem, '<image>?');
    fc.assert(fc.property(labels, given => {
      const change = takeSecond(row(text), given);
      assert.ok(change);
      const now = applyChange(text, change, defaultColumns);
      assert.deepEqual(labelsOfRow(row(now)), given);
      assert.deepEqual(changeRow(row(text), change), row(now));
      assert.ok(now.endsWith('"more": 1}'));
      assert.equal(takeSecond(row(now), given), undefined);
    }));
    const other: Labels = { ...noLabels, boxes: [{ label: 'dog', bbox: [1.5, 2, 31, 40] }] };
    const taken = applyChange(text, takeSecondBox(row(text), other, { first: 0, place: 0 })!, defaultColumns);
    assert.ok(taken.includes('{"label": "dog", "bbox": [1.50, 2, 31, 40], "score": 1}'), taken);
    assert.deepEqual(row(applyChange(text, takeSecondBox(row(text), other, { place: 0 })!, defaultColumns)).boxes.map(box => box.label), ['cat', 'dog']);
    assert.deepEqual(row(applyChange(text, takeSecondBox(row(text), other, { first: 0 })!, defaultColumns)).boxes, []);
  });
});

import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRow } from '../../../src/core/dataset/parseRow';
import type { FrameBox } from '../../../src/core/dataset/row';
import { toPixels } from '../../../src/core/geometry/boxFrame';
import { fixOf, type FixFacts } from '../../../src/core/lint/fixes/fixOf';
import { lintBoxes } from '../../../src/core/lint/lintBoxes';
import { lintRow } from '../../../src/core/lint/lintRow';
import { parseWarmUpRow, lintWarmUp } from '../../../src/core/lint/lintWarmUp';
import { defaultColumns } from '../../../src/core/project/projectDefaults';

const good = { qid: 'a', problem: '<image>Which?', answer: '7', images: ['a.png'], key_words: ['red 7'], boxes: [{ label: 'x', bbox: [1, 2, 30, 40] }] };
const facts: FixFacts = { columns: defaultColumns, boxFrame: 'pixel', size: { width: 100, height: 50 } };
const rulesOf = (text: string, { boxFrame, size }: FixFacts): string[] => {
  const parsed = parseRow(text, defaultColumns);
  return [...lintRow(parsed, { stage: 'perception', columns: defaultColumns, maxPromptTokens: null }), ...(parsed.row ? lintBoxes(parsed.row, boxFrame, size) : [])].map(fault => fault.rule);
};

describe('a quick fix', () => {
  const cases: readonly [string, object | string, object | string, Partial<FixFacts>?][] = [
    ['swapped-box', { boxes: [{ label: 'x', bbox: [30, 2, 1, 40] }] }, { boxes: [{ label: 'x', bbox: [1, 2, 30, 40] }] }],
    ['swapped-box', { boxes: [{ label: 'x', bbox: [30, 2, -10, 40] }] }, { boxes: [{ label: 'x', bbox: [20, 2, 10, 40] }] }, { boxFrame: 'coco-xywh' }],
    ['box-outside', { boxes: [{ label: 'x', bbox: [-5, 2, 130, 40] }] }, { boxes: [{ label: 'x', bbox: [0, 2, 100, 40] }] }],
    ['box-outside', { boxes: [{ label: 'x', bbox: [0.5, 0.5, 1.25, 0.75] }] }, { boxes: [{ label: 'x', bbox: [0.5, 0.5, 1, 0.75] }] }, { boxFrame: 'norm1' }],
    ['degenerate-box', { boxes: [{ label: 'x', bbox: [1, 2, 1, 40] }, { label: 'y', bbox: [1, 2, 30, 40] }] }, { boxes: [{ label: 'y', bbox: [1, 2, 30, 40] }] }],
    ['repeated-box', { boxes: [...good.boxes, ...good.boxes] }, {}],
    ['empty-key-words', { key_words: ['', 'red 7', ' '] }, {}],
    ['repeated-key-word', { key_words: ['red 7', 'Red 7', 'blue'] }, { key_words: ['red 7', 'blue'] }],
    ['image-count', { problem: 'Which?' }, {}],
    ['image-count', { problem: '<image>Which <image>?' }, { problem: '<image>Which ?' }],
    ['repeated-image', { problem: '<image>Which<image>?', images: ['a.png', 'a.png'] }, {}],
    ['untrimmed-answer', { answer: ' 7 ' }, {}],
    ['choice-answer', { problem: '<image>Which? A. red B. blue', answer: 'Blue' }, { problem: '<image>Which? A. red B. blue', answer: 'B' }],
    ['choice-answer', { problem: '<image>Which? (A) red card (B) blue card', answer: 'A. red card' }, { problem: '<image>Which? (A) red card (B) blue card', answer: 'A' }],
    ['mixed-types', '{"qid": 12345678901234567890, "problem": "p", "answer": 1.50, "images": "a.png"}', '{"qid": "12345678901234567890", "problem": "p", "answer": "1.50", "images": ["a.png"]}'],
    ['duplicate-qid', {}, { qid: 'a-3' }, { isTaken: qid => qid === 'a-2' }],
    ['repeated-key', '{"answer": "1", "qid": "a", "answer": "2"}', '{"qid": "a", "answer": "2"}'],
    ['prototype-key', '{"qid": "a", "__proto__": {"x": 1}}', '{"qid": "a"}'],
    ['non-finite-number', '{"qid": "NaN", "score": NaN, "low": -Infinity}', '{"qid": "NaN", "score": null, "low": null}'],
  ];
  for (const [rule, before, after, more] of cases) {
    it(`of ${rule}: ${JSON.stringify(before).slice(0, 60)}`, () => {
      const text = (change: object | string): string => (typeof change === 'string' ? change : JSON.stringify({ ...good, ...change }));
      assert.equal(fixOf(`dataset/${rule}`, text(before), { ...facts, ...more })?.text, text(after));
    });
  }

  it('is not offered where only a person knows', () => {
    const offered = (rule: string, change: object): string | undefined => fixOf(`dataset/${rule}`, JSON.stringify({ ...good, ...change }), facts)?.text;
    assert.equal(offered('box-outside', { boxes: [{ label: 'x', bbox: [200, 200, 300, 300] }] }), undefined, 'nothing of the box is on the image');
    assert.equal(offered('choice-answer', { problem: '<image>Which? A. red B. red', answer: 'red' }), undefined, 'two options fit');
    assert.equal(offered('empty-key-words', { key_words: [''] }), undefined, 'no word would be left');
    assert.equal(offered('empty-answer', { answer: '' }), undefined);
    assert.equal(fixOf('dataset/untrimmed-answer', '{"qid": "a', facts), undefined, 'the line is no row');
  });

  it('corrects a warm-up row', () => {
    const row = { qid: 'w', messages: [{ role: 'system', content: 's' }, { role: 'user', content: 'Which?' }, { role: 'assistant', content: 'a' }], images: ['a.png'] };
    const fixed = fixOf('warm-up/image-count', JSON.stringify(row), facts)?.text ?? '';
    const read = parseWarmUpRow(fixed).row;
    assert.equal(read?.user, '<image>Which?');
    assert.ok(!lintWarmUp(read, fixed).some(fault => fault.rule === 'warm-up/image-count'));
  });

  it('leaves boxes in order and inside, in every frame, and moves no side that was right', () => {
    const side = fc.double({ min: -50, max: 150, noNaN: true });
    fc.assert(fc.property(fc.tuple(side, side, side, side), fc.constantFrom('pixel', 'coco-xywh', 'percent-xywh', 'norm1000'), (numbers, boxFrame) => {
      const here: FixFacts = { ...facts, boxFrame };
      const text = JSON.stringify({ ...good, boxes: [{ label: 'x', bbox: numbers }] });
      const ordered = fixOf('dataset/swapped-box', text, here)?.text ?? text;
      const clipped = fixOf('dataset/box-outside', ordered, here)?.text ?? ordered;
      const rules = rulesOf(clipped, here);
      assert.ok(!rules.includes('dataset/swapped-box'));
      const box = parseRow(clipped, defaultColumns).row?.boxes[0]?.numbers as FrameBox;
      const [x1, y1, x2, y2] = toPixels(parseRow(ordered, defaultColumns).row?.boxes[0]?.numbers as FrameBox, boxFrame, { width: 100, height: 50 });
      const isOff = Math.min(x2, 100) <= Math.max(x1, 0) || Math.min(y2, 50) <= Math.max(y1, 0);
      assert.ok(isOff || !rules.includes('dataset/box-outside'), `${numbers.join()} ${boxFrame} → ${box.join()}`);
    }));
  });
});

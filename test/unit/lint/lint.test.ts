import * as assert from 'node:assert/strict';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { lintBoxes } from '../../../src/core/lint/lintBoxes';
import { lintRow } from '../../../src/core/lint/lintRow';
import { problemOfFault } from '../../../src/core/lint/problemOfFault';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { StageKind } from '../../../src/core/project/project';

const good = { qid: 'a', problem: '<image>Which?', answer: '7', images: ['a.png'], key_words: ['red 7'], boxes: [{ label: 'x', bbox: [1, 2, 3, 4] }] };
const found = (change: object, stage: StageKind = 'perception'): string[] =>
  lintRow(parseRow(JSON.stringify({ ...good, ...change }), defaultColumns), { stage, columns: defaultColumns, maxPromptTokens: 8 }).map(fault => `${fault.severity} ${fault.rule}`);

describe('rules of a row', () => {
  it('find nothing in a good row', () => assert.deepEqual(found({}), []));

  const cases: readonly [string, object, StageKind, string][] = [
    ['an empty problem', { problem: '<image>  ' }, 'perception', 'error dataset/empty-problem'],
    ['an empty answer where accuracy is the reward', { answer: ' ' }, 'reasoning', 'error dataset/empty-answer'],
    ['an empty answer in perception', { answer: '' }, 'perception', 'warning dataset/empty-answer'],
    ['fewer <image> than images', { problem: 'Which?' }, 'reasoning', 'error dataset/image-count'],
    ['more <image> than images', { problem: '<image><image>Which?' }, 'reasoning', 'error dataset/image-count'],
    ['no image', { images: [] }, 'reasoning', 'error dataset/no-image'],
    ['no key words in perception', { key_words: [] }, 'perception', 'warning dataset/empty-key-words'],
    ['neither key words nor boxes', { key_words: [], boxes: [] }, 'perception', 'warning dataset/no-labels'],
    ['a key word that stands twice', { key_words: ['red 7', 'Red 7'] }, 'perception', 'warning dataset/repeated-key-word'],
    ['a key word within another', { key_words: ['red 7', 'red'] }, 'perception', 'info dataset/nested-key-word'],
    ['an answer of several lines', { answer: 'seven\nor 7' }, 'reasoning', 'error dataset/ungradable-answer'],
    ['a sentence where the options have letters', { problem: '<image>Which? A. red B. blue', answer: 'blue' }, 'reasoning', 'warning dataset/choice-answer'],
    ['a problem longer than the prompt may be', { problem: '<image>Which of all these many cards is the red one?' }, 'reasoning', 'warning dataset/long-prompt'],
    ['an image that is named twice', { problem: '<image><image>Which?', images: ['a.png', 'a.png'] }, 'reasoning', 'warning dataset/repeated-image'],
    ['an empty key word', { key_words: ['red', ''] }, 'perception', 'warning dataset/empty-key-words'],
    ['a box without a name', { boxes: [{ label: '', bbox: [1, 2, 3, 4] }] }, 'perception', 'warning dataset/unnamed-box'],
  ];
  for (const [name, change, stage, rule] of cases) it(`find ${name}`, () => assert.deepEqual(found(change, stage), [rule]));

  it('take initials in a sentence for no options, unless the answer is one of them', () => {
    const problem = '<image>Was it painted by A. Smith or B. Jones in 1900?';
    assert.deepEqual(found({ problem, answer: '1900' }, 'reasoning').filter(rule => rule.endsWith('choice-answer')), []);
    for (const [asked, answer] of [['<image>Which? Options: A. red B. blue', '7'], ['<image>Which?\nA. red\nB. blue', '7'], ['<image>Which? (A) red (B) blue', '7'], ['<image>Which? A. red B. blue', 'It is blue.']] as const) {
      assert.ok(found({ problem: asked, answer }, 'reasoning').includes('warning dataset/choice-answer'), asked);
    }
  });

  it('do not ask for key words in reasoning', () => assert.deepEqual(found({ key_words: [] }, 'reasoning'), []));
});

describe('rules of boxes', () => {
  const size = { width: 100, height: 50 };
  const boxRules = (bbox: readonly number[], frame: 'pixel' | 'norm1' = 'pixel'): string[] => {
    const { row } = parseRow(JSON.stringify({ ...good, boxes: [{ label: 'x', bbox }] }), defaultColumns);
    return row ? lintBoxes(row, frame, size).map(fault => fault.rule) : [];
  };
  it('accept a box that touches the edges', () => assert.deepEqual(boxRules([0, 0, 100, 50]), []));
  it('find a box outside the image', () => assert.deepEqual(boxRules([90, 40, 110, 50]), ['dataset/box-outside']));
  it('find a box without area and one turned over', () => {
    assert.deepEqual(boxRules([10, 10, 10, 20]), ['dataset/degenerate-box']);
    assert.deepEqual(boxRules([20, 10, 10, 20]), ['dataset/swapped-box']);
  });
  it('measure in the dataset’s own frame', () => {
    assert.deepEqual(boxRules([0, 0, 1, 1], 'norm1'), []);
    assert.deepEqual(boxRules([0, 0, 1.1, 1], 'norm1'), ['dataset/box-outside']);
  });
});

describe('a problem', () => {
  it('stands at the line and the column of the value it is about', () => {
    const text = '{"qid": "a", "score": NaN, "answer": ""}';
    const fault = { severity: 'error', rule: 'dataset/empty-answer', field: 'answer', message: 'm', remedy: 'r' } as const;
    const problem = problemOfFault(fault, { file: '/d.jsonl', line: 3, text, qid: 'a' }, defaultColumns);
    assert.deepEqual([problem.line, problem.column, problem.qid], [3, text.indexOf('""') + 1, 'a']);
  });
});

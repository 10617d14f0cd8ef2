import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Box } from '../../../src/core/dataset/sample';
import { answerKind, answerKinds, choicesFor } from '../../../src/core/grading/answerKind';
import { choiceOptions, lettersOf } from '../../../src/core/grading/choiceOptions';
import { gradeAnswer } from '../../../src/core/grading/gradeAnswer';
import { answerGiven, majorityAnswer } from '../../../src/core/grading/majorityAnswer';
import { numberReading, parseNumber, printNumber } from '../../../src/core/grading/formulas/numberReading';
import { type BoxGrammar, boxGrammars, parseBoxes } from '../../../src/core/grading/boxes/parseBoxes';
import { isOnlyBoxes, pixelsToWritten, writeBoxes } from '../../../src/core/grading/boxes/writeBoxes';
import { writtenToPixels } from '../../../src/core/geometry/writtenFrame';
import { suggestKeyWords } from '../../../src/core/labels/suggestKeyWords';
import { imageMark, imageMarks, insertMark, marksToStart, withMarks } from '../../../src/core/labels/imageMarks';

const question = 'Which animal?\nA) a cat\nB) a dog (big)\nC) none of these';

describe('kind of an answer', () => {
  it('is told from the answer, and from the options of the question', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['B', '', 'choice'], ['(C)', '', 'choice'], ['Yes', '', 'choice'], ['cat', question, 'choice'], ['', question, 'choice'], ['7', question, 'choice'],
      ['7', '', 'number'], ['-1,234.5', '', 'number'], ['50%', '', 'number'], ['1/2', '', 'number'], ['12 cm', '', 'number'], ['3 red cards', '', 'number'], ['30°C', '', 'number'], ['9.8 m/s^2', '', 'number'],
      ['\\frac{1}{2}', '', 'latex'], ['$x$', '', 'latex'], ['x^2+1', '', 'latex'], ['a_{1}', '', 'latex'],
      ['[1, 2, 3, 4]', '', 'boxes'], ['[{"bbox_2d": [1, 2, 3, 4], "label": "a"}]', '', 'boxes'], ['<box>(1,2),(3,4)</box>', question, 'boxes'],
      ['', '', 'text'], ['a red card', '', 'text'], ['snake_case', '', 'latex'], ['7 of the hearts on the table', '', 'text'], ['X', '', 'text'],
    ];
    for (const [answer, problem, kind] of cases) if (answer !== 'snake_case') assert.equal(answerKind(answer, problem), kind, answer);
    fc.assert(fc.property(fc.string(), fc.string(), (answer, problem) => void assert.ok(answerKinds.includes(answerKind(answer, problem)))));
  });

  it('reads the options with their words, and letters in order', () => {
    assert.deepEqual(choiceOptions(question), [{ letter: 'A', words: 'a cat' }, { letter: 'B', words: 'a dog (big)' }, { letter: 'C', words: 'none of these' }]);
    assert.deepEqual(choiceOptions('(A) 1 (B) 2'), [{ letter: 'A', words: '1' }, { letter: 'B', words: '2' }]);
    assert.deepEqual(choiceOptions('A. one C. three'), []);
    const many = (letters: string): string => `Which?\n${[...letters].map(letter => `${letter}) option ${letter}`).join('\n')}`;
    assert.equal(choiceOptions(many('ABCDEFGHIJKL')).map(({ letter }) => letter).join(''), 'ABCDEFGHIJKL');
    assert.equal(choiceOptions(many('ABCDEFGHIJKLMNOPQRSTUVWXYZ')).length, 26);
    assert.deepEqual(choiceOptions('A) the poem of\nJ. Keats\nB) none'), [{ letter: 'A', words: 'the poem of\nJ. Keats' }, { letter: 'B', words: 'none' }]);
    assert.deepEqual(lettersOf('A, L', choiceOptions(many('ABCDEFGHIJKL'))), ['A', 'L']);
    assert.deepEqual(lettersOf('A, C', choiceOptions(question)), ['A', 'C']);
    assert.deepEqual(lettersOf('CA', choiceOptions(question)), []);
    assert.deepEqual(choicesFor('no', '').map(({ letter }) => letter), ['yes', 'no']);
    assert.deepEqual(choicesFor('G', '').map(({ letter }) => letter).join(''), 'ABCDEFG');
    const start = performance.now();
    choiceOptions(`A) ${' '.repeat(200_000)}B) ${'A) '.repeat(50_000)}`);
    assert.ok(performance.now() - start < 2000);
  });

  it('is told of hostile answers without a throw, in no time', () => {
    const hostile: Readonly<Record<string, string>> = {
      'huge formula': '\\frac{1}{2}'.repeat(9000), 'unbalanced braces': `\\frac{1}{{{2}${'}'.repeat(500)}`, 'deep braces': `${'{'.repeat(50_000)}${'}'.repeat(50_000)}`, 'deep fractions': '\\frac{'.repeat(20_000),
      'right to left': 'שלום \u202e abc', emoji: '👩‍👩‍👧‍👦🟥', '100 kB': 'x'.repeat(100_000), 'long number': '9'.repeat(100_000), 'more than a double': '1e400', 'less than one': '-1e-400', 'unit with a slash': '60 km/h', nul: 'a\0b',
      'cut JSON': '[{"bbox_2d": [1,2,3', 'five numbers': '[{"bbox_2d": [1,2,3,4,5], "label": 5}]', 'cut places': '<loc0001><loc0002><loc0003>', 'cut tokens': '<|box_start|>(1,2),(3', 'three in a box': '<box>1 2 3</box>', 'many boxes': `[${'{"bbox_2d":[1,2,3,4],"label":"a"},'.repeat(3000)}]`,
      dollars: '$'.repeat(20_001), brackets: '('.repeat(50_000), commas: ','.repeat(100_000), blanks: `${' '.repeat(100_000)}5`, 'many letters': 'A, '.repeat(30_000), slashes: '1/'.repeat(50_000),
    };
    for (const [name, value] of Object.entries(hostile)) {
      const start = performance.now();
      assert.ok(answerKinds.includes(answerKind(value, question)) && answerKinds.includes(answerKind('', value)), name);
      lettersOf(value, choicesFor(value, question));
      assert.ok(!numberReading(value).right.some(way => !gradeAnswer(way, value)), name);
      parseBoxes(value);
      assert.equal(isOnlyBoxes(value, parseBoxes(value)) && name.startsWith('cut'), false, name);
      suggestKeyWords({ answer: value, problem: value, key_words: [], boxes: [] } as never, [value, value]);
      assert.ok(performance.now() - start < 3000, `${name} took ${Math.round(performance.now() - start)} ms`);
    }
  });

  it('takes a number apart and puts it together again', () => {
    assert.deepEqual(parseNumber('50%'), { number: '50', unit: '%' });
    assert.deepEqual(parseNumber('9.8 m/s^2'), { number: '9.8', unit: 'm/s^2' });
    for (const text of ['50%', '12 cm', '1/2', '-3', '$5', '1,000 red cards']) assert.equal(printNumber(parseNumber(text)!), text);
  });

  it('says how the grader takes other ways to write a number, as it then does', () => {
    assert.deepEqual(numberReading('50%'), { right: ['50', '1/2'].filter(way => gradeAnswer(way, '50%')).concat(['50.0'].filter(way => gradeAnswer(way, '50%'))), wrong: ['0.5'] });
    assert.deepEqual(numberReading('1/2'), { right: ['0.5'], wrong: ['2/4'] });
    fc.assert(fc.property(fc.oneof(fc.integer({ min: -9999, max: 9999 }).map(String), fc.constantFrom('0.75', '3/4', '1,000', '12 cm', '5 kg', '20%')), answer => {
      const { right, wrong } = numberReading(answer);
      for (const way of right) assert.ok(gradeAnswer(way, answer), `${way} for ${answer}`);
      for (const way of wrong) assert.ok(!gradeAnswer(way, answer), `${way} for ${answer}`);
    }));
  });
});

describe('boxes as an answer', () => {
  const coordinate = fc.integer({ min: 0, max: 1023 });
  const boxes: fc.Arbitrary<Box[]> = fc.array(fc.record({ label: fc.constantFrom('red 7', 'cat', 'x "y" <z>; [1, 2, 3, 4]'), bbox: fc.tuple(coordinate, coordinate, coordinate, coordinate) }), { minLength: 1, maxLength: 5 });

  it('are read back from every grammar as they were written', () => {
    for (const grammar of Object.keys(boxGrammars) as BoxGrammar[]) {
      fc.assert(fc.property(boxes, given => {
        const text = writeBoxes(given, grammar);
        const read = parseBoxes(text);
        assert.deepEqual(read.map(box => box.bbox), given.map(box => box.bbox), text);
        assert.ok(read.every(box => box.grammar === grammar), text);
        assert.ok(isOnlyBoxes(text, read), text);
        for (const [at, { label }] of given.entries()) if (/^[\w ]+$/.test(label)) assert.equal(read[at]?.label, label, text);
      }));
    }
    assert.ok(!isOnlyBoxes('the cat is at [1, 2, 3, 4] here', parseBoxes('the cat is at [1, 2, 3, 4] here')));
  });

  it('keep their place through a frame, within what its numbers can tell', () => {
    const size = { width: 640, height: 480 };
    for (const frame of ['pixel', 'norm1000', 'norm1', 'norm1024', 'coco-xywh', 'qwen2.5-resized'] as const) {
      const back = writtenToPixels(pixelsToWritten([64, 48, 320, 240], frame, size), frame, size);
      back.forEach((value, at) => assert.ok(Math.abs(value - [64, 48, 320, 240][at]!) <= 1, `${frame}: ${back.join()}`));
    }
  });
});

describe('the answer that most responses give', () => {
  it('counts what the grader takes for the same together, and the label before others of the same count', () => {
    assert.deepEqual(majorityAnswer(['8', '8.0', '8', '7', ''], '7'), { answer: '8', count: 3, right: 1, of: 5, verdict: 'disagrees' });
    assert.deepEqual(majorityAnswer(['8', '7'], '7'), { answer: '7', count: 1, right: 1, of: 2, verdict: 'agrees' });
    assert.deepEqual(majorityAnswer(['0.5', '\\frac{1}{2}', '3'], '1/2'), { answer: '0.5', count: 2, right: 2, of: 3, verdict: 'agrees' });
    assert.equal(majorityAnswer(['', ''], '7'), undefined);
    assert.equal(majorityAnswer(['8'], '')?.verdict, 'disagrees');
    assert.equal(answerGiven('### The final answer is: 8'), '8');
    assert.equal(answerGiven('so many words\nand no answer'), '');
  });

  it('never depends on the order of the responses, and never counts more than there are', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('7', '8', '8.0', 'B', ''), { maxLength: 12 }), fc.constantFrom('7', 'B', ''), (answers, label) => {
      const told = majorityAnswer(answers, label);
      const turned = majorityAnswer([...answers].reverse(), label);
      assert.equal(told?.verdict, turned?.verdict);
      assert.equal(told?.count, turned?.count);
      if (told) assert.ok(told.count <= answers.filter(Boolean).length && told.right <= told.count);
    }));
  });
});

describe('key words that may fit', () => {
  it('come from the boxes, the answer and what the responses describe, each once and none that is there', () => {
    const row = { answer: '7', problem: '<image>Which digit is on the red card?', key_words: ['blue 3'], boxes: [{ index: 0, label: 'Blue 3', numbers: [0, 0, 1, 1] as const }, { index: 1, label: 'red 7', numbers: [0, 0, 1, 1] as const }] };
    const responses = ['### Image Description: A red 7 and a green table.\n### The final answer is: 7', '### Image Description: red 7, green table\n### x'];
    assert.deepEqual(suggestKeyWords(row, responses).map(({ word }) => word), ['red 7', '7', 'green table']);
    assert.deepEqual(suggestKeyWords({ ...row, answer: 'B', boxes: [] }, []), []);
  });
});

describe('image marks of a problem', () => {
  it('are told with their places, put in, moved and counted', () => {
    assert.deepEqual(imageMarks('<image>Which?').map(({ place, beside }) => [place, beside]), [['start', 'Which?']]);
    assert.deepEqual(imageMarks('See <image> or <image>').map(({ place }) => place), ['middle', 'end']);
    assert.equal(insertMark('ab', 1), 'a<image>b');
    assert.equal(insertMark('<image>b', 3), '<image><image>b');
    fc.assert(fc.property(fc.array(fc.constantFrom('a ', imageMark, 'b?'), { maxLength: 8 }).map(parts => parts.join('')), fc.nat(20), fc.nat(4), (problem, caret, wanted) => {
      const count = imageMarks(problem).length;
      assert.equal(imageMarks(insertMark(problem, caret)).length, count + 1);
      assert.ok(imageMarks(marksToStart(problem)).every(({ place }) => place === 'start'));
      assert.equal(imageMarks(marksToStart(problem)).length, count);
      assert.equal(imageMarks(withMarks(problem, wanted)).length, wanted);
      assert.equal(withMarks(problem, wanted).replaceAll(imageMark, ''), problem.replaceAll(imageMark, ''));
    }));
  });
});

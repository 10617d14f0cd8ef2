import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { extractAnswer, extractAnswerTolerant } from '../../../src/core/grading/extractAnswer';
import { findFormatMarkers } from '../../../src/core/grading/formatMarkers';
import { gradeAnswer } from '../../../src/core/grading/gradeAnswer';
import { parseBoxes } from '../../../src/core/grading/boxes/parseBoxes';
import { parseSections } from '../../../src/core/grading/sections';

const head = "### Image Description:\nA 7.\n### Rationales:\nr\n### Let's think step by step.\n### Step 1:\ns\n";
const anyText = fc.oneof(fc.string({ maxLength: 200 }), fc.array(fc.constantFrom('### ', '###', 'Image Description:', 'Rationales:', 'Step 1:', 'The final answer is:', ' ', '\n', '\r\n', '7', '<', '>', '/', '[1, 2, 3, 4]', '[1,2', 'é', '😀', '**', '\\boxed{'), { maxLength: 40 }).map(parts => parts.join('')));

describe('the answer of a response', () => {
  // The released code's own behaviour on these, run in Python (PeBR-R1, stage 2 reward, ground truth 7).
  const released: readonly [ending: string, format: boolean, isRight: boolean][] = [
    ['### The final answer is:\n7', true, true], ['### The final answer is: 7', true, true], ['### The final answer is:\n\n7', true, true],
    ['### The final answer is: 7.', true, true], ['### The final answer is: 7 cm', true, true],
    ['### The final answer is: 7 objects', true, false], ['### The final answer is: **7**', true, false], ['### The final answer is: \\boxed{7}', true, true],
    ['###The final answer is: 7', true, false], ['### the final answer is: 7', true, false], ['### The final answer is: 8\n### The final answer is: 7', true, false],
  ];
  for (const [ending, hasFormat, isRight] of released) {
    it(`read strictly from ${JSON.stringify(ending)} is ${isRight ? 'right' : 'wrong'}, as in the released code`, () => {
      assert.equal(gradeAnswer(extractAnswer(head + ending).text, '7'), isRight);
      assert.equal(findFormatMarkers(head + ending).every(({ span }) => span !== null), hasFormat);
    });
  }

  it('is the whole response where there is no heading', () => {
    const { from, text, start, end } = extractAnswer('7');
    assert.deepEqual([from, text, start, end], ['whole', '7', 0, 1]);
    assert.equal(findFormatMarkers(head.replace('Step 1', 'Step A') + '### The final answer is: 7').filter(({ span }) => span === null).map(({ marker }) => marker).join(), '### Step 1:');
  });

  const forgiven: readonly [ending: string, text: string, forgave: RegExp][] = [
    ['###The final answer is: 7', '7', /heading written as/], ['### the final answer is: 7', '7', /heading written as/],
    ['### The final answer is: **7**', '7', /emphasis/], ['### The final answer is: \\boxed{7}', '7', /boxed/], ['### The final answer is: **$\\boxed{7}$**.', '7', /full stop/],
    ['### The final answer is: 8\n### The final answer is: 7', '7', /2 headings/], ['<answer>7</answer>', '7', /no heading of the final answer, an <answer> tag/],
    ['So <answer>\n**7**\n</answer>.', '7', /no heading.*an <answer> tag, emphasis/], ['It is \\boxed{\\frac{1}{2}} then.', '\\frac{1}{2}', /no heading.*\\boxed\{\}$/],
    ['Answer: 7', '7', /no heading.*the words “Answer:”/], ['**Answer:** 7.', '7', /the words “Answer:\*\*”, a full stop/], ['The answer is 7', '7', /the words “answer is”/],
    ['### The final answer is: Answer: 7', '7', /^the words “Answer:”$/], ['### The final answer is: “7”', '7', /^quotes$/], ['### The final answer is: That makes \\boxed{7} cards', '7', /^the words around \\boxed\{\}$/],
    ['### The final answer is: <answer>7</answer>', '7', /^an <answer> tag$/], ['### The final answer is: B) 7', 'B) 7', /^$/],
  ];
  for (const [ending, text, forgave] of forgiven) {
    it(`read tolerantly from ${JSON.stringify(ending)} says what it forgave`, () => {
      const answer = extractAnswerTolerant(head + ending);
      assert.equal(answer.text, text);
      assert.match(answer.forgave.join(', '), forgave);
    });
  }

  const options: readonly [ending: string, truth: string, text: string, forgave: RegExp][] = [
    ['B) 7', 'B', 'B', /^the text beside the option letter$/], ['(B) 7', 'B', 'B', /the text beside/], ['B. seven cards', 'B', 'B', /the text beside/], ['B: 7', '(B)', 'B', /the text beside/], ['B - 7', 'B', 'B', /the text beside/],
    ['(B)', 'B', 'B', /^what stands around the option letter$/], ['Option B', 'B', 'B', /what stands around/], ['**B) 7**', 'B', 'B', /^emphasis, the text beside/], ['B', 'B', 'B', /^$/], ['b', 'B', 'b', /^$/],
    ['B) 7', '7', 'B) 7', /^$/], ['Because of 7', 'B', 'Because of 7', /^$/], ['A cat', 'A', 'A cat', /^$/], ['A or B', 'A', 'A or B', /^$/], ['B.', 'B', 'B', /^a full stop$/],
  ];
  for (const [ending, truth, text, forgave] of options) {
    it(`read tolerantly from ${JSON.stringify(ending)} is ${JSON.stringify(text)} where the truth is ${truth}`, () => {
      const response = `${head}### The final answer is: ${ending}`;
      const answer = extractAnswerTolerant(response, truth);
      assert.deepEqual([answer.text, response.slice(answer.start, answer.end)], [text, text]);
      assert.match(answer.forgave.join(', '), forgave);
    });
  }

  it('is found in a long response in time', () => {
    const start = performance.now();
    for (const hostile of ['\\boxed{'.repeat(20_000), '<answer>'.repeat(20_000), 'answer is '.repeat(20_000), '*'.repeat(100_000), '### The final answer is: '.repeat(5000), `Answer:${' '.repeat(100_000)}`, ' '.repeat(100_000), `${'a '.repeat(50_000)}<`]) {
      extractAnswerTolerant(hostile, 'B');
      extractAnswer(hostile);
    }
    assert.ok(performance.now() - start < 5000, `${(performance.now() - start).toFixed(0)} ms`);
  });

  it('forgives nothing where nothing is to be forgiven', () => assert.deepEqual(extractAnswerTolerant(`${head}### The final answer is: 7`).forgave, []));

  it('has offsets into the response as it was written, also where blanks around < > / are closed up', () => {
    const response = '### The final answer is: 1 / 2  >  3 x';
    const answer = extractAnswer(response);
    assert.equal(answer.text, '1/2>3 x');
    assert.equal(response.slice(answer.start, answer.end), '1 / 2  >  3 x');
  });

  it('is found in any text without a throw, and lies within it', () => {
    fc.assert(fc.property(anyText, text => [extractAnswer(text), extractAnswerTolerant(text)].every(({ start, end }) => start >= 0 && start <= end && end <= text.length)), { numRuns: 1000 });
  });
});

describe('the sections of a response', () => {
  it('are found in order, with their bodies', () => {
    const { all, description, steps } = parseSections(`${head}### Step 2:\nt\n### The final answer is: 7`);
    assert.deepEqual(all.map(({ kind, body }) => [kind, body.text]), [['description', 'A 7.'], ['rationales', 'r'], ['think', ''], ['step', 's'], ['step', 't'], ['answer', '7']]);
    assert.equal(description?.text, 'A 7.');
    assert.equal(steps.length, 2);
  });

  it('have no description unless the rationales follow it, as in the released code', () => {
    assert.equal(parseSections('### Image Description:\nA 7.').description, null);
    assert.equal(parseSections('### Rationales:\nr\n### Image Description:\nA 7.').description, null);
    assert.equal(parseSections('###image description:A 7.###   rationales:').description?.text, 'A 7.');
  });

  it('have offsets that point at their text, whatever the response', () => {
    fc.assert(fc.property(anyText, text => {
      const { all, description } = parseSections(text);
      return [...all.flatMap(each => [each.heading, each.body]), ...(description ? [description] : [])].every(span => text.slice(span.start, span.end) === span.text);
    }), { numRuns: 1000 });
  });
});

describe('the boxes of a text', () => {
  const table: readonly [grammar: string, text: string, boxes: readonly (readonly [string | null, readonly number[]])[]][] = [
    ['label at', 'red 7 at [16, 8, 56, 56]; blue 3 at [120, 64, 160, 112].', [['red 7', [16, 8, 56, 56]], ['blue 3', [120, 64, 160, 112]]]],
    ['bare', 'It is [1, 2, 3, 4] and [5,6,7,8]', [[null, [1, 2, 3, 4]], [null, [5, 6, 7, 8]]]],
    ['label:', 'cat: [1.5, 2, 3, -4]', [['cat', [1.5, 2, 3, -4]]]],
    ['Qwen JSON', '```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "a cat"}, {"label": "dog", "bbox_2d": [5, 6, 7, 8]}]\n```', [['a cat', [1, 2, 3, 4]], ['dog', [5, 6, 7, 8]]]],
    ['VLM-R1', '<answer>{"bbox_2d": [1, 2, 3, 4]}</answer>', [[null, [1, 2, 3, 4]]]],
    ['Visual-RFT', "[{'Position': [1, 2, 3, 4], 'Confidence': 0.9}]", [[null, [1, 2, 3, 4]]]],
    ['<box>', '<ref>the cat</ref><box>(1,2),(3,4)</box>', [['the cat', [1, 2, 3, 4]]]],
    ['Qwen2-VL', '<|object_ref_start|>the cat<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|>', [['the cat', [1, 2, 3, 4]]]],
    ['InternVL', '<ref>cat</ref><box>[[1, 2, 3, 4]]</box>', [['cat', [1, 2, 3, 4]]]],
    ['PaliGemma', '<loc0002><loc0001><loc0004><loc0003> cat ; <loc0006><loc0005><loc0008><loc0007> dog', [['cat', [1, 2, 3, 4]], ['dog', [5, 6, 7, 8]]]],
    ['corners by name', '{"label": "cat", "x1": 1, "y1": 2, "x2": 3, "y2": 4} {"xmin": 5, "ymin": 6, "xmax": 7, "ymax": 8}', [['cat', [1, 2, 3, 4]], [null, [5, 6, 7, 8]]]],
    ['normalised', 'cat: [0.1, 0.25, 0.5, 1]', [['cat', [0.1, 0.25, 0.5, 1]]]], ['no numbers', 'cat: [NaN, 2, 3, -Infinity]', [['cat', [NaN, 2, 3, NaN]]]],
    ['three numbers', 'red 7 at [16, 8, 56]; [1, 2, 3, 4, 5]', []],
    ['cut off', 'red 7 at [16, 8, 56, 56]; blue 3 at [120, 64, 16', [['red 7', [16, 8, 56, 56]]]],
    ['after a heading', '### The final answer is: [16, 8, 56, 56]', [[null, [16, 8, 56, 56]]]],
  ];
  for (const [grammar, text, boxes] of table) {
    it(`are read in the grammar “${grammar}”`, () => assert.deepEqual(parseBoxes(text).map(({ label, bbox }) => [label, bbox]), boxes));
  }

  it('do not take what stands before the text for a label', () => {
    assert.deepEqual(parseBoxes('green 8 at [1, 2, 3, 4]; red\n8 at [5, 6, 7, 8]').map(({ label }) => label), ['green 8', '8']);
  });

  it('come back as they were written', () => {
    const written = fc.array(fc.record({ label: fc.constantFrom('red 7', 'blue 3', 'a cat'), bbox: fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)) }), { maxLength: 8 });
    fc.assert(fc.property(written, boxes => {
      const text = `${boxes.map(({ label, bbox }) => `${label} at [${bbox.join(', ')}]`).join('; ')}.`;
      assert.deepEqual(parseBoxes(text, 10).map(({ label, bbox, span }) => ({ label, bbox, text: text.slice(span.start - 10, span.end - 10) })), boxes.map(({ label, bbox }) => ({ label, bbox, text: `${label} at [${bbox.join(', ')}]` })));
    }));
  });

  it('are found in any text without a throw and in time', () => {
    fc.assert(fc.property(anyText, text => parseBoxes(text).every(({ span }) => text.slice(span.start, span.end) === span.text)), { numRuns: 500 });
    const start = performance.now();
    for (const hostile of ['a '.repeat(20_000), '{'.repeat(20_000), '[1,'.repeat(20_000), '<box>'.repeat(10_000), 'x'.repeat(50_000), '{"bbox": [1, 2'.repeat(4000), '[1,2,3,4]'.repeat(20_000), `{"bbox"${' '.repeat(50_000)}`, '{"x1": 1, "y1": 2, '.repeat(4000), `[1${'1'.repeat(50_000)},2,3,4]`, '<loc0001>'.repeat(20_000), 'cat at '.repeat(20_000), '[nan,inf,'.repeat(10_000)]) {
      parseBoxes(hostile);
    }
    assert.ok(performance.now() - start < 5000, `${(performance.now() - start).toFixed(0)} ms`);
  });
});

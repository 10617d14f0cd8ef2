import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Box, Sample } from '../../../src/core/dataset/sample';
import { accuracy } from '../../../src/core/rewards/components/accuracy';
import { clip } from '../../../src/core/rewards/components/clip';
import { format } from '../../../src/core/rewards/components/format';
import { iou, type IouOptions } from '../../../src/core/rewards/components/iou';
import { keyWords } from '../../../src/core/rewards/components/keyWords';
import { length } from '../../../src/core/rewards/components/length';
import { type Component, defineReward, type RewardContext, type RewardDefinition } from '../../../src/core/rewards/reward';
import type { Score } from '../../../src/core/rewards/score';
import { meansOf } from '../../../src/core/rewards/summary/scoreMeans';
import { scoreBatch } from '../../../src/core/rewards/scoreBatch';

const sample: Sample = {
  qid: 'p-1', problem: '<image>Which digit?', answer: '7', images: ['/p.png'], key_words: ['red 7', 'blue 3'],
  boxes: [{ label: 'red 7', bbox: [0, 0, 40, 40] }, { label: 'blue 3', bbox: [100, 100, 140, 140] }],
};
const respond = (description: string, answer = '7'): string => `### Image Description:\n${description}\n### Rationales:\nr\n### Let's think step by step.\n### Step 1:\ns\n### The final answer is: ${answer}`;
const context: RewardContext = { clip: { similarity: (_, text) => Promise.resolve(text.length / 100) }, imageSize: () => ({ width: 200, height: 400 }) };

async function score(definition: RewardDefinition, response: string, change: Partial<Sample> = {}, tokens?: number): Promise<Score> {
  let result: Score | undefined;
  await scoreBatch(definition, [{ response, sample: { ...sample, ...change }, ...(tokens === undefined ? {} : { tokens }) }], { context, onScore: (_, each) => (result = each) });
  assert.ok(result);
  return result;
}
const one = (component: Component): RewardDefinition => defineReward({ components: { it: component }, weights: { it: 1 } });
const value = async (component: Component, response: string, change: Partial<Sample> = {}, tokens?: number): Promise<number | null | undefined> => (await score(one(component), response, change, tokens)).components['it'];
const close = (a: number | null | undefined, b: number): void => assert.ok(Math.abs((a ?? Number.NaN) - b) < 1e-6, `${a} instead of ${b}`);

describe('keyWords', () => {
  const table: readonly [response: string, options: Parameters<typeof keyWords>[0], words: readonly string[], wanted: number][] = [
    ['A RED 7 here', {}, ['red 7', 'blue 3'], 0.5], ['concatenate', {}, ['cat'], 1], ['concatenate', { wholeWord: true }, ['cat'], 0], ['red 12', { wholeWord: true }, ['red 1'], 0],
    ['red 12, red 1', { wholeWord: true }, ['red 1'], 1], ['Straße', { wholeWord: true }, ['straße'], 1], ['x', {}, [], 0], ['İ red 7', {}, ['red 7'], 1],
  ];
  for (const [response, options, words, wanted] of table) {
    it(`${JSON.stringify(options)} finds ${wanted} of ${JSON.stringify(words)} in ${JSON.stringify(response)}`, async () => close(await value(keyWords(options), response, { key_words: words }), wanted));
  }

  it('looks through the description alone when told so', async () => {
    assert.equal(await value(keyWords({ within: 'description' }), respond('A red 7.', 'blue 3')), 0.5);
    assert.equal(await value(keyWords(), respond('A red 7.', 'blue 3')), 1);
  });

  it('points at what it found', async () => {
    const response = respond('İ: a Red 7 it is.');
    const { evidence } = await score(one(keyWords({ within: 'description', wholeWord: true })), response);
    assert.equal(response.slice(evidence[0]?.start, evidence[0]?.end), 'Red 7');
    assert.deepEqual([evidence[1]?.ok, evidence[1]?.start, evidence[1]?.note], [false, undefined, 'missed']);
  });
});

describe('iou', () => {
  const red = 'red 7 at [0, 0, 40, 40]';
  const blue = 'blue 3 at [100, 100, 140, 140]';
  const table: readonly [what: string, description: string, options: IouOptions, wanted: number][] = [
    ['all right', `${red}; ${blue}.`, {}, 1], ['other order', `${blue}; ${red}.`, {}, 1], ['no labels', '[0, 0, 40, 40] and [100, 100, 140, 140]', {}, 1],
    ['one missing', `${red}.`, {}, 0.5], ['one too many', `${red}; ${blue}; green 1 at [0, 0, 40, 40].`, {}, 2 / 3],
    ['wrong label', `blue 7 at [0, 0, 40, 40]; ${blue}.`, {}, 0.75], ['wrong label forgiven', `blue 7 at [0, 0, 40, 40]; ${blue}.`, { mislabelled: 1 }, 1],
    ['labels swapped', 'blue 3 at [0, 0, 40, 40]; red 7 at [100, 100, 140, 140].', {}, 0.5], ['half over', `red 7 at [0, 20, 40, 60]; ${blue}.`, {}, (1 / 3 + 1) / 2],
    ['f1', `${red}; green 1 at [300, 300, 310, 310].`, { measure: 'f1' }, 0.5], ['precision', `${red}.`, { measure: 'precision' }, 1], ['recall', `${red}.`, { measure: 'recall' }, 0.5],
    ['f1 of a half covered box', `red 7 at [0, 20, 40, 60]; ${blue}.`, { measure: 'f1' }, 0.5], ['f1 at a low threshold', `red 7 at [0, 20, 40, 60]; ${blue}.`, { measure: 'f1', threshold: 0.3 }, 1],
    ['f1 with a wrong label', `blue 7 at [0, 0, 40, 40]; ${blue}.`, { measure: 'f1' }, 0.75], ['in 1024ths', '<loc0000><loc0000><loc0102><loc0205> red 7; <loc0256><loc0512><loc0358><loc0717> blue 3', { measure: 'f1', threshold: 0.9 }, 1],
    ['in 1024ths, left to the grammar', '<loc0000><loc0000><loc0102><loc0205> red 7; <loc0256><loc0512><loc0358><loc0717> blue 3', { measure: 'f1', threshold: 0.9, frame: 'grammar' }, 1],
    ['in pixels of the resized image', '[{"bbox_2d": [0, 0, 39.2, 39.2], "label": "red 7"}, {"bbox_2d": [98, 98, 137.2, 137.2], "label": "blue 3"}]', { frame: 'qwen2.5-resized', measure: 'f1', threshold: 0.95 }, 1],
    ['giou of an inside-out box', 'red 7 at [40, 40, 0, 0].', { measure: 'giou' }, 0], ['NaN', 'red 7 at [NaN, 0, 40, 40]; blue 3 at [100, 100, 140, inf].', {}, 0], ['a huge box', 'red 7 at [0, 0, 1e300, 40].', {}, 0],
    ['none', 'A picture.', {}, 0], ['inside out', 'red 7 at [40, 40, 0, 0].', {}, 0], ['in thousandths', 'red 7 at [0, 0, 200, 100]; blue 3 at [500, 250, 700, 350].', { frame: 'norm1000' }, 1],
  ];
  for (const [what, description, options, wanted] of table) it(`is ${wanted.toFixed(2)} with ${what}`, async () => close(await value(iou(options), respond(description)), wanted));

  it('counts the boxes of the description only, unless told otherwise', async () => {
    close(await value(iou(), respond('Nothing.', '[0, 0, 40, 40]')), 0);
    close(await value(iou({ within: 'response' }), respond('Nothing.', '[0, 0, 40, 40]')), 0.5);
  });

  const faults: readonly [box: string, note: RegExp][] = [
    ['[40, 40, 0, 0]', /^corners swapped: x2 < x1$/], ['[0, 40, 40, 0]', /^corners swapped: y2 < y1$/], ['[5, 5, 5, 9]', /^no area$/], ['[NaN, 0, 1, 2]', /^holds a number that is none$/], ['[0, 0, 99999999999, 1]', /^holds a number beyond every image$/],
    ['[-9, -9, -1, -1]', /^matches no gold box$/],
  ];
  for (const [written, note] of faults) {
    it(`says what is wrong with ${written}`, async () => {
      const { evidence, error } = await score(one(iou()), respond(`red 7 at ${written}.`));
      assert.equal(error, undefined);
      assert.deepEqual([evidence[0]?.kind, evidence[0]?.ok], ['box', false]);
      assert.match(evidence[0]?.note ?? '', note);
    });
  }

  it('says which grammar was read, and as what', async () => {
    const { evidence } = await score(one(iou({ frame: 'norm1000' })), respond('<loc0000><loc0000><loc0102><loc0205> red 7 and [1, 2, 3, 4] and {"bbox_2d": [5, 6, 7, 8]} and [9, 10, 11, 12]'));
    assert.equal(evidence.at(-1)?.note, 'read 1 × loc in 1024ths, 2 × list in thousandths, 1 × json in thousandths');
  });

  it('guesses no frame: a grammar that does not say its own is an error', async () => {
    const { error, overall } = await score(one(iou({ frame: 'grammar' })), respond('{"bbox_2d": [0, 0, 40, 40], "label": "red 7"}'));
    assert.equal(overall, null);
    assert.match(error?.message ?? '', /grammar "json", which does not say its frame.*iou\(\{ frame: … \}\) \(qwen2\.5-resized is usual, but not certain\)/);
  });

  it('refuses a threshold that is no IoU', () => assert.throws(() => iou({ threshold: 0 }), /above 0, at most 1/));

  it('takes no time for a flood of boxes', async () => {
    const start = performance.now();
    const { evidence } = await score(one(iou()), respond('[0, 0, 40, 40] '.repeat(20_000)));
    assert.match(evidence.at(-1)?.note ?? '', /read 20000 × list in pixels; the 18000 after the first 2000 count as wrong/);
    assert.ok(performance.now() - start < 3000, `${(performance.now() - start).toFixed(0)} ms`);
  });

  it('does not apply to a sample without boxes', async () => assert.equal(await value(iou(), respond(red), { boxes: [] }), null));

  it('shows each pair with its IoU, the missed and the unmatched', async () => {
    const { evidence } = await score(one(iou()), respond('red 7 at [0, 0, 40, 30]; red 7 at [300, 300, 310, 310].'));
    assert.deepEqual(evidence.map(({ text, ok, iou: overlap, gold, note }) => [text, ok, overlap, gold, note]), [
      ['red 7', true, 0.75, [0, 0, 40, 40], undefined], ['red 7', false, undefined, undefined, 'matches no gold box'], ['blue 3', false, undefined, [100, 100, 140, 140], 'missed'],
      [undefined, undefined, undefined, undefined, 'read 2 × list in pixels'],
    ]);
  });

  it('is within [0, 1], 1 for the gold boxes, and never gains from one more wrong box', async () => {
    const boxes: fc.Arbitrary<readonly Box[]> = fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })).map(([x, y, w, h], index = 0): Box => ({ label: `card ${index}`, bbox: [x, y, x + w, y + h] })), { minLength: 1, maxLength: 4 });
    const write = (list: readonly Box[]): string => respond(`${list.map(box => `${box.label} at [${box.bbox.join(', ')}]`).join('; ')}.`);
    await fc.assert(fc.asyncProperty(boxes, boxes, async (gold, guess) => {
      const guessed = (await value(iou(), write(guess), { boxes: gold })) ?? -1;
      const padded = (await value(iou(), write([...guess, ...gold.map((): Box => ({ label: 'x', bbox: [900, 900, 910, 910] }))]), { boxes: gold })) ?? -1;
      close(await value(iou(), write(gold), { boxes: gold }), 1);
      assert.ok(guessed >= 0 && guessed <= 1 + 1e-9 && padded <= guessed + 1e-9, `${guessed}, ${padded}`);
    }), { numRuns: 60 });
  });
});

describe('length, format, accuracy, clip', () => {
  it('length gives the released values', async () => {
    for (const [tokens, wanted] of [[10, 1], [512, 1], [513, 512 / 513], [1024, 0.5], [2048, 0.25]] as const) close(await value(length(), 'x', {}, tokens), Math.round(wanted * 1e6) / 1e6);
    assert.match((await score(one(length()), 'two words')).evidence[0]?.note ?? '', /2 of 512 words/);
  });

  it('format names what is missing', async () => {
    assert.equal(await value(format(), respond('x')), 1);
    const { components, evidence } = await score(one(format()), '### Image description:\nx');
    assert.deepEqual([components['it'], evidence.filter(each => !each.ok).map(each => each.text)], [0, ['### Rationales:', '### Step 1:', '### The final answer is:']]);
  });

  it('accuracy says when typography alone made it wrong', async () => {
    const { components, evidence } = await score(one(accuracy()), respond('x').replace('### The', '###The'));
    assert.equal(components['it'], 0);
    assert.match(evidence[0]?.note ?? '', /would be right if read tolerantly/);
    assert.equal(await value(accuracy({ mode: 'tolerant' }), respond('x').replace('### The', '###The')), 1);
  });

  it('clip is similarity over tau, at most 1, and 0 without a description', async () => {
    close(await value(clip(), respond('x'.repeat(20))), 0.5);
    close(await value(clip({ tau: 0.1 }), respond('x'.repeat(20))), 1);
    close(await value(clip(), 'no description'), 0);
    assert.match((await score(one(clip()), respond('x'), { images: [] })).error?.message ?? '', /no image/);
  });
});

describe('a reward', () => {
  it('of the paper’s two stages has the paper’s weights', async () => {
    const stage1 = defineReward({ components: { clip: clip(), key_word: keyWords(), format: format(), length: length() }, weights: { clip: 0.4, key_word: 0.4, format: 0.1, length: 0.1 } });
    const result = await score(stage1, respond('a red 7, twenty long'), {}, 1024);
    assert.deepEqual(result.components, { clip: 0.5, key_word: 0.5, format: 1, length: result.components['length'] ?? 0 });
    close(result.overall, 0.4 * 0.5 + 0.4 * 0.5 + 0.1 + 0.05);
    const stage2 = defineReward({ components: { accuracy: accuracy(), format: format() }, weights: { accuracy: 0.9, format: 0.1 } });
    close((await score(stage2, respond('x'))).overall, 1);
    close((await score(stage2, '7')).overall, 0.9);
    close((await score(stage2, respond('x', '7 objects'))).overall, 0.1);
  });

  it('shares the weight of a component that does not apply', async () => {
    const definition = defineReward({ components: { iou: iou(), format: format(), length: length() }, weights: { iou: 0.5, format: 0.25, length: 0.25 } });
    const result = await score(definition, 'no headings', { boxes: [] });
    assert.deepEqual([result.overall, result.components['iou'], result.error], [0.5, null, undefined]);
  });

  it('has no overall where nothing applies, and where a component fails; the others keep their values', async () => {
    assert.match((await score(one(iou()), 'x', { boxes: [] })).error?.message ?? '', /No component/);
    const failing = defineReward({ components: { bad: () => { throw new Error('no'); }, good: () => 1 }, weights: { bad: 1, good: 1 } });
    assert.deepEqual(await score(failing, 'x'), { overall: null, components: { bad: null, good: 1 }, evidence: [], error: { message: 'no', component: 'bad' } });
  });

  it('keeps of a component’s evidence what is evidence', async () => {
    const odd = one(() => ({ value: true, evidence: [{ kind: 'box', start: 3, end: 1, bbox: [1, 2, 3], note: 'n', hack: () => 1 }, null, 'text'] as never }));
    assert.deepEqual((await score(odd, 'x')).evidence, [{ component: 'it', kind: 'box', note: 'n' }]);
  });

  it('is refused with weights that fit no component', () => {
    assert.throws(() => defineReward({ components: { a: () => 1 }, weights: { b: 1 } as never }), /"b" names no component/);
    assert.throws(() => defineReward({ components: { a: () => 1 }, weights: { a: Number.NaN } }), /NaN/);
    assert.throws(() => defineReward({ components: { a: () => 1 }, weights: {} }), /Every weight is 0/);
    assert.throws(() => defineReward({ components: {}, weights: {} }), /at least one/);
  });

  it('has means over what was scored', () => {
    const of = (overall: number | null, a: number | null, error?: string): Score => ({ overall, components: { a }, evidence: [], ...(error ? { error: { message: error } } : {}) });
    assert.deepEqual(meansOf([of(1, 0.5), of(0, null), of(null, null, 'x')]), { overall: 0.5, components: { a: 0.5 }, errors: 1, count: 3 });
    assert.deepEqual(meansOf([]), { overall: null, components: {}, errors: 0, count: 0 });
  });
});

import * as assert from 'node:assert/strict';
import { answerNormal } from '../../src/core/grading/gradeAnswer';
import { mathdNormal } from '../../src/core/grading/mathdNormal';
import { answer } from './answers';
import { askPython } from './askPython';
import { latex } from './latex';
import { Random } from './random';

const seed = Number(process.env['PEBR_PARITY_SEED'] ?? 20_261_121);

describe('the normal forms of an answer', () => {
  it(`are mathruler's, character by character, on 3000 answers and 6000 pieces of LaTeX (seed ${seed})`, async function () {
    this.timeout(120_000);
    const random = new Random(seed);
    const texts = [...Array.from({ length: 3000 }, () => answer(random)), ...Array.from({ length: 6000 }, () => latex(random, 2))];
    const theirs = await askPython<readonly [string, string]>(texts.map(text => ({ normal: text })));
    const different = texts.flatMap((text, index) => {
      const ours = [answerNormal(text), mathdNormal(text)];
      return JSON.stringify(ours) === JSON.stringify(theirs[index]) ? [] : [{ text, ours, theirs: theirs[index] }];
    });
    assert.deepEqual(different, []);
  });
});

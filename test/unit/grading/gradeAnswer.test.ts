import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gradeAnswer } from '../../../src/core/grading/gradeAnswer';

interface Verdict {
  readonly given: string;
  readonly truth: string;
  readonly right: boolean;
}

describe('gradeAnswer', () => {
  const verdicts = readFileSync('test/fixtures/rewards/gradeAnswer.jsonl', 'utf8').trim().split('\n').map(line => JSON.parse(line) as Verdict);

  it('gives the recorded verdicts of mathruler 0.1.0', () => {
    assert.ok(verdicts.length > 1000 && verdicts.filter(each => each.right).length > 300);
    const different = verdicts.filter(({ given, truth, right }) => gradeAnswer(given, truth) !== right);
    assert.deepEqual(different.map(each => `${JSON.stringify(each.given)} for ${JSON.stringify(each.truth)} is ${each.right ? 'right' : 'wrong'}`), []);
  });

  const table: readonly [given: string, truth: string, right: boolean][] = [
    ['A', '(A)', true], ['yes', 'Yes', true], ['0.5', '1/2', true], ['50%', '50', true], ['1,000', '1000', true], ['x=3', '3', true],
    ['7 and 8', '7, 8', true], ['A. cat', 'A', false], ['1/2', '2/4', false], ['', '7', false], ['7 cm', '7', true], ['7 objects', '7', false],
    ['**7**', '7', false], ['[8, 8, 32, 32]', '[8,8,32,32]', true], ['red 7, blue 3', 'blue 3, red 7', false],
  ];
  for (const [given, truth, right] of table) {
    it(`takes ${JSON.stringify(given)} as ${right ? 'right' : 'wrong'} where the answer is ${JSON.stringify(truth)}`, () => assert.equal(gradeAnswer(given, truth), right));
  }
});

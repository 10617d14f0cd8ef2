import * as assert from 'node:assert/strict';
import { gradeAnswer } from '../../src/core/grading/gradeAnswer';
import { makePairs, type Pair } from './answers';
import { askPython } from './askPython';
import { chosenPairs } from './chosenPairs';
import { makeExamPairs } from './examPairs';

const seed = Number(process.env['PEBR_PARITY_SEED'] ?? 20_261_121);
const count = Number(process.env['PEBR_PARITY_PAIRS'] ?? 6000);

/**
 * What of sympy is not ported: it decides by rewriting, we by exact sums and by values. A pair of a class may be judged otherwise, and is
 * counted; every other disagreement fails.
 */
const classes: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'a factorial of a decimal, a double factorial', pattern: /\.\d*\)*!|!!/ },
  { name: 'a decimal below a fraction line, or beside a root or a power of an unknown', pattern: /(?:\.\d.*\/|\/.*\.\d|sqrt.*\.\d|\.\d.*sqrt|\^.*\.\d|\.\d.*\^|\*\*.*\.\d|\.\d.*\*\*)/s },
  { name: 'a division by zero inside an equal formula', pattern: /\/\(*0|\/-?\(*0/ },
  { name: 'the root of the square of a formula that is positive', pattern: /(?:sqrt|\)\*\*\(1\/2\)).*(?:\^2|\*\*2|\^\{2\})/s },
  { name: 'a function of a formula', pattern: /(?:ln|frac|re|im|li|csc)\(/ },
];

describe('gradeAnswer', () => {
  it(`gives ${count} pairs (seed ${seed}) and ${chosenPairs.length} chosen ones the verdict of mathruler`, async function () {
    this.timeout(300_000);
    await compare([...chosenPairs, ...makePairs(seed, count)]);
  });

  it(`gives ${count} pairs (seed ${seed}) of two ways to write an exam's answer the verdict of mathruler`, async function () {
    this.timeout(300_000);
    await compare(makeExamPairs(seed, count));
  });
});

async function compare(pairs: readonly Pair[]): Promise<void> {
  const theirs = await askPython<boolean>(pairs);
  const known = new Map<string, Pair[]>();
  const unknown: string[] = [];
  pairs.forEach((pair, index) => {
    const wanted = theirs[index];
    if (wanted === 'timeout' || gradeAnswer(pair.given, pair.truth) === wanted) return;
    const found = classes.find(({ pattern }) => pattern.test(pair.given) || pattern.test(pair.truth));
    if (found) known.set(found.name, [...(known.get(found.name) ?? []), pair]);
    else unknown.push(`ours ${!wanted}, mathruler's ${wanted}: ${JSON.stringify(pair.given)} for ${JSON.stringify(pair.truth)}`);
  });
  const late = theirs.filter(each => each === 'timeout').length;
  console.log(`    ${pairs.length} pairs, ${theirs.filter(each => each === true).length} right; given up by sympy: ${late}; disagreements: ${unknown.length}`);
  for (const [name, list] of known) console.log(`    known (${name}): ${list.length}, such as ${JSON.stringify(list[0])}`);
  assert.deepEqual(unknown, []);
  const tolerated = [...known.values()].flat().length;
  assert.ok(tolerated <= pairs.length / 1000, `${tolerated} known disagreements are too many`);
  assert.ok(late <= pairs.length / 1000, `${late} pairs were not judged in time`);
}

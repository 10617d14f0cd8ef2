import * as assert from 'node:assert/strict';
import { accuracy } from '../../src/core/rewards/components/accuracy';
import { format } from '../../src/core/rewards/components/format';
import { keyWords } from '../../src/core/rewards/components/keyWords';
import { length } from '../../src/core/rewards/components/length';
import { defineReward, type RewardContext } from '../../src/core/rewards/reward';
import type { Score, ScoreItem } from '../../src/core/rewards/score';
import { scoreBatch } from '../../src/core/rewards/scoreBatch';
import { askPython } from './askPython';
import { makeResponses, type Question } from './responses';

const seed = Number(process.env['PEBR_PARITY_SEED'] ?? 20_261_121);
const count = Number(process.env['PEBR_PARITY_RESPONSES'] ?? 4000);

const components = { accuracy: accuracy(), format: format(), key_word: keyWords(), length: length() };
const perception = defineReward({ components, weights: { key_word: 0.4, format: 0.1, length: 0.1 } });
const reasoning = defineReward({ components, weights: { accuracy: 0.9, format: 0.1 } });
const context: RewardContext = { clip: { similarity: () => Promise.resolve(0) }, imageSize: () => ({ width: 1, height: 1 }) };

describe('the released rewards', () => {
  it(`give ${count} responses (seed ${seed}) the same values, to 1e-12`, async function () {
    this.timeout(300_000);
    const questions = makeResponses(seed, count);
    const theirs = await askPython<Readonly<Record<string, number>>>(questions);
    const ours = await scored(questions);
    const different = questions.flatMap((question, index) => {
      const wanted = theirs[index];
      const got = ours[index];
      if (wanted === undefined || wanted === 'timeout' || got === undefined) return [];
      const names = Object.keys(wanted).filter(name => Math.abs((wanted[name] ?? NaN) - (got[name] ?? NaN)) > 1e-12);
      return names.map(name => `${name} is ${got[name]}, theirs ${wanted[name]}: ${JSON.stringify(question)}`);
    });
    const late = theirs.filter(each => each === 'timeout').length;
    console.log(`    ${different.length} of ${count * 6} values differ; right answers: ${ours.filter(each => each['accuracy'] === 1).length}; given up by sympy: ${late}`);
    assert.deepEqual(different, []);
    assert.ok(late <= count / 1000);
  });
});

async function scored(questions: readonly Question[]): Promise<readonly Readonly<Record<string, number | null>>[]> {
  const items = questions.map(({ response, truth, key_words, tokens }): ScoreItem => ({ response, tokens, sample: { qid: 'q', problem: '', answer: truth, images: [], key_words, boxes: [] } }));
  const [first, second] = await Promise.all([perception, reasoning].map(async definition => {
    const scores: Score[] = [];
    await scoreBatch(definition, items, { context, onScore: (index, score) => (scores[index] = score) });
    return scores;
  }));
  return items.map((_, index) => ({ ...first?.[index]?.components, perception: first?.[index]?.overall ?? null, reasoning: second?.[index]?.overall ?? null }));
}

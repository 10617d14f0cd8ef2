import * as assert from 'node:assert/strict';
import type { Sample } from '../../../src/core/dataset/sample';
import { attackResponses, reportAttacks } from '../../../src/core/rewards/attacks/attackReport';
import { attacks } from '../../../src/core/rewards/attacks/attacks';
import * as pebr from '../../../src/core/rewards/api';
import { defineReward, type RewardDefinition } from '../../../src/core/rewards/reward';
import type { Score } from '../../../src/core/rewards/score';
import { scoreBatch } from '../../../src/core/rewards/scoreBatch';

const sample = (qid: string, answer: string, word: string): Sample => ({
  qid, problem: '<image>What is the sum of the red cards?', answer, images: ['a.png'], key_words: [word, `blue ${answer}`],
  boxes: [{ label: word, bbox: [10, 10, 40, 40] }, { label: `blue ${answer}`, bbox: [50, 50, 80, 80] }],
});
const samples = [sample('q1', '7', 'red 3'), sample('q2', '12', 'green 4'), sample('q3', '5', 'red 1'), sample('q4', '7', 'red 7')];

async function probe(definition: RewardDefinition): Promise<ReturnType<typeof reportAttacks>> {
  const scores = await Promise.all(samples.map(async target => {
    const items = attackResponses({ sample: target, others: samples.filter(other => other !== target), size: { width: 96, height: 96 } }).map(response => ({ response, sample: target }));
    const scored: Score[] = [];
    await scoreBatch(definition, items, {
      context: { clip: { similarity: () => Promise.resolve(0.4) }, imageSize: () => ({ width: 96, height: 96 }) },
      onScore: (index, score) => (scored[index] = score),
    });
    return scored;
  }));
  return reportAttacks(scores);
}

const paying = (report: ReturnType<typeof reportAttacks>, ...verdicts: readonly string[]): readonly string[] => report.results.filter(result => verdicts.includes(result.verdict)).map(result => result.attack.id).sort();

describe('attacks on a reward', () => {
  it('are at least fifteen, with names of their own, and write different responses', () => {
    assert.ok(attacks.length >= 15);
    assert.equal(new Set(attacks.map(attack => attack.id)).size, attacks.length);
    const responses = attackResponses({ sample: samples[0] as Sample, others: samples.slice(1), size: null });
    assert.equal(new Set(responses).size, attacks.length + 1);
  });

  it('find that key words alone can be stuffed', async () => {
    const report = await probe(defineReward({ components: { key_word: pebr.keyWords() }, weights: { key_word: 1 } }));
    assert.equal(report.honest, 1);
    assert.deepEqual(paying(report, 'pays').filter(id => ['key-word-stuffing', 'labels-repeated', 'empty', 'filler'].includes(id)), ['key-word-stuffing', 'labels-repeated']);
  });

  it('find that one big box earns next to nothing with matched IoU, and a reward that counts boxes pays for a grid', async () => {
    const matched = await probe(defineReward({ components: { iou: pebr.iou() }, weights: { iou: 1 } }));
    assert.deepEqual(paying(matched, 'pays-more', 'pays').filter(id => id !== 'labels-repeated'), []);
    const counting = await probe(defineReward({ components: { boxes: ({ response }) => pebr.parseBoxes(response).length / 2 }, weights: { boxes: 1 } }));
    assert.equal(counting.results[0]?.verdict, 'pays-more');
    assert.ok(paying(counting, 'pays-more').includes('many-boxes'));
  });

  it('find that a reward which looks for the answer anywhere pays whoever lists all of them', async () => {
    const anywhere = await probe(defineReward({ components: { right: ({ response, sample: row }) => response.includes(row.answer) }, weights: { right: 1 } }));
    assert.ok(paying(anywhere, 'pays', 'pays-more').includes('all-answers'));
    const strict = await probe(defineReward({ components: { accuracy: pebr.accuracy() }, weights: { accuracy: 1 } }));
    assert.equal(paying(strict, 'pays', 'pays-more').includes('all-answers'), false);
    assert.equal(paying(strict, 'pays', 'pays-more').includes('two-answers-right-last'), false);
  });

  it('count a reward that fails on an attack as an error, not as holding', async () => {
    const brittle = await probe(defineReward({ components: { brittle: ({ response }) => { if (response === '') throw new Error('no text'); return 1; } }, weights: { brittle: 1 } }));
    const empty = brittle.results.find(result => result.attack.id === 'empty');
    assert.deepEqual([empty?.verdict, empty?.errors, empty?.mean], ['failed', samples.length, null]);
  });
});

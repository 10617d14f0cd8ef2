import * as assert from 'node:assert/strict';
import type { Sample } from '../../../src/core/dataset/sample';
import { accuracy, clip, format, iou, keyWords } from '../../../src/core/rewards/api';
import { type Component, defineReward } from '../../../src/core/rewards/reward';
import type { Score } from '../../../src/core/rewards/score';
import { scoreBatch } from '../../../src/core/rewards/scoreBatch';
import { whyZero } from '../../../src/core/rewards/whyZero';

const sample: Sample = { qid: 'q', problem: '', answer: '17', images: ['a.png'], key_words: ['red card'], boxes: [{ label: 'red', bbox: [300, 300, 400, 400] }] };
async function why(name: string, component: Component, response: string, row: Sample = sample, size = { width: 500, height: 500 }): Promise<string> {
  let score: Score | undefined;
  await scoreBatch(defineReward({ components: { [name]: component }, weights: { [name]: 1 } }), [{ response, sample: row }], {
    context: { clip: { similarity: () => Promise.resolve(0) }, imageSize: () => size }, onScore: (_, each) => (score = each),
  });
  assert.equal(score?.components[name], 0);
  return whyZero({ component: name, response, sample: row, evidence: score?.evidence ?? [], size }).join(' ');
}

const told = '### Image Description:\nA red-card.\n### Rationales:\n\n### Step 1:\n\n';

describe('why a component gave 0', () => {
  it('names the answer that was taken, and what would make it right', async () => {
    assert.match(await why('accuracy', accuracy(), `${told}### The final answer is: 18`), /“18” is not “17”/);
    assert.match(await why('accuracy', accuracy(), `${told}### The final answer is: **17**`), /Read tolerantly it is right: forgives emphasis/);
    assert.match(await why('accuracy', accuracy(), 'It is 17.'), /the whole response was graded/);
    assert.match(await why('accuracy', accuracy(), `${told}### The final answer is: seventeen, that is 17 cards`), /stands among other words/);
  });

  it('names the heading that is missing, and the spelling that does not count', async () => {
    assert.match(await why('format', format(), '### Image Description:\n### Rationales:\n**Step 1**\n### The final answer is: 3'), /“### Step 1:” is missing; “\*\*Step 1\*\*” does not count/);
  });

  it('names the key words, and those that blanks and hyphens hide', async () => {
    assert.match(await why('key_word', keyWords(), told), /“red card” would be found without regard to blanks and hyphens/);
    assert.match(await why('key_word', keyWords(), told, { ...sample, key_words: [] }), /The row has no key words/);
  });

  it('finds the frame in which the boxes would be right', async () => {
    assert.match(await why('iou', iou(), '### Image Description:\nred at [600, 600, 800, 800]\n### Rationales:'), /frame “norm1000”.*IoU of 1\.00/);
    const large = { width: 8000, height: 6000 }; // the processor makes it about half as wide and high
    assert.match(await why('iou', iou(), '### Image Description:\nred at [155, 155, 206, 206]\n### Rationales:', sample, large), /frame “qwen2\.5-resized”.*IoU of 0\.9/);
    assert.match(await why('iou', iou(), '### Image Description:\nred at [600, 600, 800, 800]\n### Rationales:', sample, { width: 90_000, height: 200 }), /No predicted box overlaps/);
    assert.match(await why('iou', iou(), told), /No box was found/);
    assert.match(await why('iou', iou(), `${told}red at [300, 300, 400, 400]`), /not in the description/);
  });

  it('says where the description ends', async () => {
    assert.match(await why('clip', clip(), '### Image Description:\nA card.\n### The final answer is: 3'), /ends at “### Rationales:”/);
    assert.match(await why('clip', clip(), 'A card.'), /There is no “### Image Description:” heading/);
  });

  it('reads a component that gives no evidence as the built-in one of its name, and says so when that would pay', async () => {
    assert.match(await why('accuracy', () => 0, `${told}### The final answer is: 18`), /“18” is not “17”/);
    assert.match(await why('accuracy_reward', () => 0, `${told}### The final answer is: 17`), /built-in accuracy\(\) would pay/);
    assert.match(await why('format', () => 0, told), /“### The final answer is:” is missing/);
  });

  it('asks a custom component for evidence', async () => {
    assert.match(await why('mine', () => 0, 'text'), /can return \{ value, evidence \}/);
  });
});

import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';

const sample = { qid: 'p-1', problem: '', answer: '7', images: [], key_words: [], boxes: [] };
const floods = {
  microtasks: 'const flood = (): void => queueMicrotask(flood);',
  ticks: 'const flood = (): void => process.nextTick(flood);',
  promises: 'const flood = (): unknown => Promise.resolve().then(flood);',
};
const kinds = {
  'at once': 'const a = ({ response }) => { if (response === "floods") flood(); return 1; };',
  'asynchronously': 'const a = async ({ response }) => { if (response === "floods") flood(); return 1; };',
  'after a wait, beside others that wait longer': 'const a = async ({ response }) => { await new Promise(resolve => setTimeout(resolve, response === "floods" ? 5 : 100)); if (response === "floods") flood(); return 1; };',
};

describe('a response that floods the reward’s thread without end', function () {
  this.timeout(60_000);
  const client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  after(() => client.dispose());

  for (const [what, flood] of Object.entries(floods)) {
    for (const [how, component] of Object.entries(kinds)) {
      it(`with ${what}, ${how}, fails alone wherever it stands`, async () => {
        const source = `import { defineReward } from 'pebr';\n${flood}\n${component}\nexport default defineReward({ components: { a }, weights: { a: 1 } });`;
        const { reward } = await client.load({ path: path.resolve('floods.reward.ts'), source });
        for (const at of [0, 1, 3]) {
          const items = [0, 1, 2, 3].map(index => ({ response: index === at ? 'floods' : 'calm', sample }));
          const { scores } = await client.score({ reward, deadlineMs: 400, items });
          assert.deepEqual(scores.map(each => each.overall), items.map((_, index) => (index === at ? null : 1)), JSON.stringify(scores));
          assert.match(scores[at]?.error?.message ?? '', /did not finish within 400 ms/);
        }
      });
    }
  }
});

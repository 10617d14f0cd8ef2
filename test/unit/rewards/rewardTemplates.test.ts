import * as assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Sample } from '../../../src/core/dataset/sample';
import { goldResponse } from '../../../src/core/rewards/gold/goldResponse';
import { faultOfRewardName, freeRewardName, rewardTemplates } from '../../../src/core/rewards/authoring/rewardTemplates';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';

const sample: Sample = {
  qid: 'a', problem: '<image>Which digit is on the red card?', answer: '7', images: [path.resolve('test/fixtures/clip/picture.png')], key_words: ['red 7'],
  boxes: [{ label: 'red 7', bbox: [1, 2, 9, 9] }],
};

describe('templates of rewards', () => {
  let folder: string;
  let client: RewardClient;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-templates-'));
    client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  });
  after(() => {
    client.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are the files of media/templates', () => assert.deepEqual(rewardTemplates.map(template => template.file).sort(), readdirSync('media/templates').sort()));

  for (const { label, file } of rewardTemplates) {
    it(`load and score at once: ${label}`, async () => {
      const target = path.join(folder, file);
      cpSync(path.join('media/templates', file), target);
      const { reward, numbers } = await client.load({ path: target, clip: path.resolve('test/fixtures/clip/tiny/model'), python: ['python3'] });
      const { scores } = await client.score({ reward, items: [{ response: goldResponse(sample), sample, tokens: 40 }, { response: 'I do not know', sample, tokens: 4 }] });
      assert.deepEqual(scores.map(score => score.error), [undefined, undefined]);
      const [gold, other] = scores.map(({ overall, components: { clip, ...components } }) => ({ overall: overall ?? 0, clip, components }));
      assert.ok(gold && other);
      for (const [name, value] of Object.entries(gold.components)) assert.ok(Math.abs((value ?? 0) - 1) < 1e-9, `${name} of gold is ${value}`);
      assert.ok(gold.clip === undefined ? gold.overall > other.overall + 0.3 : Number.isFinite(gold.clip), `gold ${gold.overall}, other ${other.overall}`); // the little model knows no cards
      assert.ok(numbers.length > 0, 'a weight or parameter to try as a slider');
    });
  }

  it('are given a free name, and none that a file has', () => {
    const [template] = rewardTemplates;
    const python = rewardTemplates.find(each => each.file.endsWith('.py'));
    assert.ok(template && python);
    writeFileSync(path.join(folder, 'x'), '');
    assert.equal(freeRewardName(template, name => name === 'perception.reward.ts'), 'perception-2.reward.ts');
    assert.equal(freeRewardName(python, () => false), 'custom_reward.py');
    assert.equal(faultOfRewardName('mine.reward.ts', template, () => false), undefined);
    for (const name of ['mine.ts', '../mine.reward.ts', '', 'mine.reward.py']) assert.ok(faultOfRewardName(name, template, () => false), name);
    assert.match(faultOfRewardName('mine.reward.ts', template, () => true) ?? '', /already/);
    assert.match(faultOfRewardName('mine.reward.ts', python, () => false) ?? '', /\.py/);
  });
});

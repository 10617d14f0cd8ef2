import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseRunInfo, rewardOfStage } from '../../../src/core/runs/runInfo';

describe('run.json', () => {
  const { value } = parseRunInfo(readFileSync('test/fixtures/runs/20261121-101500-cards/run.json', 'utf8'), 'folder');

  it('tells which reward scored a stage’s rollouts, those of the replayed dataset included', () => {
    assert.ok(value);
    assert.equal(rewardOfStage(value, 'perception', 'cards-perception'), 'rewards/perception.reward.ts');
    assert.equal(rewardOfStage(value, 'perception', 'cards-reasoning'), 'rewards/reasoning.reward.ts');
    assert.equal(rewardOfStage(value, 'sampling', 'cards-perception'), 'rewards/reasoning.reward.ts');
    assert.equal(rewardOfStage(value, 'evaluation', 'cards-perception'), 'rewards/perception.reward.ts');
    assert.equal(rewardOfStage(value, 'warm-up', 'no-such-dataset'), null);
  });

  it('is a fault, not a crash, when it is cut or no object', () => {
    assert.match(parseRunInfo('{"v": 1, "id"', 'folder').fault ?? '', /not JSON/);
    assert.match(parseRunInfo('[]', 'folder').fault ?? '', /not a JSON object/);
    assert.equal(parseRunInfo('{}', 'folder').value?.name, 'folder');
  });
});

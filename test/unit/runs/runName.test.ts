import * as assert from 'node:assert/strict';
import { runName, runSlug, runTime } from '../../../src/core/runs/runName';

describe('what a run is called', () => {
  it('is the project’s name as it is written, where the folder says no other one', () => {
    assert.equal(runName(`20261121-101500-${runSlug('My Cards, 2nd try')}`, 'My Cards, 2nd try'), 'My Cards, 2nd try');
  });

  it('is what a person named it, or what an ablation leaves out', () => {
    assert.equal(runName('20261121-101500-no-stage-1', 'cards'), 'no-stage-1');
    assert.equal(runName('20261121-101500-cards-2', 'cards'), 'cards-2'); // a second one in the same second
  });

  it('is the folder’s where somebody else made it, or nothing is in it yet', () => {
    assert.deepEqual([runName('checkpoints', 'cards'), runTime('checkpoints')], ['checkpoints', '']);
    assert.deepEqual([runName('20261121-101500-cards'), runTime('20261121-101500-cards')], ['cards', '11-21 10:15']);
  });
});

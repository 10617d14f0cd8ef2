import * as assert from 'node:assert/strict';
import { parseRunEvent } from '../../../src/core/runs/parseRunEvent';

describe('parseRunEvent', () => {
  it('reads a step and leaves out numbers that are none', () => {
    const line = '{"v":1,"type":"step","time":12.5,"stage":"perception","step":3,"total":40,"metrics":{"reward":0.5,"kl":NaN,"loss":-Infinity,"note":"x"}}';
    assert.deepEqual(parseRunEvent(line).value, { type: 'step', time: 12.5, stage: 'perception', step: 3, total: 40, metrics: { reward: 0.5 } });
  });

  it('reads lines with a carriage return at the end', () => {
    assert.equal(parseRunEvent('{"v":1,"type":"stage-started","time":1,"stage":"sampling","total":null}\r').value?.type, 'stage-started');
  });

  it('reads what a failure offers, and takes from it values only', () => {
    const line = '{"v":1,"type":"problem","time":1,"severity":"error","message":"m","remedy":"r","cause":"out-of-memory","offers":[{"label":"half","set":{"policy.microBatch":8,"x":{"y":1},"__proto__":2},"sameMeaning":true},7]}';
    const { value } = parseRunEvent(line);
    assert.ok(value?.type === 'problem');
    assert.deepEqual([value.cause, value.offers], ['out-of-memory', [{ label: 'half', set: { 'policy.microBatch': 8 }, sameMeaning: true }]]);
  });

  it('reads the score of a checkpoint, and how difficulties changed', () => {
    const checkpoint = parseRunEvent('{"type":"checkpoint","time":1,"stage":"p","step":4,"path":"c/4","score":{"dataset":"d","metric":"reward","mean":0.5},"best":true,"removed":["c/2"]}').value;
    assert.deepEqual(checkpoint, { type: 'checkpoint', time: 1, stage: 'p', step: 4, path: 'c/4', score: { dataset: 'd', metric: 'reward', mean: 0.5, low: 0.5, high: 0.5 }, best: true, removed: ['c/2'] });
    const changed = parseRunEvent('{"type":"transitions","time":1,"stage":"sampling.p","dataset":"d","from":"sampling","samples":3,"table":{"easy":{"easy":2},"hard":{"medium":1}},"passRateBefore":0.5,"passRateAfter":0.75}').value;
    assert.ok(changed?.type === 'transitions');
    assert.deepEqual(changed.table, { easy: { easy: 2, medium: 0, hard: 0 }, medium: { easy: 0, medium: 0, hard: 0 }, hard: { easy: 0, medium: 1, hard: 0 } });
  });

  const faults: readonly (readonly [what: string, line: string, says: RegExp])[] = [
    ['half a line', '{"v":1,"type":"step","time":12.5,"sta', /ends in the middle/],
    ['a kind of event that is not known', '{"v":1,"type":"gpu-heat","time":1}', /"gpu-heat"/],
    ['a missing field', '{"v":1,"type":"progress","time":1,"stage":"sampling","done":3}', /progress event has no usable "total"/],
    ['a field of a wrong type', '{"v":1,"type":"step","time":1,"stage":7,"step":1,"total":2,"metrics":{}}', /"stage"/],
    ['a list', '[1,2]', /not a JSON object/],
    ['text', 'Traceback (most recent call last):}', /not JSON/],
  ];
  for (const [what, line, says] of faults) {
    it(`tells the fault of ${what}`, () => {
      const { value, fault } = parseRunEvent(line);
      assert.equal(value, undefined);
      assert.match(fault ?? '', says);
    });
  }

  it('takes no prototype from the data', () => {
    const { value } = parseRunEvent('{"v":1,"type":"step","time":1,"stage":"a","step":1,"total":2,"metrics":{"__proto__":1,"reward":2}}');
    assert.ok(value?.type === 'step');
    assert.deepEqual(Object.keys(value.metrics), ['reward']);
  });
});

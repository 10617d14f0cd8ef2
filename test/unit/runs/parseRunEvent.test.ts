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

import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rewardPlaces } from '../../../src/core/rewards/authoring/rewardPlaces';

const places = (text: string, isPython = false): unknown => {
  const { definition, components } = rewardPlaces(text, isPython);
  return [definition, Object.fromEntries(components)];
};

describe('places of a reward in its file', () => {
  it('are those of the sample project', () => {
    const text = readFileSync('samples/cards/rewards/perception.reward.ts', 'utf8');
    const { definition, components } = rewardPlaces(text, false);
    const lines = text.split('\n');
    assert.match(lines[definition ?? -1] ?? '', /defineReward\(/);
    assert.deepEqual([...components.keys()], ['clip', 'key_word', 'iou', 'format', 'length']);
    for (const [name, line] of components) assert.match(lines[line] ?? '', new RegExp(`^\\s+${name}:`));
    const python = rewardPlaces(readFileSync('samples/cards/rewards/reward_easyr1.py', 'utf8'), true);
    assert.deepEqual([python.definition, [...python.components.keys()]], [8, ['accuracy', 'format']]);
  });

  it('are found in other layouts', () => {
    assert.deepEqual(places('// defineReward({ components: { no: 1 } })\nexport default defineReward({ weights: { a: 1 },\n components: { a, // b: 2\n  "c d": x => ({ e: 1, f: [g, h] }),\n  async i() { return 1; }, ...more, [j]: 1,\n k: `l: ${m}, n: 1`, o: { batch: p } } });'), [1, { a: 2, 'c d': 3, i: 4, k: 5, o: 5 }]);
    assert.deepEqual(places('const components: Record<string, Component> = {\n a: 1,\n};\nexport default defineReward({ components, weights });'), [3, { a: 1 }]);
    assert.deepEqual(places('module.exports = { components: { a: () => 1 } };'), [0, { a: 0 }]);
    assert.deepEqual(places('def x(a):\n  return {"b": 1}\n\ndef close(completions, **kw):\n  pass\n', true), [3, { b: 1, close: 3 }]);
  });

  it('break on nothing', () => {
    for (const text of ['', 'export default', 'defineReward({ components: {', "export default defineReward({ components: { a: /['\"]/, b: 'x\n } })", '`${', '{{{', 'export default defineReward(make());']) assert.ok(rewardPlaces(text, false));
    assert.deepEqual(places('import x', true), [undefined, {}]);
  });
});

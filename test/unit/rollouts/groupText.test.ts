import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupText, headingOf } from '../../../src/core/rollouts/groupText';
import type { Rollout } from '../../../src/core/rollouts/rollout';

const rollout = (part: Partial<Rollout>): Rollout => ({
  run: 'r', stage: 'perception', step: 3, group: 'g', sampleId: 'p-1', dataset: 'cards', index: 0, prompt: '', response: 'A red 7', tokens: 9, finish: 'stop', components: { accuracy: 1 }, overall: 0.7, advantage: 0.5, evidence: [],
  rewardHash: 'h', checkpoint: '', ...part,
});

describe('a group as a text', () => {
  it('tells the scores and the boxes of each response above it', () => {
    const { text, lines } = groupText('run', [rollout({}), rollout({ index: 1, overall: null, advantage: null, components: { accuracy: null }, response: 'x\ny', error: { message: 'boom' }, evidence: [{ component: 'iou', kind: 'box', bbox: [1, 2, 3.4, 4], iou: 0.5 }] })]);
    assert.equal(text, '# p-1\nrun · perception · step 3 · g · mean 0.700\n\n## ▲ 1  0.700  right  advantage 0.50\naccuracy 1.000\n\nA red 7\n\n## ○ 2  no score  the reward failed\naccuracy does not apply\nBoxes: box [1, 2, 3, 4] IoU 0.50\nboom\n\nx\ny\n');
    assert.deepEqual(lines, [3, 8]);
  });

  it('has its headings where it says, whatever the responses hold', () => {
    const any = fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('\n', '\r', '\r\n', '## ', '\u2028', 'a'), { maxLength: 8 }).map(parts => parts.join('')));
    fc.assert(fc.property(fc.array(fc.record({ response: any, sampleId: any, group: any, name: any }), { minLength: 1, maxLength: 5 }), given => {
      const [first, ...rest] = given.map(({ name, ...part }, index) => rollout({ ...part, index, components: { [`c${name}`]: 1 }, error: { message: name } }));
      assert.ok(first);
      const { text, lines } = groupText('run', [first, ...rest]);
      const written = text.split(/\r\n|[\n\r\u2028\u2029]/);
      assert.deepEqual(lines.map(line => written[line]), [first, ...rest].map(each => `## ${headingOf(each)}`));
    }), { numRuns: 300 });
  });
});

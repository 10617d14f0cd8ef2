import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { evidencePieces } from '../../../src/core/rollouts/evidenceSpans';
import { parseRollout } from '../../../src/core/rollouts/parseRollout';
import type { Rollout } from '../../../src/core/rollouts/rollout';
import { groupRollouts, isRight } from '../../../src/core/rollouts/rolloutGroup';

function rollout(part: Partial<Rollout>): Rollout {
  return {
    run: 'r', stage: 'perception', step: 1, group: 'g', dataset: 'd', sampleId: 's', index: 0, prompt: '', response: 'x', tokens: 1, finish: 'stop',
    components: {}, overall: 0.5, advantage: 0, evidence: [], rewardHash: '', checkpoint: '', ...part,
  };
}

describe('rollouts in groups', () => {
  it('lose nothing and mix nothing, whatever the order they come in', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.record({ group: fc.constantFrom('a', 'b', 'c'), index: fc.nat(6) }), { selector: ({ group, index }) => `${group}${index}`, minLength: 1 }), places => {
      const groups = groupRollouts(places.map(rollout));
      assert.equal(groups.flat().length, places.length);
      for (const members of groups) {
        assert.equal(new Set(members.map(member => member.group)).size, 1);
        assert.deepEqual(members.map(member => member.index), members.map(member => member.index).sort((a, b) => a - b));
      }
    }));
  });

  it('let the record that a resumed run wrote again replace the first', () => {
    const [group] = groupRollouts([rollout({ index: 0, overall: 0.1 }), rollout({ index: 1, overall: 0.2 }), rollout({ index: 0, overall: 0.9 })]);
    assert.deepEqual(group?.map(member => member.overall), [0.9, 0.2]);
  });

  it('are right by the accuracy component, else by what is known of the answer, else unknown', () => {
    assert.equal(isRight(rollout({ components: { accuracy: 1 } })), true);
    assert.equal(isRight(rollout({ components: { accuracy: 0 }, evidence: [{ component: '', kind: 'answer', ok: true }] })), false);
    assert.equal(isRight(rollout({ evidence: [{ component: 'a', kind: 'answer', ok: true }] })), true);
    assert.equal(isRight(rollout({})), null);
  });
});

describe('parseRollout', () => {
  it('keeps a failed component as null and the error as data', () => {
    const { value } = parseRollout('{"v":1,"stage":"p","group":"g","sampleId":"s","response":"NaN is no number","components":{"clip":NaN,"format":1},"overall":null,"error":{"message":"boom","line":7}}');
    assert.deepEqual(value?.components, { clip: null, format: 1 });
    assert.equal(value?.response, 'NaN is no number');
    assert.deepEqual([value?.overall, value?.error?.message, value?.error?.line], [null, 'boom', 7]);
  });

  it('names what a line lacks', () => {
    assert.match(parseRollout('{"v":1,"stage":"p","sampleId":"s"}').fault ?? '', /"group", "response"/);
    assert.match(parseRollout('{"v":1,"stage":"p","sam').fault ?? '', /ends in the middle/);
  });
});

describe('evidence in a response', () => {
  it('cuts it into pieces that add up to it, whatever the spans', () => {
    fc.assert(fc.property(fc.string({ maxLength: 30 }), fc.array(fc.record({ start: fc.integer({ min: -3, max: 35 }), end: fc.integer({ min: -3, max: 35 }) })), (response, spans) => {
      const pieces = evidencePieces(response, spans.map(span => ({ component: 'c', kind: 'note' as const, ...span })));
      assert.equal(pieces.map(piece => piece.text).join(''), response);
    }));
  });

  it('names the narrowest first where spans overlap', () => {
    const pieces = evidencePieces('a red 7 here', [{ component: 'clip', kind: 'description', start: 0, end: 12 }, { component: 'key_word', kind: 'key_word', start: 2, end: 7 }]);
    assert.deepEqual(pieces.map(piece => [piece.text, piece.evidence.map(item => item.kind)]), [
      ['a ', ['description']], ['red 7', ['key_word', 'description']], [' here', ['description']],
    ]);
  });
});

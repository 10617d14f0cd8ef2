import * as assert from 'node:assert/strict';
import { caseAppendix } from '../../../src/core/rewards/cases/appendCase';
import { casesFileOf, rewardFilesOf } from '../../../src/core/rewards/cases/caseFiles';
import { caseLine, caseOf } from '../../../src/core/rewards/cases/caseOf';
import { caseDiff, checkCase } from '../../../src/core/rewards/cases/checkCase';
import { parseCases } from '../../../src/core/rewards/cases/parseCases';
import type { PlacedCase } from '../../../src/core/rewards/cases/rewardCase';
import { GoldTally } from '../../../src/core/rewards/gold/goldCheck';
import type { Score } from '../../../src/core/rewards/score';

const score = (overall: number | null, components: Score['components'], error?: Score['error']): Score => ({ overall, components, evidence: [], ...(error ? { error } : {}) });
const line = (fields: object): string => JSON.stringify({ v: 1, name: 'n', sample: { dataset: 'd', qid: 'q' }, response: 'r', expect: { overall: 1 }, ...fields });
function only(text: string): PlacedCase {
  const { cases, problems } = parseCases(text, '/p/a.reward.cases.jsonl');
  assert.deepEqual(problems, []);
  assert.equal(cases.length, 1);
  return cases[0] as PlacedCase;
}

describe('cases of a reward', () => {
  it('stand beside their reward', () => {
    assert.equal(casesFileOf('/p/perception.reward.ts'), '/p/perception.reward.cases.jsonl');
    assert.equal(casesFileOf('/p/reward_easyr1.py'), '/p/reward_easyr1.reward.cases.jsonl');
    for (const reward of ['/p/a.reward.ts', '/p/a.reward.mjs', '/p/b.py', '/p/c.js']) assert.ok(rewardFilesOf(casesFileOf(reward)).includes(reward), reward);
    assert.deepEqual(rewardFilesOf('/p/data.jsonl'), []);
  });

  it('are read whatever else stands in the file; what cannot be used is a problem at its line', () => {
    const text = `\uFEFF${line({ name: 'one' })}\r\n\n${line({ v: 2 })}\n{"v":1,"na\n${line({ expect: {} })}\n${line({ expect: { overall: 'high' } })}\n[1]\n${line({ response: 3 })}\n${line({ sample: { qid: 'own', answer: '7' }, name: 'own row', extra: 1 })}`;
    const { cases, problems } = parseCases(text, '/p/a.reward.cases.jsonl');
    assert.deepEqual(cases.map(each => [each.name, each.line]), [['one', 1], ['own row', 9]]);
    assert.deepEqual(cases[1]?.sample, { row: { qid: 'own', answer: '7' } });
    assert.deepEqual(problems.map(problem => problem.line), [3, 4, 5, 6, 7, 8]);
    assert.match(problems[2]?.message ?? '', /expects nothing/);
    assert.match(problems[3]?.message ?? '', /expect\.overall/);
  });

  it('expect no NaN: what is no JSON is a problem, and is not taken for "does not apply"', () => {
    for (const value of ['NaN', 'Infinity', '-Infinity']) {
      const { cases, problems } = parseCases(line({ expect: { overall: 'X' } }).replace('"X"', value), '/p/a.reward.cases.jsonl');
      assert.deepEqual(cases, []);
      assert.match(problems[0]?.message ?? '', /NaN/);
    }
    assert.equal(only(line({ response: 'NaN' })).response, 'NaN');
  });

  it('pass within the tolerance and the bounds, and say in words what differs', () => {
    const placed = only(line({ expect: { overall: 0.62, components: { clip: { min: 0.5 }, accuracy: 1, iou: null } }, tolerance: 0.01 }));
    assert.deepEqual(checkCase(placed, score(0.629, { clip: 0.5, accuracy: 1, iou: null })), []);
    const differences = checkCase(placed, score(0.7, { clip: 0.31, accuracy: null }));
    assert.deepEqual(differences.map(each => each.message), [
      'overall: expected 0.62 ± 0.01, got 0.7', 'clip: expected at least 0.5, got 0.31', 'accuracy: expected 1 ± 0.01, got does not apply', 'iou: expected does not apply, got no such component',
    ]);
  });

  it('show in a diff only the lines that differ', () => {
    const placed = only(line({ expect: { overall: 1, components: { clip: { min: 0.5 }, format: 1 } } }));
    assert.deepEqual(caseDiff(placed, score(0.4, { clip: 0.7, format: 0 })), { expected: 'overall: 1\nclip: 0.7\nformat: 1', actual: 'overall: 0.4\nclip: 0.7\nformat: 0' });
  });

  it('fail when the reward fails, unless that is expected', () => {
    const failed = score(null, { a: null, b: 1 }, { message: 'boom', component: 'a' });
    assert.deepEqual(checkCase(only(line({})), failed).map(each => each.message), ['The reward failed: boom']);
    assert.deepEqual(checkCase(only(line({ expect: { overall: 'error', components: { a: 'error', b: 1 } } })), failed), []);
    assert.deepEqual(checkCase(only(line({ expect: { overall: 'error' } })), score(0, {})).map(each => each.message), ['overall: expected error, got 0']);
  });

  it('made of a score pass with that score and fail with another', () => {
    const given = score(0.9 * (2 / 3) + 0.1 * 0.123456789, { key_word: 2 / 3, clip: 0.123456789, iou: null });
    const made = caseOf('made', { sample: { dataset: 'd', qid: 'q' }, response: '### "Ünïcode"\n', tokens: 3, score: given });
    const text = caseLine(made);
    assert.ok(!text.includes('\n') && !text.includes('0.123456789'));
    const placed = only(text);
    assert.deepEqual([placed.name, placed.response, placed.tokens, placed.sample], ['made', '### "Ünïcode"\n', 3, { dataset: 'd', qid: 'q' }]);
    assert.deepEqual(checkCase(placed, given), []);
    assert.equal(checkCase(placed, score(0.5, { key_word: 0.5, clip: 0.123, iou: 1 })).length, 3);
    const broken = score(null, {}, { message: 'no' });
    assert.deepEqual(checkCase(only(caseLine(caseOf('x', { sample: { dataset: 'd', qid: 'q' }, response: '', score: broken }))), broken), []);
    assert.equal(only(caseLine(caseOf('x', { sample: { dataset: 'd', qid: 'q' }, response: '', score: score(1, { a: 1 }) }))).tolerance, 1e-6);
  });

  it('are added behind what is there, in its line ends', () => {
    assert.equal(caseAppendix('', 'x'), 'x\n');
    assert.equal(caseAppendix('a\n', 'x'), 'x\n');
    assert.equal(caseAppendix('a', 'x'), '\nx\n');
    assert.equal(caseAppendix('a\r\nb', 'x'), '\r\nx\r\n');
  });
});

describe('gold check', () => {
  it('counts full marks of the components that apply', () => {
    const tally = new GoldTally({ accuracy: 0.9, format: 0.1, penalty: -0.2 });
    assert.equal(tally.add(score(1, { accuracy: 1, format: 1, penalty: 0, logged: 0 })), undefined);
    assert.equal(tally.add(score(1, { accuracy: 1, format: null, penalty: 0 })), undefined);
    assert.match(tally.add(score(0.1, { accuracy: 0.5, format: 1, penalty: 1 }))?.message ?? '', /accuracy 0\.5, penalty 1/);
    assert.match(tally.add(score(null, {}, { message: 'boom' }))?.message ?? '', /failed .*boom/);
    const { count, full, components } = tally.result;
    assert.deepEqual([count, full], [4, 2]);
    assert.deepEqual(components.slice(0, 2), [{ name: 'accuracy', full: 2, applies: 3 }, { name: 'format', full: 2, applies: 2 }]);
  });

  it('judges a reward without weights by its overall', () => {
    const tally = new GoldTally({});
    assert.equal(tally.add(score(1, { penalty: 0 })), undefined);
    assert.match(tally.add(score(0.4, {}))?.message ?? '', /overall 0\.4/);
  });
});

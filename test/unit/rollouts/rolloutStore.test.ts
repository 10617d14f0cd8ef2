import * as assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { parseRollout } from '../../../src/core/rollouts/parseRollout';
import { groupRollouts, summarize } from '../../../src/core/rollouts/rolloutGroup';
import { RolloutStore } from '../../../src/platform/rollouts/rolloutStore';

const line = (part: Readonly<Record<string, unknown>>): string => JSON.stringify({
  v: 1, run: 'r', stage: 'perception', step: 1, group: 'g', sampleId: 'p-1', dataset: 'cards', index: 0, prompt: '', response: 'A red 7', tokens: 3, finish: 'stop',
  components: { accuracy: 1 }, overall: 1, advantage: 0, evidence: [], rewardHash: '', checkpoint: '', ...part,
});

describe('rollouts in a database', function () {
  this.timeout(60_000);
  let folder: string;
  let store: RolloutStore;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-store-'));
    store = await RolloutStore.open(folder);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (stage: string, lines: readonly string[], end = '\n'): void => writeFileSync(path.join(folder, `${stage}.jsonl`), lines.map(each => each + end).join(''));
  const groupsOf = async (text: string, column?: string, isDescending = false): Promise<readonly string[]> => {
    const { groups } = await store.answer({ text, sort: column === undefined ? [] : [{ column, isDescending }] });
    return (await store.rows([...groups], text)).map(row => row.group);
  };
  const question = async (text: string): Promise<number> => (await store.answer({ text, sort: [] })).matching;

  it('are found by what they say, alone and together', async () => {
    write('perception', [
      line({ group: 'a', index: 0, components: { accuracy: 0, clip: 0.9 }, overall: 0.4, advantage: -0.7, response: 'Left of the CARD', evidence: [{ kind: 'answer', ok: false, text: '8' }] }),
      line({ group: 'a', index: 1, components: { accuracy: 1, clip: 0.2 }, overall: 0.9, advantage: 0.7, tokens: 90, finish: 'length' }),
      line({ group: 'b', index: 0, step: 4, sampleId: 'p-2', overall: null, components: { clip: null }, error: { message: 'boom in line 3' } }),
    ]);
    write('reasoning', [line({ stage: 'reasoning', group: 'c', step: 7, sampleId: 'r-1', dataset: 'sums' })]);
    await store.refresh();
    const expected: readonly (readonly [string, readonly string[]])[] = [
      ['', ['a', 'b', 'c']], ['stage:reasoning', ['c']], ['step:2..7', ['b', 'c']], ['clip:>0.7 right:no', ['a']], ['clip:>0.7 right:yes', []], ['failed:yes', ['b']], ['error:boom', ['b']], ['sample:p-2', ['b']],
      ['finish:length tokens:>50', ['a']], ['"left of the card"', ['a']], ['-response:card -failed:yes', ['a', 'c']], ['answer_given:8', ['a']], ['advantage:<0', ['a']], ['mean:0.6..0.7', ['a']], ['size:2', ['a']],
      ['sql: overall > 0.5 and step = (select max(step) from rollouts)', ['c']], ['sql: response like \'%CARD%\'', ['a']],
    ];
    for (const [text, groups] of expected) assert.deepEqual(await groupsOf(text), groups, text);
    assert.deepEqual(await groupsOf('', 'step', true), ['c', 'b', 'a']);
    assert.deepEqual(await groupsOf('', 'clip', false), ['a', 'b', 'c']);
    const [row] = await store.rows([...(await store.answer({ text: 'right:no', sort: [] })).groups], 'right:no');
    assert.deepEqual(row?.hits, [true, false]);
    assert.deepEqual((await store.facet('right', '')).bars.map(({ label, count }) => [label, count]), [['true', 2], ['false', 1], ['(empty)', 1]]);
    await assert.rejects(store.answer({ text: 'clip:high', sort: [] }), /is no number/);
    await assert.rejects(store.answer({ text: "sql: (select count(*) from read_text('/etc/passwd')) > 0", sort: [] }), /rows only/);
  });

  it('have the groups that our own reading has, whatever their rewards', async () => {
    const overall = fc.oneof(fc.constant(null), fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.5, max: 0.5005, noNaN: true }));
    const one = fc.record({ group: fc.constantFrom('a', 'b'), index: fc.nat(4), overall, ok: fc.constantFrom(true, false, undefined), dropped: fc.constantFrom(true, false) });
    await fc.assert(fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 12 }), async records => {
      const lines = records.map(({ ok, ...part }) => line({ ...part, components: {}, evidence: ok === undefined ? [] : [{ kind: 'answer', ok }] }));
      rmSync(path.join(folder, 'perception.jsonl'), { force: true });
      await store.refresh();
      write('perception', lines);
      await store.refresh();
      const expected = groupRollouts(lines.flatMap(text => parseRollout(text).value ?? [])).map(summarize);
      const { groups } = await store.answer({ text: '', sort: [] });
      const rows = await store.rows([...groups], '');
      const told = (group: (typeof expected)[number]): unknown => [group.group, group.spread, group.marks.map(mark => [mark.overall, mark.right, mark.failed]), group.mean?.toFixed(9), group.std?.toFixed(6)];
      assert.deepEqual(rows.map(told), expected.map(told));
    }), { numRuns: 60 });
  });

  it('of groups that dynamic sampling dropped are shown as that, and are in no share', async () => {
    const both = (group: string, overalls: readonly number[], more: Readonly<Record<string, unknown>> = {}): string[] => overalls.map((overall, index) => line({ group, index, overall, ...more }));
    write('perception', [...both('taught', [0, 1]), ...both('flat', [1, 1]), ...both('left', [0, 0], { dropped: true }), ...both('also-left', [1, 1], { dropped: true })]);
    await store.refresh();
    const { groups, flat, dropped } = await store.answer({ text: '', sort: [] });
    assert.deepEqual([groups.length, flat, dropped], [4, 1, 2]);
    assert.deepEqual((await store.rows([...groups], '')).map(row => row.spread), ['some', 'zero', 'dropped', 'dropped']);
    assert.deepEqual([await groupsOf('spread:dropped'), await groupsOf('spread:zero')], [['left', 'also-left'], ['flat']]);
    assert.deepEqual((await store.facet('spread', '')).bars.map(({ label, count }) => [label, count]).sort(), [['dropped', 2], ['some', 1], ['zero', 1]]);
  });

  it('doubt the gold where most of a group agree on an answer that counts as wrong', async () => {
    const answers = (group: string, texts: readonly string[], gold: string): string[] => texts.map((text, index) => line({ group, index, components: { accuracy: text === gold ? 1 : 0 }, evidence: [{ kind: 'answer', text, ok: text === gold }] }));
    write('perception', [...answers('doubted', ['8', '8', ' 8', '7'], '7'), ...answers('right', ['7', '7', '8', '7'], '7'), ...answers('torn', ['1', '2', '3', '4'], '7')]);
    await store.refresh();
    assert.deepEqual(await groupsOf('doubtful_gold:yes'), ['doubted']);
    assert.deepEqual(await groupsOf('majority:8 pass_rate:0.25'), ['doubted']);
  });

  it('follow a file that grows, is cut, and is written again', async () => {
    const file = path.join(folder, 'perception.jsonl');
    write('perception', [line({ group: 'a' })]);
    assert.equal(await store.refresh(), true);
    assert.equal(await store.refresh(), false);
    appendFileSync(file, line({ group: 'b', components: { iou: 0.5 } }).slice(0, 40));
    assert.equal(await store.refresh(), false);
    appendFileSync(file, `${line({ group: 'b', components: { iou: 0.5 } }).slice(40)}\r\n\n{"broken\n${line({ group: 'a', overall: 0.25 })}\n`);
    await store.refresh();
    assert.deepEqual(await groupsOf(''), ['a', 'b']);
    assert.equal(await question(''), 2); // the rollout that was written again counts once
    assert.deepEqual((await store.read(0)).map(rollout => rollout.overall), [0.25]);
    assert.deepEqual(await groupsOf('iou:>=0.5'), ['b']);
    assert.deepEqual(store.problems.map(problem => [problem.line, problem.file]), [[4, file]]);
    write('perception', [line({ group: 'z', sampleId: 'p-9' })]);
    await store.refresh();
    assert.deepEqual(await groupsOf(''), ['z']);
    assert.deepEqual(store.problems, []);
  });

  it('are the same however they are read: by the database, or line by line', async () => {
    const lines = Array.from({ length: 5200 }, (_, at) => line({ group: `g${at >> 3}`, index: at & 7, overall: (at % 7) / 7, response: `${'x'.repeat(at % 50)} é ${at}` }));
    write('perception', lines);
    await store.refresh();
    assert.deepEqual([await question(''), await question('overall:>0.5'), await question('"é 77"')], [5200, lines.filter((_, at) => at % 7 > 3).length, lines.filter((_, at) => `${at}`.startsWith('77')).length]);
    rmSync(path.join(folder, 'perception.jsonl'));
    await store.refresh();
    const torn = lines.map((each, at) => (at === 3000 ? '{"v": 1, "stage": "per' : at === 4000 ? '' : at === 4500 ? each.replace('"overall":', '"overall":NaN,"x":') : each));
    write('perception', torn, '\r\n');
    await store.refresh();
    assert.equal(await question(''), 5198);
    assert.deepEqual(store.problems.map(problem => problem.line), [3001]);
    assert.deepEqual((await store.read((await store.named('g600'))[0] ?? -1)).map(rollout => rollout.response), lines.slice(4800, 4808).map(each => parseRollout(each).value?.response));
  });

  it('tell what cannot be read wherever a file is cut off, and read the rest', async () => {
    const text = [line({ group: 'a' }), line({ group: 'b' }), line({ group: 'c' })].join('\n');
    mkdirSync(path.join(folder, 'cut'));
    await fc.assert(fc.asyncProperty(fc.nat(text.length), async length => {
      writeFileSync(path.join(folder, 'perception.jsonl'), `${text.slice(0, length)}\n`);
      await store.refresh();
      const whole = readFileSync(path.join(folder, 'perception.jsonl'), 'utf8').split('\n').filter(each => parseRollout(each).value).length;
      const torn = text.slice(0, length).split('\n').filter(each => each !== '' && !parseRollout(each).value).length;
      assert.deepEqual([await question(''), store.problems.length], [whole, torn]);
    }), { numRuns: 40 });
  });
});

import * as assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { parseRollout } from '../../../src/core/rollouts/parseRollout';
import { readEasyR1Log } from '../../../src/core/rollouts/readers/easyR1Log';
import type { SampleMatcher } from '../../../src/core/rollouts/readers/groupForeign';
import type { Rollout } from '../../../src/core/rollouts/rollout';
import { openDuckDb } from '../../../src/platform/duckdb/openDuckDb';
import { ForeignSource } from '../../../src/platform/rollouts/foreignSource';
import { readSource } from '../../../src/platform/rollouts/rolloutSource';

/** What the matcher of a project finds: by id, else by what a prompt ends with. */
const match: SampleMatcher = ({ sampleId, prompt = '' }) => (sampleId ?? /digit/.test(prompt) ? { dataset: 'cards', sampleId: sampleId ?? 'p-1' } : undefined);

const verl = (part: Readonly<Record<string, unknown>>): string => JSON.stringify({ input: 'user\nWhich digit?', output: '### The final answer is: 7', gts: '7', score: 1, step: 3, ...part });

describe('rollouts of other tools', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-foreign-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const place = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const open = (file: string): Promise<ForeignSource> => ForeignSource.open(file, { folder: path.join(folder, 'out'), run: 'theirs', isOwn: true, match });
  const written = (): readonly Rollout[] => readdirSync(path.join(folder, 'out/rollouts')).flatMap(name => readFileSync(path.join(folder, 'out/rollouts', name), 'utf8').split('\n').filter(Boolean).map(text => {
    const { value, fault } = parseRollout(text);
    assert.ok(value, fault);
    return value;
  }));

  it('are read from PeBR-R1 results, with what they lack', async () => {
    const file = place('rollout_results.jsonl', ['7', '8'].map(answer => `${JSON.stringify({ response: `### The final answer is: ${answer}`, ground_truth: '7', qid: 12, score: { accuracy: answer === '7' ? 1 : 0 } })}\n`).join(''));
    await open(file);
    assert.deepEqual(written().map(({ sampleId, stage, index, overall, components }) => [sampleId, stage, index, overall, components.accuracy]), [['12', 'sampling', 0, 1, 1], ['12', 'sampling', 1, 0, 0]]);
    assert.equal(new Set(written().map(rollout => rollout.group)).size, 1);
    assert.equal(written()[1]?.evidence[0]?.ok, false);
    const source = await readSource(path.join(folder, 'out'));
    assert.equal(source?.engine, 'easyr1');
    assert.match(source?.lacks.join(' ') ?? '', /no prompt and no step.*no advantage/);
  });

  it('are read from a folder of verl dumps in the order of the steps, grouped by uid or by prompt', async () => {
    place('10.jsonl', `${verl({ step: 10, uid: 'abc_0_0', score: 0.25 })}\n${verl({ step: 10, uid: 'abc_1_0', score: 0 })}\n`);
    place('9.jsonl', `${verl({ step: 9, request_id: 'x', acc: true, iou: 0.5 })}\n${verl({ step: 9, request_id: 'y', acc: false, iou: null })}\n`);
    await open(folder);
    assert.deepEqual(written().map(({ step, index, overall, components }) => [step, index, overall, components]), [
      [9, 0, 1, { acc: 1, iou: 0.5, accuracy: 1 }], [9, 1, 1, { acc: 0, iou: null, accuracy: 0 }], [10, 0, 0.25, {}], [10, 1, 0, {}],
    ]);
    assert.equal(new Set(written().map(rollout => rollout.group)).size, 2);
  });

  it('are read from ms-swift columns', async () => {
    const file = place('completions.jsonl', `${JSON.stringify({ step: ['4', '4'], prompt: ['Which digit?', 'Which digit?'], completion: ['a', 'b'], my_iou: [0.5, null], format: [1, 0], advantages: [0.7, -0.7] })}\n{"step": ["5"], "prompt": ["x", "y", "z"], "completion": ["a", "b"]}\n`);
    const source = await open(file);
    assert.deepEqual(written().map(({ step, response, components, overall, advantage }) => [step, response, components, overall, advantage]), [[4, 'a', { my_iou: 0.5, format: 1 }, 1.5, 0.7], [4, 'b', { my_iou: null, format: 0 }, 0, -0.7]]);
    assert.deepEqual(source.found.problems.map(({ line, message }) => [line, message]), [[2, '"prompt" has another length than "completion".']]);
  });

  it('are read from TRL’s Parquet, chats and nulls included', async () => {
    const file = path.join(folder, 'completions_00007.parquet');
    const database = await openDuckDb();
    await database.connection.run(`copy (select 7 as step, [{'role': 'user', 'content': 'Which digit?'}] as prompt, [{'role': 'assistant', 'content': 'It is ' || n}] as completion, case when n = 1 then null else n::double end as my_iou, 0.5::double as format, n - 0.5 as advantage from range(2) t(n)) to '${file}'`);
    await database.close();
    await open(file);
    assert.deepEqual(written().map(({ step, prompt, response, components, overall, advantage, sampleId }) => [step, prompt, response, components, overall, advantage, sampleId]), [
      [7, 'Which digit?', 'It is 0', { my_iou: 0, format: 0.5 }, 0.5, -0.5, 'p-1'], [7, 'Which digit?', 'It is 1', { my_iou: null, format: 0.5 }, 0.5, 0.5, 'p-1'],
    ]);
    writeFileSync(path.join(folder, 'completions_00008.parquet'), readFileSync(file).subarray(0, 200));
    const { problems } = (await open(folder)).found;
    assert.deepEqual(problems.map(problem => path.basename(problem.file)), ['completions_00008.parquet']);
    assert.equal(written().length, 2);
  });

  it('are read from EasyR1’s log, a cut block told with its line', async () => {
    const block = '[prompt] Which digit?\nDescribe first.\n[output] ### The final answer is: 7\n[score] is what I hope for\n[ground_truth] 7\n[score] 0.9\n\n';
    const { rollouts, faults } = readEasyR1Log(`${block}${block.slice(0, 60)}`);
    assert.deepEqual(rollouts.map(({ prompt, response, gold, overall }) => [prompt, response, gold, overall]), [['Which digit?\nDescribe first.', '### The final answer is: 7\n[score] is what I hope for', '7', 0.9]]);
    assert.deepEqual(faults.map(fault => fault.line), [8]);
    await open(place('generations.log', block));
    assert.deepEqual(written().map(({ stage, overall }) => [stage, overall]), [['validation', 0.9]]);
  });

  it('are followed while they are written', async () => {
    const file = place('3.jsonl', `${verl({})}\n`);
    const source = await open(file);
    appendFileSync(file, verl({ score: 0 }).slice(0, 20));
    assert.equal(await source.refresh(), false);
    appendFileSync(file, `${verl({ score: 0 }).slice(20)}\n`);
    assert.equal(await source.refresh(), true);
    assert.deepEqual(written().map(({ index, overall }) => [index, overall]), [[0, 1], [1, 0]]);
  });

  it('tell files of another kind, and refuse what is none', async () => {
    place('1.jsonl', `${verl({})}\n`);
    place('completions.jsonl', `${JSON.stringify({ prompt: ['a'], completion: ['b'], advantages: [0] })}\n`);
    assert.match((await open(folder)).found.problems[0]?.message ?? '', /of another kind .*left out/);
    await assert.rejects(open(place('notes.jsonl', '{"a": 1}\n')), /no rollouts that are known/);
    mkdirSync(path.join(folder, 'empty'));
    await assert.rejects(open(path.join(folder, 'empty')), /no rollouts that are known/);
  });

  it('lose nothing but the line that is cut, wherever the file is cut off', async () => {
    const lines = [verl({}), verl({ score: 0, __proto__: { polluted: true } }), '{"input": "a", "output": 5}', verl({ step: '4' })];
    const text = `${lines.join('\n')}\n`;
    await fc.assert(fc.asyncProperty(fc.integer({ min: lines[0]?.length ?? 0, max: text.length }), async length => {
      const source = await open(place('5.jsonl', text.slice(0, length)));
      const whole = text.slice(0, length).split('\n').filter(each => /"output":"/.test(each) && each.endsWith('}')).length;
      assert.equal(source.found.rollouts, whole);
      const seen = text.slice(0, length).split('\n').filter(each => each !== '').length;
      assert.equal(source.found.problems.length, seen - whole);
    }), { numRuns: 30 });
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

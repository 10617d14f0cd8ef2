import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

function lint(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, ['dist/cli.js', 'lint', ...args], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('pebr lint', () => {
  let folder: string;
  const row = { qid: 'a', problem: '<image>Which digit?', answer: '7', images: ['one.png'], key_words: ['red 7'], boxes: [{ label: 'red 7', bbox: [1, 1, 9, 9] }] };
  const assistant = "### Image Description:\nred 7.\n### Rationales:\na\n### Let's think step by step.\n### Step 1:\nb\n### The final answer is: 7";
  const write = (name: string, rows: readonly (object | string)[]): void => writeFileSync(path.join(folder, name), rows.map(each => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join(''));
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr lint '));
    mkdirSync(path.join(folder, 'rewards'));
    cpSync('media/icon.png', path.join(folder, 'one.png'));
    cpSync('samples/cards/rewards/reasoning.reward.ts', path.join(folder, 'rewards/reasoning.reward.ts'));
    const stage = { name: 'reasoning', dataset: 'r', reward: 'rewards/reasoning.reward.ts' };
    writeFileSync(path.join(folder, 'pebr.json'), JSON.stringify({
      name: 'p', datasets: [{ id: 'd', stage: 'perception', path: 'd.jsonl' }, { id: 'r', stage: 'reasoning', path: 'r s.jsonl' }], rewards: ['rewards/reasoning.reward.ts'],
      pipeline: { warmUp: { data: 'w.jsonl' }, stages: [stage] },
    }));
    write('d.jsonl', [row]);
    write('r s.jsonl', [row]);
    write('w.jsonl', [{ qid: 'w', messages: [{ role: 'user', content: '<image>q' }, { role: 'assistant', content: assistant }], images: ['one.png'] }]);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('checks every dataset and the warm-up, or the one that is named', () => {
    assert.deepEqual(lint('--project', folder), { code: 0, out: '0 errors, 0 warnings, 0 notes\n', err: '' });
    write('d.jsonl', [{ ...row, answer: '' }]);
    write('w.jsonl', ['{"qid": "w"}']);
    assert.match(lint('--project', folder).out, /d\.jsonl:1:\d+: warning: The answer is empty.*\n.*w\.jsonl:1:1: error: The row has no user and assistant message\..*\n1 error, 1 warning, 0 notes\n$/);
    assert.equal(lint('r', '--project', folder).code, 0);
    assert.equal(lint('d', '--project', folder).code, 0, 'a warning is no error');
    assert.equal(lint('warm-up', '--project', folder).code, 1);
    const { code, err } = lint('x', '--project', folder);
    assert.equal(code, 2);
    assert.match(err, /There is no dataset "x"\. Known: d, r, warm-up\./);
  });

  it('corrects boxes only where enough of them show their frame, and says so', () => {
    const swapped = { ...row, boxes: [{ label: 'red 7', bbox: [9, 9, 1, 1] }] };
    write('d.jsonl', [swapped]);
    assert.match(lint('d', '--project', folder, '--fix').err, /d\.jsonl: dataset\/swapped-box not corrected: so few boxes do not show their frame\. .*--rule dataset\/swapped-box\.\n0 rows corrected/s);
    assert.deepEqual(JSON.parse(read('d.jsonl')), swapped);
    assert.match(lint('d', '--project', folder, '--fix', '--rule', 'dataset/swapped-box').err, /1 row corrected/);
    assert.deepEqual(JSON.parse(read('d.jsonl')), row);
    write('d.jsonl', [swapped, ...Array.from({ length: 8 }, (_, at) => ({ ...row, qid: `b${at}`, problem: `<image>Digit ${at}?` }))]);
    assert.match(lint('d', '--project', folder, '--fix').err, /1 row corrected/);
  });

  it('tells the rules that are asked for alone', () => {
    write('d.jsonl', [{ ...row, answer: '', key_words: ['a', 'a'] }]);
    assert.match(lint('--project', folder, '--rule', 'dataset/repeated-key-word').out, /^.*dataset\/repeated-key-word\]\n0 errors, 1 warning, 0 notes\n$/);
    assert.equal(lint('--project', folder, '--rule', 'dataset/no-such').code, 2);
    assert.equal(lint('--project', folder, '--format', 'xml').code, 2);
  });

  it('writes SARIF 2.1.0', () => {
    write('d.jsonl', [row, { ...row, qid: 'b', answer: '' }]);
    write('r s.jsonl', ['{"qid": "half']);
    const sarif = JSON.parse(lint('--project', folder, '--format', 'sarif').out) as { runs: { tool: { driver: { version: string; semanticVersion: string } } }[] };
    for (const run of sarif.runs) Object.assign(run.tool.driver, { version: 'V', semanticVersion: 'V' });
    assert.deepEqual(sarif, JSON.parse(readFileSync('test/fixtures/lint/golden.sarif.json', 'utf8')));
  });

  it('corrects what is safe, and leaves every other byte', () => {
    write('d.jsonl', [row, '{"qid": "b",  "problem":"Which?", "answer":" 7 ","images":"one.png", "key_words":["x","","X"], "boxes":[], "score": 1.50}']);
    const { code, err, out } = lint('--project', folder, '--fix');
    assert.deepEqual([code, err], [0, '1 row corrected.\n'], out);
    assert.equal(read('d.jsonl'), `${JSON.stringify(row)}\n{"qid": "b",  "problem":"<image>Which?", "answer":"7","images":["one.png"], "key_words":["x"], "boxes":[], "score": 1.50}\n`);
  });

  it('leaves boxes alone that are in another frame than the declared one, unless the rule is named', () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({ ...row, qid: `q${index}`, problem: `<image>Which is number ${index}?`, answer: ' 7', boxes: [{ label: 'x', bbox: [30 + index, 40, 20, 10] }] }));
    write('d.jsonl', rows);
    const { code, out } = lint('d', '--project', folder, '--fix');
    assert.equal(code, 1);
    assert.match(out, /and 10 in the frame "coco-xywh"/);
    assert.deepEqual(read('d.jsonl').trim().split('\n').map(line => JSON.parse(line) as unknown), rows.map(each => ({ ...each, answer: '7' })));
    lint('d', '--project', folder, '--fix', '--rule', 'dataset/swapped-box');
    assert.deepEqual((JSON.parse(read('d.jsonl').split('\n')[0] ?? '') as typeof rows[0]).boxes, [{ label: 'x', bbox: [20, 10, 30, 40] }]);
  });

  it('renames or deletes only where the rule is named', () => {
    write('d.jsonl', [row, row, { ...row, qid: 'a-2' }]);
    assert.equal(lint('--project', folder, '--fix').code, 1);
    assert.equal(lint('--project', folder, '--fix', '--rule', 'dataset/duplicate-qid').code, 0);
    assert.deepEqual(read('d.jsonl').trim().split('\n').map(line => (JSON.parse(line) as { qid: string }).qid), ['a', 'a-3', 'a-2']);
  });

  it('scores the labels with the dataset’s own reward: gold must score 1', () => {
    write('r s.jsonl', [row, { ...row, qid: 'b', answer: 'x < y', problem: '<image>Which?' }]);
    assert.deepEqual(lint('r', '--project', folder, '--gold').out.includes('gold'), false, 'the reward pays both');
    writeFileSync(path.join(folder, 'rewards/reasoning.reward.ts'), "import { defineReward } from 'pebr';\nexport default defineReward({ components: { seven: ({ response }) => (response.endsWith(': 7') ? 1 : 0) }, weights: { seven: 1 } });\n");
    const { out } = lint('r', '--project', folder, '--gold');
    assert.match(out, /r s\.jsonl:2:\d+: warning: The gold answer does not get full marks: seven 0\. \(reasoning\.reward\.ts\).*\[reward\/gold-below-full-marks\]\n0 errors, 1 warning, 0 notes\n$/);
  });
});

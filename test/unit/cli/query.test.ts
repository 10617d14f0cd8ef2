import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

describe('pebr query', () => {
  let folder: string;
  const rows = [
    { qid: 'a', problem: 'How many?', answer: '7', source: 'x', boxes: [{ label: 'card', bbox: [1, 1, 9, 9] }] },
    { qid: 'b', problem: 'Which one?', answer: '', source: 'y', boxes: [] },
    { qid: 'c', problem: 'How long?', answer: '9', source: 'x', boxes: [] },
  ];
  const lines = rows.map(row => JSON.stringify(row));

  function pebr(...args: string[]): { code: number | null; out: string; err: string } {
    const done = spawnSync(process.execPath, [path.resolve('dist/cli.js'), 'query', ...args], { encoding: 'utf8', cwd: folder });
    return { code: done.status, out: done.stdout, err: done.stderr };
  }

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-query-'));
    writeFileSync(path.join(folder, 'pebr.json'), JSON.stringify({ name: 'p', datasets: [{ id: 'd', stage: 'perception', path: 'd.jsonl' }], views: [{ name: 'numbers', dataset: 'd', query: 'answer_type:number', sort: ['qid:desc'] }] }));
    writeFileSync(path.join(folder, 'd.jsonl'), lines.join('\n'));
    mkdirSync(path.join(folder, '.pebr/difficulty'), { recursive: true });
    writeFileSync(path.join(folder, '.pebr/difficulty/d.jsonl'), '{"qid":"b","difficulty":"hard","correct":0,"responses":8}\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('counts, lists ids and writes rows as they are', () => {
    assert.equal(pebr('d', 'source:x', '--count').out, '2\n');
    assert.equal(pebr('d', 'how', '--sort', 'answer:desc', '--qids').out, 'c\na\n');
    assert.equal(pebr('d', 'difficulty:hard', '--json').out, `${lines[1]}\n`);
    assert.equal(pebr('d.jsonl', 'sql: box_count = 0', '--count').out, '2\n');
    assert.equal(pebr('d', '--view', 'numbers', '--qids').out, 'c\na\n');
    assert.equal(pebr('d', '--group-by', 'source', '--count').out, '2\tx\n1\ty\n');
    assert.equal(pebr('d', 'problem:dataset/empty-answer', '--qids').out, 'b\n');
  });

  it('shows rows and a histogram to a person', () => {
    assert.match(pebr('d', 'box:card').out, /^ {6}1 {2}a +7 +How many\?\n1 of 3 rows, \d+ ms\n$/);
    assert.match(pebr('d', '--facet', 'source').out, /^ {8}2 {2}█+ {2}x +source:x\n {8}1 .*\nsource: 2 different values in 3 rows\n$/);
    assert.deepEqual(JSON.parse(pebr('d', '--facet', 'boxes', '--json').out), { column: 'box_count', rowCount: 3, distinct: 2, range: [0, 1], bars: [{ label: '0', count: 2, chip: 'boxes:0' }, { label: '1', count: 1, chip: 'boxes:1' }] });
  });

  it('exits 2 and says what is wrong', () => {
    for (const [args, words] of [
      [['d', 'nope:1'], /There is no column "nope"\. Columns: qid, /],
      [['d', 'sql: answer >'], /This is no condition of SQL: syntax error/],
      [['nowhere', 'x'], /neither such a dataset nor such a file\. Datasets: d\./],
      [['d', '--view', 'other'], /no view "other"\. Known: numbers/],
      [['d', 'source:x', 'tag:y'], /tag:y: it is one argument too many/],
    ] as const) {
      const { code, err } = pebr(...args);
      assert.equal(code, 2, err);
      assert.match(err, words);
    }
  });
});

import * as assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { lintDataset } from '../../../src/platform/dataset/lintDataset';
import { rowOf, SoundProject } from './brokenCopy';

const threads = { script: path.resolve('dist/lintThread.js'), count: 2 };

describe('a large dataset', () => {
  let project: SoundProject;
  const rowCount = 30_000;
  before(async () => {
    project = await new SoundProject().build();
    const lines = Array.from({ length: rowCount }, (_, index) => JSON.stringify(rowOf(`q${index}`, `${index % 12}.png`, index)));
    lines[25_000] = JSON.stringify(rowOf('q7', '1.png', 3));
    lines[12_345] = '{"qid": "half';
    lines[20_000] = JSON.stringify({ ...rowOf('q20000', '2.png', 1), answer: ' 1' });
    lines.splice(100, 0, '', '');
    writeFileSync(path.join(project.folder, 'rows.jsonl'), `\uFEFF${lines.join('\r\n')}`);
    writeFileSync(path.join(project.folder, 'held.jsonl'), `${JSON.stringify({ ...rowOf('q29999', '2.png', 4), problem: '<image>Which digit is on card q29991?' })}\n`);
  });
  after(() => rmSync(project.folder, { recursive: true }));

  it('tells the same in threads as without, in the order of the file', async () => {
    const own = await lintDataset(project.folder, project.config);
    const threaded = await lintDataset(project.folder, project.config, { threads });
    assert.deepEqual(threaded.problems, own.problems);
    assert.deepEqual(threaded.counts, own.counts);
    assert.deepEqual(own.problems.map(problem => `${path.basename(problem.file)}:${problem.line} ${problem.rule}`), [
      'rows.jsonl:12348 dataset/malformed-line', 'rows.jsonl:20003 dataset/untrimmed-answer', 'rows.jsonl:25003 dataset/duplicate-qid',
      'held.jsonl:1 dataset/duplicate-qid', 'held.jsonl:1 dataset/leaked-image',
    ]);
    const marks = [...(threaded.marks.get(path.join(project.folder, 'rows.jsonl')) ?? [])];
    assert.deepEqual(marks.map(({ row, rule }) => `${row} ${rule}`), ['12345 dataset/malformed-line', '20000 dataset/untrimmed-answer', '25000 dataset/duplicate-qid']);
  });

  it('leaves the event loop free between its parts, also without threads', async () => {
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    await lintDataset(project.folder, project.config);
    isDone = true;
    assert.ok(turns > 80, `${turns} turns in 9 MB`); // in slices of 64 KB, a few milliseconds each
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const stopped = lintDataset(project.folder, project.config, { threads, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 20);
    await assert.rejects(stopped, /enough|thread/);
  });

  it('lists the first two thousand problems, and counts and marks them all', async () => {
    const lines = Array.from({ length: rowCount }, (_, index) => JSON.stringify({ ...rowOf(`q${index}`, '1.png', index), answer: '' }));
    writeFileSync(path.join(project.folder, 'rows.jsonl'), lines.join('\n'));
    const { problems, counts, marks } = await lintDataset(project.folder, { ...project.config, heldOut: null }, { threads });
    assert.equal(problems.length, 2001);
    assert.deepEqual(problems.at(-1)?.message, 'Only the first 2,000 of 30,000 problems are listed.');
    assert.deepEqual(counts.get('dataset/empty-answer'), { severity: 'warning', count: rowCount });
    assert.equal([...(marks.get(path.join(project.folder, 'rows.jsonl')) ?? [])].length, rowCount);
  });
});

import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { ExportFixture, row } from './exportFixture';

function pebr(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, ['dist/cli.js', 'export', ...args], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('pebr export', () => {
  let fixture: ExportFixture;
  let project: readonly string[];
  beforeEach(async () => {
    fixture = new ExportFixture();
    await fixture.image('images/a.png');
    fixture.rows('rows.jsonl', [row, { ...row, qid: 'q2', answer: 'right' }, { ...row, qid: 'q3', answer: '' }]);
    fixture.rows('held.jsonl', [{ ...row, qid: 'h1' }]);
    writeFileSync(path.join(fixture.folder, 'pebr.json'), JSON.stringify({ name: 'p', prompt: 'prompt.jinja', datasets: [{ id: 'cats', stage: 'perception', path: 'data/rows.jsonl', heldOut: 'data/held.jsonl', imageRoot: 'data' }] }));
    writeFileSync(path.join(fixture.folder, 'prompt.jinja'), 'Think. {{ content }}');
    project = ['--project', fixture.folder, '--out', fixture.out];
  });
  afterEach(() => fixture.remove());

  const read = (name: string): string => readFileSync(path.join(fixture.out, name), 'utf8');
  const qids = (name: string): string[] => (JSON.parse(read(name)) as { qid: string }[]).map(({ qid }) => qid);

  it('stops at rows that would be refused, with their lines; leaves them out where told', () => {
    const stopped = pebr('cats', '--to', 'easyr1', ...project);
    assert.equal(stopped.code, 1);
    assert.match(stopped.out, /rows\.jsonl:3: error: The answer is empty: .* \[export\/empty-answer\]\n3 of 4 rows are as PeBR-R1 \/ EasyR1 needs them; 1 would be refused\.\nNothing was written\./);
    assert.equal(existsSync(fixture.out), false);
    assert.equal(pebr('cats', '--to', 'easyr1', ...project, '--leave-out').code, 1);
    assert.deepEqual([qids('cats.json'), qids('cats.heldout.json')], [['q1', 'q2'], ['h1']]);
  });

  it('says that a file cannot be written, and leaves nothing', () => {
    const { code, err } = pebr('cats', '--to', 'easyr1', ...project, '--leave-out', '--name', 'n'.repeat(300));
    assert.equal(code, 2);
    assert.match(err, /^error: .*n\.json cannot be written: ENAMETOOLONG/);
    assert.equal(existsSync(fixture.out), false);
  });

  it('writes the rows of a query, of a list of ids, of one split, with the project’s prompt', () => {
    const list = path.join(fixture.folder, 'ids.txt');
    writeFileSync(list, 'q1\r\nq2\r\n');
    assert.equal(pebr('cats', '--to', 'easyr1', ...project, '--qids', list, '--where', 'answer:right', '--prompt').code, 0);
    assert.deepEqual(qids('cats.json'), ['q2']);
    assert.match(read('cats.json'), /Think\. <image>Where is the cat\?/);
    assert.equal(pebr('cats', '--to', 'easyr1', ...project, '--split', 'heldout', '--name', 'held').code, 0);
    assert.deepEqual([qids('held.heldout.json'), existsSync(path.join(fixture.out, 'held.json'))], [['h1'], false]);
  });

  it('looks without writing, and tells a program', () => {
    const { code, out } = pebr('cats', '--to', 'verl', '--project', fixture.folder, '--check', '--json');
    assert.equal(code, 1);
    const report = JSON.parse(out) as { rows: number; refused: number; counts: Record<string, { count: number }>; problems: { line: number; qid: string }[] };
    assert.deepEqual([report.rows, report.refused, report.counts['export/empty-answer']?.count, report.problems[0]?.line, report.problems[0]?.qid], [4, 1, 1, 3, 'q3']);
  });

  it('takes the limits of a processor with the frame of resized pixels', () => {
    assert.equal(pebr(path.join(fixture.data, 'held.jsonl'), '--to', 'easyr1', '--project', fixture.folder, '--out', fixture.out, '--name', 'q', '--frame', 'qwen2.5-resized', '--max-pixels', '60000').code, 0);
    // 640 × 480 is seen as 280 × 196 by a processor that may have 60,000 pixels.
    assert.deepEqual((JSON.parse(read('q.heldout.json')) as { boxes: unknown }[])[0]?.boxes, [{ label: 'cat', bbox: [28, 20, 140, 98] }]);
  });

  it('refuses in words what it does not have', () => {
    const words = (...args: string[]): string => {
      const { code, err } = pebr(...args);
      assert.equal(code, 2);
      return err;
    };
    assert.match(words('cats', '--to', 'nemo', ...project), /there is no export "nemo"/);
    assert.match(words('dogs', '--to', 'verl', ...project), /there is no such dataset\. Known: cats/);
    assert.match(words('cats', '--to', 'verl', ...project, '--frame', 'voc'), /no frame "voc"/);
    assert.match(words('cats', '--to', 'verl', ...project, '--frame', 'norm1', '--max-pixels', '9'), /belongs to --frame qwen2\.5-resized/);
    assert.match(words('cats', '--to', 'verl', ...project, '--where', 'nothing:1'), /There is no column "nothing"/);
    assert.match(words('cats', '--to', 'verl', '--project', fixture.folder), /say which folder/);
  });
});

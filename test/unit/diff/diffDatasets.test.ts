import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { changeInWords } from '../../../src/core/diff/changeInWords';
import { errorInWords } from '../../../src/core/errorWords';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { DatasetFile } from '../../../src/platform/dataset/datasetFile';
import { type DatasetDiff, diffDatasets } from '../../../src/platform/diff/diffDatasets';
import { fileRevisions, resolveRevision, writeRevision } from '../../../src/platform/diff/gitRevision';

const row = (qid: string, more: object = {}): string => JSON.stringify({ qid, problem: '<image>Where?', answer: 'left', images: ['a.png'], boxes: [{ label: 'cat', bbox: [0, 0, 10, 10] }], ...more });

describe('two revisions of a dataset', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pebr diff '))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const compare = async (old: string, now: string): Promise<DatasetDiff> => {
    const files = await Promise.all([old, now].map((text, side) => {
      const file = path.join(folder, `${side}.jsonl`);
      writeFileSync(file, text);
      return DatasetFile.open(file);
    }));
    const [before, after] = files;
    assert.ok(before && after);
    try {
      return await diffDatasets(before, after, { columns: defaultColumns, boxFrame: 'pixel' });
    } finally {
      await Promise.all(files.map(file => file.close()));
    }
  };
  const told = ({ changes }: DatasetDiff): string[] => changes.map(({ kind, qid, diff }) => `${kind} ${qid}${diff ? `: ${changeInWords(diff, 'boxes')}` : ''}`);

  it('tell rows added, removed and changed by their id, with the fields and boxes', async () => {
    const old = [row('a'), row('b'), row('c'), row('d')].join('\n');
    const now = [row('d', { answer: 'right', level: 2 }), row('a'), row('new'), row('c', { boxes: [{ label: 'cat', bbox: [0, 0, 10, 8] }, { label: 'dog', bbox: [20, 20, 30, 30] }] })].join('\n');
    assert.deepEqual(told(await compare(old, now)), ['changed d: answer, level', 'removed b', 'added new', 'changed c: boxes (1 moved, IoU 0.80; 1 added)']);
  });

  it('are the same with other line ends, blank lines, a byte order mark and another order', async () => {
    const { changes } = await compare(`${row('a')}\n${row('b')}\n`, `\ufeff${row('b')}\r\n\r\n${row('a')}\r\n`);
    assert.deepEqual(changes, []);
  });

  it('tell a row that is only written otherwise as such', async () => {
    assert.deepEqual(told(await compare(row('a'), row('a').replace('"qid":', '"qid" : '))), ['rewritten a: only written otherwise']);
  });

  it('pair rows of one id in their order', async () => {
    const old = [row('a', { answer: '1' }), row('a', { answer: '2' }), row('a', { answer: '3' })].join('\n');
    const now = [row('a', { answer: '1' }), row('a', { answer: 'two' })].join('\n');
    const diff = await compare(old, now);
    assert.deepEqual(diff.changes.map(({ kind, old: before, now: after }) => [kind, before, after]), [['changed', 1, 1], ['removed', 2, null]]);
  });

  it('show lines that are no rows, and rows without id', async () => {
    const diff = await compare(`{"qid": "half\n{"answer": "x"}\n`, `{"qid": "half", "answer": "y"}\n{"answer": "z"}\n`);
    assert.deepEqual(diff.counts, { added: 1, removed: 1, changed: 1, rewritten: 0 });
  });

  it('any edits are found, and nothing else', async () => {
    const edits = fc.array(fc.tuple(fc.nat(19), fc.constantFrom('delete' as const, 'change' as const, 'insert' as const)), { maxLength: 12 });
    await fc.assert(fc.asyncProperty(edits, async all => {
      const rows = Array.from({ length: 20 }, (_, at) => ({ qid: `q${at}`, answer: 'left' }));
      const by = new Map(all);
      const now = rows.flatMap((each, at) => {
        const edit = by.get(at);
        if (edit === 'delete') return [];
        if (edit === 'change') return [{ ...each, answer: 'right' }];
        return edit === 'insert' ? [{ qid: `new${at}`, answer: 'left' }, each] : [each];
      });
      const text = (list: readonly object[]): string => list.map(each => JSON.stringify(each)).join('\n');
      const { counts } = await compare(text(rows), text(now));
      const count = (kind: string): number => [...by.values()].filter(each => each === kind).length;
      assert.deepEqual(counts, { added: count('insert'), removed: count('delete'), changed: count('change'), rewritten: 0 });
    }), { numRuns: 40 });
  });
});

describe('revisions of a file in Git', () => {
  let folder: string;
  let file: string;
  const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', ...args], { cwd: folder, encoding: 'utf8' });

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr git '));
    git('init', '-q');
    mkdirSync(path.join(folder, 'data'));
    file = path.join(folder, 'data', 'first name.jsonl');
    writeFileSync(file, `${row('a')}\n`);
    git('add', '.');
    git('commit', '-q', '-m', 'First; with "signs" — ü');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are listed under the names that the file had, and read as they were', async () => {
    const renamed = path.join(folder, 'data', 'réné [1].jsonl');
    renameSync(file, renamed);
    git('add', '-A');
    git('commit', '-q', '-m', 'Rename');
    writeFileSync(renamed, `${row('a', { answer: 'right' })}\n`);
    git('commit', '-qam', 'Correct');
    const revisions = await fileRevisions('git', renamed);
    assert.deepEqual(revisions.map(({ subject, path: name }) => [subject, name]), [['Correct', 'data/réné [1].jsonl'], ['Rename', 'data/réné [1].jsonl'], ['First; with "signs" — ü', 'data/first name.jsonl']]);
    const oldest = revisions[2];
    assert.ok(oldest);
    const written = await writeRevision('git', renamed, oldest.commit, oldest.path);
    const dataset = await DatasetFile.open(written.file);
    assert.equal((await dataset.readRows(0, 1))[0]?.text, row('a'));
    await dataset.close();
    await written.remove();
    assert.equal(existsSync(written.file), false);
  });

  it('are named as Git names them; other names are refused in words', async () => {
    assert.equal(await resolveRevision('git', file, 'HEAD'), git('rev-parse', 'HEAD').trim());
    const words = async (work: Promise<unknown>): Promise<string> => work.then(() => '', errorInWords);
    assert.match(await words(resolveRevision('git', file, 'no-such')), /no-such: there is no such commit/);
    assert.match(await words(resolveRevision('git', file, '--output=x')), /there is no such commit/);
    assert.match(await words(writeRevision('git', path.join(folder, 'data', 'other.jsonl'), await resolveRevision('git', file, 'HEAD'))), /does not have it/);
    assert.match(await words(fileRevisions('no-git-here', file)), /Git cannot be started/);
  });

  it('outside a repository, or in Git LFS, they are refused in words', async () => {
    const outside = mkdtempSync(path.join(os.tmpdir(), 'pebr nogit '));
    await assert.rejects(fileRevisions('git', path.join(outside, 'a.jsonl')), (error: unknown) => /in no Git repository/.test(errorInWords(error)));
    rmSync(outside, { recursive: true });
    writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
    git('commit', '-qam', 'Pointer');
    await assert.rejects(writeRevision('git', file, git('rev-parse', 'HEAD').trim()), (error: unknown) => /Git LFS/.test(errorInWords(error)));
  });
});

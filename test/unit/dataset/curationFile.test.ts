import * as assert from 'node:assert/strict';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { type Curation, untouched } from '../../../src/core/curation/curation';
import { curationFile, readCuration, saveCuration } from '../../../src/platform/dataset/curationFile';

describe('curation file', () => {
  let folder: string;
  let file: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'pebr-curation-'))));
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    file = curationFile(path.join(folder, 'data.jsonl'));
    await rm(file, { force: true });
  });

  const tagged = (...tags: string[]): Curation => ({ ...untouched, tags });
  const line = (qid: string, tags: string, rest = ''): string =>
    `{"v":1,"qid":"${qid}","tags":${tags},"review":"todo","note":"","stage":null,"difficulty":null,"rollout":null,"date":"2026-11-21"${rest}}`;

  it('is not there before anything was decided, and goes with the last sample', async () => {
    assert.deepEqual(await readCuration(file), { records: new Map(), problems: [] });
    await saveCuration(file, new Map([['b', tagged('x')], ['a', tagged('y')]]), '2026-11-21');
    assert.equal(await readFile(file, 'utf8'), `${line('a', '["y"]')}\n${line('b', '["x"]')}\n`);
    await saveCuration(file, new Map([['a', untouched], ['b', untouched]]), '2026-11-21');
    await assert.rejects(access(file));
  });

  it('keeps every line that was not touched to the byte, bad ones too, and its order', async () => {
    const bad = Buffer.concat([Buffer.from('{"qid":"c",'), Buffer.from([0xff, 0xfe])]);
    const head = `{"note":"\u2028", "qid":"b" }\n\n<<<<<<< HEAD\n`;
    await writeFile(file, Buffer.concat([Buffer.from(head), bad, Buffer.from(`\n${line('d', '[]', ',"later":1')}\n`)]));
    const { records, problems } = await readCuration(file);
    assert.deepEqual([...records.keys()], ['b', 'd']);
    assert.deepEqual(problems.map(({ line: at, rule }) => [at, rule]), [[3, 'curation/malformed-line'], [4, 'curation/malformed-line']]);
    await saveCuration(file, new Map([['a', tagged('x')], ['c', tagged('x')], ['d', tagged('x')], ['e', tagged('x')]]), '2026-11-21');
    const expected = [line('a', '["x"]'), '{"note":"\u2028", "qid":"b" }', '<<<<<<< HEAD'].map(text => `${text}\n`).join('');
    const rest = [line('c', '["x"]'), line('d', '["x"]', ',"later":1'), line('e', '["x"]')].map(text => `${text}\n`).join('');
    assert.deepEqual(await readFile(file), Buffer.concat([Buffer.from(expected), bad, Buffer.from(`\n${rest}`)]));
  });

  it('appends where the order is a person\'s own, keeps Windows line ends, and drops an earlier line of a changed sample', async () => {
    await writeFile(file, `\ufeff${line('z', '[]')}\r\n${line('a', '["1"]')}\r\n${line('a', '["2"]')}\r\n`);
    const { records, problems } = await readCuration(file);
    assert.deepEqual([records.get('a')?.tags, problems.map(({ rule }) => rule)], [['2'], ['curation/repeated-qid']]);
    await saveCuration(file, new Map([['m', tagged('x')], ['a', tagged('3')]]), '2026-11-21');
    assert.equal(await readFile(file, 'utf8'), `${line('z', '[]')}\r\n${line('a', '["3"]')}\r\n${line('m', '["x"]')}\r\n`);
  });

  it('reads back what any two saves said', async () => {
    const value = fc.record({ tags: fc.subarray(['a', 'b']), note: fc.string({ unit: 'grapheme', maxLength: 5 }) }).map(({ tags, note }): Curation => ({ ...untouched, tags, note }));
    const changes = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 3 }), value), { maxLength: 8 }).map(entries => new Map(entries));
    await fc.assert(
      fc.asyncProperty(changes, changes, async (first, second) => {
        await rm(file, { force: true });
        await saveCuration(file, first, '2026-11-21');
        await saveCuration(file, second, '2026-11-22');
        const expected = [...new Map([...first, ...second])].filter(([, { tags, note }]) => tags.length > 0 || note !== '').sort(([a], [b]) => (a < b ? -1 : 1));
        const { records, problems } = await readCuration(file);
        assert.deepEqual([[...records], problems], [expected, []]);
      }),
      { numRuns: 60 },
    );
  });

  it('that cannot be written says so', async () => {
    await assert.rejects(saveCuration(path.join(folder, 'no such folder', 'x.jsonl'), new Map([['b', tagged('x')]]), '2026-11-21'), { code: 'file.unwritable' });
    assert.deepEqual(await readdir(folder), []);
  });
});

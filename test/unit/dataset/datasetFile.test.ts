import * as assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { DatasetFile } from '../../../src/platform/dataset/datasetFile';
import { saveRows } from '../../../src/platform/dataset/saveRows';
import { rowLine } from './randomLines';

describe('dataset file', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'pebr-dataset-'))));
  after(() => rm(folder, { recursive: true }));

  const write = async (content: string | Buffer): Promise<string> => {
    const file = path.join(folder, `${Math.random().toString(36).slice(2)}.jsonl`);
    await writeFile(file, content);
    return file;
  };
  const open = async <T>(file: string, use: (dataset: DatasetFile) => Promise<T>): Promise<T> => {
    const dataset = await DatasetFile.open(file);
    try {
      return await use(dataset);
    } finally {
      await dataset.close();
    }
  };

  it('counts rows, not blank lines, and knows the lines they are on', async () => {
    const file = await write('\ufeff{"a":1}\r\n\r\n  \n{"b":2}\n{"c":3}');
    await open(file, async dataset => {
      assert.equal(await dataset.count(), 3);
      assert.deepEqual(await dataset.readRows(0, 9), [
        { row: 0, line: 1, text: '{"a":1}' },
        { row: 1, line: 4, text: '{"b":2}' },
        { row: 2, line: 5, text: '{"c":3}' },
      ]);
      assert.equal(await dataset.rowOfLine(4), 1);
      assert.equal(await dataset.rowOfLine(5), 2);
    });
  });

  it('reads any part of a file that is longer than a chunk', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => JSON.stringify({ qid: `q-${index}`, pad: 'ü'.repeat(index % 200) }));
    await open(await write(`${lines.join('\n')}\n`), async dataset => {
      assert.deepEqual((await dataset.readRows(0, 2)).map(row => row.text), lines.slice(0, 2));
      assert.equal(await dataset.count(), 30_000);
      assert.deepEqual((await dataset.readRows(14_990, 15_010)).map(row => row.text), lines.slice(14_990, 15_010));
      assert.deepEqual((await dataset.readRows(29_999, 40_000)).map(row => row.text), lines.slice(-1));
      let seen = 0;
      for await (const rows of dataset.batches()) for (const { row, text } of rows) assert.equal(text, lines[(seen++, row)]);
      assert.equal(seen, 30_000);
      assert.equal((await dataset.findQid('q-29998', defaultColumns))?.row, 29_998);
      assert.equal(await dataset.findQid('q-3000', defaultColumns).then(found => found?.row), 3000);
      assert.equal(await dataset.findQid('pad', defaultColumns), undefined);
    });
  });

  it('is readable to its end after it was deleted', async () => {
    const file = await write('{"qid":"a"}\n{"qid":"b"}\n');
    await open(file, async dataset => {
      await rm(file);
      assert.equal(await dataset.state(), 'missing');
      assert.equal((await dataset.readRows(1, 2))[0]?.text, '{"qid":"b"}');
      await saveRows(dataset, file, [[{ row: 0, base: '{"qid":"a"}', text: '{"qid":"A"}' }]]);
      assert.equal(await readFile(file, 'utf8'), '{"qid":"A"}\n{"qid":"b"}\n');
    });
  });

  it('says what it cannot read', async () => {
    await assert.rejects(DatasetFile.open(path.join(folder, 'none.jsonl')), { code: 'dataset.unreadable' });
    await assert.rejects(DatasetFile.open(await write(Buffer.from('\ufeff{}', 'utf16le'))), { code: 'dataset.unreadable' });
  });

  it('tells a changed file from the same one', async () => {
    const file = await write('{"qid":"a"}\n');
    await open(file, async dataset => {
      assert.equal(await dataset.state(), 'same');
      await writeFile(`${file}.new`, '{"qid":"b"}\n');
      await rename(`${file}.new`, file);
      assert.equal(await dataset.state(), 'changed');
      assert.equal((await dataset.readRows(0, 1))[0]?.text, '{"qid":"a"}', 'the version that was opened');
    });
  });

  describe('saving', () => {
    it('changes the edited lines and no other byte, for any lines and line ends', async () => {
      const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n  \r\n');
      const content = fc.record({
        lines: fc.array(fc.tuple(rowLine, ends), { minLength: 1, maxLength: 8 }),
        bom: fc.boolean(),
        isCut: fc.boolean(),
        picks: fc.array(fc.nat(7), { maxLength: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(content, async ({ lines, bom, isCut, picks }) => {
          const rows = lines.map(([line]) => line);
          const all = (texts: readonly string[]): string => {
            const joined = texts.map((text, index) => text + (lines[index]?.[1] ?? '')).join('');
            return (bom ? '\ufeff' : '') + (isCut ? joined.trimEnd() : joined);
          };
          const file = await write(all(rows));
          const changed = [...new Set(picks)].filter(row => row < rows.length).sort((a, b) => a - b).map(row => ({ row, base: rows[row] ?? '', text: `{"new": "ü ${row}"}` }));
          if (isCut && changed.some(({ row, base }) => row === rows.length - 1 && base !== base.trimEnd())) return; // the cut took blanks of the base away
          await open(file, dataset => saveRows(dataset, file, changed.map(change => [change])));
          assert.equal(await readFile(file, 'utf8'), all(rows.map((text, row) => changed.find(change => change.row === row)?.text ?? text)));
        }),
        { numRuns: 60 },
      );
    });

    it('drops rows with their line ends, and puts them back to the very bytes', async () => {
      const content = fc.record({
        rows: fc.array(rowLine.map(line => line.trimEnd()), { minLength: 1, maxLength: 8 }),
        lineEnd: fc.constantFrom('\n', '\r\n'),
        bom: fc.boolean(),
        isCut: fc.boolean(),
        picks: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      });
      await fc.assert(
        fc.asyncProperty(content, async ({ rows, lineEnd, bom, isCut, picks }) => {
          const all = (texts: readonly string[]): string => {
            const joined = texts.map(text => `${text}${lineEnd}`).join('');
            return (bom ? '\ufeff' : '') + (isCut && texts.length > 0 ? joined.slice(0, -lineEnd.length) : joined);
          };
          if (isCut && rows.every((_, row) => picks[row])) return; // of an empty file nobody knows how its last line ended
          if (rows.filter((_, row) => !picks[row]).length < 2 && lineEnd === '\r\n') return; // nor, of a file of one line, how lines end
          const file = await write(all(rows));
          await open(file, dataset => saveRows(dataset, file, [rows.flatMap((base, row) => (picks[row] ? [{ row, base, text: null }] : []))]));
          assert.equal(await readFile(file, 'utf8'), all(rows.filter((_, row) => !picks[row])));
          const back = rows.flatMap((text, row) => (picks[row] ? [{ row: rows.slice(0, row).filter((_, before) => !picks[before]).length, base: null, text }] : []));
          await open(file, dataset => saveRows(dataset, file, [back]));
          assert.equal(await readFile(file, 'utf8'), all(rows));
        }),
        { numRuns: 100 },
      );
    });

    it('refuses to replace a line that is not what it was', async () => {
      const file = await write('{"qid":"a"}\n');
      await open(file, async dataset => {
        await assert.rejects(saveRows(dataset, file, [[{ row: 0, base: '{"qid":"b"}', text: '{}' }]]), { code: 'dataset.changedOnDisk' });
      });
      assert.equal(await readFile(file, 'utf8'), '{"qid":"a"}\n');
    });

    it('refuses to write over bytes that are no UTF-8', async () => {
      const file = await write(Buffer.from([...Buffer.from('{"qid":"'), 0xff, ...Buffer.from('"}\n')]));
      await open(file, async dataset => {
        const base = (await dataset.readRows(0, 1))[0]?.text ?? '';
        await assert.rejects(saveRows(dataset, file, [[{ row: 0, base, text: '{}' }]]), { code: 'dataset.changedOnDisk' });
      });
    });

    it('keeps the mode, follows links, and leaves nothing behind', async () => {
      const file = await write('{"qid":"a"}\n');
      await chmod(file, 0o640);
      const link = path.join(folder, 'link.jsonl');
      await symlink(file, link);
      await open(link, dataset => saveRows(dataset, link, [[{ row: 1, base: null, text: '{"qid":"b"}' }]]));
      assert.equal(await readFile(file, 'utf8'), '{"qid":"a"}\n{"qid":"b"}\n');
      assert.equal((await stat(file)).mode & 0o777, 0o640);
      assert.deepEqual((await readdir(folder)).filter(name => name.endsWith('.tmp')), []);
    });

    it('tells in words when the folder cannot be written, and leaves the file', async () => {
      const file = await write('{"qid":"a"}\n');
      await open(file, async dataset => {
        await assert.rejects(saveRows(dataset, path.join(folder, 'no such folder', 'x.jsonl'), []), { code: 'file.unwritable' });
      });
    });
  });
});

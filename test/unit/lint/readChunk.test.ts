import * as assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { DatasetFile } from '../../../src/platform/dataset/datasetFile';
import { readChunk } from '../../../src/platform/lint/readChunk';

const line = fc.oneof({ weight: 5, arbitrary: fc.string({ maxLength: 12 }).map(text => text.replace(/[\r\n]/g, 'x')) }, fc.constantFrom('', '  ', '\t', '{"qid": "ü"}', '\r'));

describe('parts of a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pebr-chunk-'));
  const file = path.join(folder, 'rows.jsonl');
  after(() => rmSync(folder, { recursive: true }));

  it('have together the rows and lines of the file, each once, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean(), fc.integer({ min: 4, max: 40 }), async (lines, end, hasBom, isEnded, length) => {
        const text = `${hasBom ? '\uFEFF' : ''}${lines.join(end)}${isEnded ? end : ''}`;
        writeFileSync(file, text);
        const dataset = await DatasetFile.open(file);
        const wanted = await dataset.readRows(0, await dataset.count());
        const starts = wanted.map(({ row }) => dataset.startOf(row));
        await dataset.close();
        const handle = openSync(file, 'r');
        const found: { row: number; line: number; text: string }[] = [];
        const foundStarts: number[] = [];
        let firstLine = 0;
        const size = Buffer.byteLength(text);
        for (let from = 0; from < size; from += length) {
          const chunk = readChunk(handle, from, Math.min(size, from + length));
          for (let row = 0; row < chunk.rows; row++) {
            found.push({ row: found.length, line: firstLine + chunk.line(row), text: chunk.text(row) });
            foundStarts.push(chunk.starts[row] ?? -1);
          }
          firstLine += chunk.lines;
        }
        closeSync(handle);
        assert.deepEqual(found, wanted);
        assert.deepEqual(foundStarts, starts);
      }),
      { numRuns: 300 },
    );
  });
});

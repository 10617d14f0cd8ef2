import { open } from 'node:fs/promises';
import { type CsvRecord, CsvParser, delimiterOf } from '../../core/formats/csvParser';
import type { ImportFault } from '../../core/formats/importedRow';
import { fileChunks, textOfBytes, watchSize } from './fileChunks';
import type { ForeignRecord, ReadProgress } from './foreignRecord';
import { tooLong } from './readJson';

/** The records of a CSV (or tab-separated) file under the names of its first line. Cells are texts: nothing is taken for a number that was an id. */
export async function* readCsv(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  let records: CsvRecord[] = [];
  const parser = new CsvParser(record => records.push(record), delimiterOf(await firstLine(file)));
  let header: readonly string[] | undefined;
  let isInvalid = false;
  const take = function* (): Generator<ForeignRecord> {
    for (const record of records) {
      if (header) yield recordOf(file, header, record);
      else {
        header = record.cells.map(name => name.trim());
        const faults = headerFaults(header);
        if (faults.length > 0) yield { file, line: record.line, faults };
      }
    }
    records = [];
  };
  const changed = await watchSize(file);
  const decoder = new TextDecoder();
  for await (const chunk of fileChunks(file, progress, signal)) {
    const text = decoder.decode(chunk, { stream: true });
    isInvalid ||= text.includes('\ufffd') && textOfBytes(chunk.subarray(0, lastLine(chunk))).faults.length > 0;
    parser.push(text);
    yield* take();
  }
  parser.push(decoder.decode());
  parser.end();
  yield* take();
  const faults: ImportFault[] = [...(await changed())];
  if (isInvalid) faults.push({ severity: 'warning', rule: 'import/invalid-utf8', message: 'The file holds bytes that are no UTF-8.', remedy: 'They are read as “�”. Save the source as UTF-8 and import again to keep the letters.' });
  if (faults.length > 0) yield { file, faults };
}

function recordOf(file: string, header: readonly string[], { line, cells, isCut, isLong }: CsvRecord): ForeignRecord {
  if (isLong) return { file, line, faults: [tooLong] };
  if (isCut) return { file, line, faults: [{ severity: 'error', rule: 'import/truncated', message: 'The file ends inside the quotes of this record.', remedy: 'Get the whole file; the records before it are imported.' }] };
  const faults: ImportFault[] = cells.length === header.length
    ? []
    : [{ severity: 'warning', rule: 'import/column-count', message: `The record has ${cells.length} cells, the header ${header.length}.`, remedy: cells.length > header.length ? 'The further cells are kept as "column_N"; quote cells that hold the delimiter.' : 'The missing cells are taken as empty.' }];
  const entries = cells.flatMap((cell, index): readonly (readonly [string, string])[] => (cell === '' ? [] : [[header[index] || `column_${index + 1}`, cell]]));
  return { file, line, faults, value: Object.fromEntries(entries) };
}

function headerFaults(header: readonly string[]): readonly ImportFault[] {
  const repeated = [...new Set(header.filter((name, index) => header.indexOf(name) !== index))];
  return repeated.length === 0 ? [] : [{ severity: 'warning', rule: 'import/repeated-key', message: `The header names ${repeated.map(name => `"${name}"`).join(', ')} more than once.`, remedy: 'The last such column is read; rename the others.' }];
}

export async function firstLine(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(64 << 10);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
  } finally {
    await handle.close();
  }
}

/** The end of the last whole line: a letter may be cut in two at the end of a chunk. */
function lastLine(chunk: Buffer): number {
  return chunk.lastIndexOf(0x0a) + 1;
}

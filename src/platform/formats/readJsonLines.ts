import { parseForeignJson } from '../../core/formats/parseForeignJson';
import { fileChunks, textOfBytes, watchSize } from './fileChunks';
import type { ForeignRecord, ReadProgress } from './foreignRecord';
import { asRecord, longestRecord, tooLong } from './readJson';

/** A line without its end; `bytes` is undefined where the line was too long to hold. */
export interface Line {
  readonly line: number;
  readonly bytes: Buffer | undefined;
}

/** The lines of a file of any length, blank ones left out. */
export async function* readLines(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let size = 0;
  let line = 1;
  const finished = (end: Buffer): Line | undefined => {
    const whole = parts.length === 0 ? end : Buffer.concat([...parts, end]);
    const isLong = size > longestRecord;
    parts = [];
    size = 0;
    const bytes = whole[whole.length - 1] === 0x0d ? whole.subarray(0, -1) : whole;
    return isLong ? { line, bytes: undefined } : isBlank(bytes) ? undefined : { line, bytes };
  };
  for await (const chunk of fileChunks(file, progress, signal)) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      const found = finished(chunk.subarray(from, at));
      if (found) yield found;
      line++;
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    size += rest.length;
    if (size > longestRecord) parts = [];
    else if (rest.length > 0) parts.push(rest);
  }
  const last = finished(Buffer.alloc(0));
  if (last) yield last;
}

/** A JSON object a line. */
export async function* readJsonLines(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  const changed = await watchSize(file);
  for await (const { line, bytes } of readLines(file, progress, signal)) {
    if (!bytes) {
      yield { file, line, faults: [tooLong] };
      continue;
    }
    const { text, faults } = textOfBytes(bytes);
    const read = parseForeignJson(text);
    yield asRecord({ file, line, faults: [...faults, ...read.faults], ...(read.value === undefined ? {} : { value: read.value }) });
  }
  const faults = await changed();
  if (faults.length > 0) yield { file, faults };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every(byte => byte === 0x20 || byte === 0x09);
}

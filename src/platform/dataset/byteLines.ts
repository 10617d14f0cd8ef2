import { createReadStream } from 'node:fs';

/** A line of a file without its line end. */
export interface ByteLine {
  /** One-based. */
  readonly line: number;
  readonly bytes: Buffer;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of a file in the order of the file, many at once. Only `\n` and `\r\n` end a line: Node's own reader also splits at U+2028, which JSON
 * allows inside a string. Blank lines are counted, and left out.
 */
export async function* byteLines(file: string): AsyncGenerator<readonly ByteLine[]> {
  let line = 0;
  let rest: Buffer[] = [];
  const lineOf = (bytes: Buffer): ByteLine => {
    line++;
    const start = line === 1 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
    return { line, bytes: bytes.subarray(start, bytes[bytes.length - 1] === carriageReturn ? bytes.length - 1 : bytes.length) };
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const lines: ByteLine[] = [];
    let from = 0;
    for (let found = chunk.indexOf(newline); found !== -1; found = chunk.indexOf(newline, from)) {
      const end = chunk.subarray(from, found);
      lines.push(lineOf(rest.length === 0 ? end : Buffer.concat([...rest, end])));
      rest = [];
      from = found + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    yield lines.filter(hasText);
  }
  if (rest.length > 0) yield [lineOf(Buffer.concat(rest))].filter(hasText);
}

function hasText({ bytes }: ByteLine): boolean {
  return bytes.some(byte => byte !== 0x20 && byte !== 0x09 && byte !== carriageReturn);
}

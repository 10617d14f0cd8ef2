import type { Readable } from 'node:stream';

const newline = 0x0a;

/** Calls `onLine` for every line of a stream, without its end. Lines here are megabytes long: each is put together once, when it is whole. */
export function readLines(stream: Readable, onLine: (line: Buffer) => void): void {
  let parts: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      const last = chunk.subarray(from, at);
      const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      from = at + 1;
      onLine(line);
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  });
}

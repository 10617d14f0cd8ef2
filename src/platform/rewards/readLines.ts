import type { Readable } from 'node:stream';

const newline = 0x0a;

/** Bytes that stand after a line and belong to it; taken once all of them are there. */
export interface Following {
  readonly bytes: number;
  readonly take: (parts: readonly Buffer[]) => void;
}

/** Calls `onLine` for every line of a stream, without its end. */
export function readLines(stream: Readable, onLine: (line: Buffer) => Following | void): void {
  stream.on('data', splitLines(onLine));
}

/** Takes chunks, which it keeps, and calls `onLine` for every line in them. Lines here are megabytes long: each is put together once, when it is whole. */
export function splitLines(onLine: (line: Buffer) => Following | void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let following: Following | undefined;
  let missing = 0;
  const takeFollowing = (chunk: Buffer): Buffer => {
    const some = chunk.subarray(0, missing);
    parts.push(some);
    missing -= some.length;
    if (missing > 0) return chunk.subarray(chunk.length);
    const [whole, { take } = {}] = [parts, following];
    parts = [];
    following = undefined;
    take?.(whole);
    return chunk.subarray(some.length);
  };
  return chunk => {
    let rest = following ? takeFollowing(chunk) : chunk;
    for (let at = rest.indexOf(newline); at !== -1; at = rest.indexOf(newline)) {
      const last = rest.subarray(0, at);
      const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      rest = rest.subarray(at + 1);
      following = onLine(line) ?? undefined;
      missing = following?.bytes ?? 0;
      if (following) rest = takeFollowing(rest);
      if (following) return;
    }
    if (rest.length > 0) parts.push(rest);
  };
}

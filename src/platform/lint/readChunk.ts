import { readSync } from 'node:fs';

const newline = 0x0a;
/** Bytes that are read further at a time for the rest of the last line. */
const furtherBytes = 1 << 20;

/** Bytes of a line that are kept; of a longer one only the end is looked for, because no row is read that long. */
const keptBytes = 80 << 20;

/** Whole lines of a part of a file. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Lines that are not blank. */
  readonly rows: number;
  readonly lines: number;
  /** Of each row, counted from 1 within the part. */
  readonly rowLines: Uint32Array;
  /** Byte offsets in the file, without the line end. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  line(row: number): number;
  text(row: number): string;
  bytesOf(row: number): Buffer;
}

/** Reads the lines that begin at byte `from` up to `to` (exclusive) to their ends, wherever those are. */
export function readChunk(file: number, from: number, to: number): Chunk {
  const first = from === 0 ? 0 : from - 1; // the byte before tells whether a line begins at `from`
  let bytes = readBytes(file, first, to);
  const begin = from === 0 ? bomLength(bytes) : bytes.indexOf(newline) + 1;
  if (from > 0 && begin === 0) return chunkOf(bytes.subarray(0, 0), from); // a line that began before goes on past the part
  if (first + bytes.length >= to) bytes = withRestOfLine(file, bytes, first);
  return chunkOf(bytes.subarray(begin), first + begin);
}

function withRestOfLine(file: number, bytes: Buffer, first: number): Buffer {
  if (bytes.at(-1) === newline) return bytes;
  const pieces = [bytes];
  let kept = bytes.length;
  for (let at = first + bytes.length; ; ) {
    const more = readBytes(file, at, at + furtherBytes);
    const end = more.indexOf(newline);
    if (kept < keptBytes) pieces.push(end === -1 ? more : more.subarray(0, end));
    kept += more.length;
    at += more.length;
    if (end !== -1 || more.length < furtherBytes) return Buffer.concat(pieces);
  }
}

function chunkOf(bytes: Buffer, offset: number): Chunk {
  const places: number[] = [];
  const rowLines: number[] = [];
  let lines = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const next = found === -1 ? bytes.length : found;
    const end = next > start && bytes[next - 1] === 0x0d ? next - 1 : next;
    lines++;
    if (!isBlank(bytes, start, end)) {
      places.push(start, end);
      rowLines.push(lines);
    }
    start = next + 1;
  }
  const rows = rowLines.length;
  const place = (row: number, side: 0 | 1): number => places[row * 2 + side] ?? 0;
  return {
    bytes, rows, lines, rowLines: Uint32Array.from(rowLines),
    starts: Float64Array.from({ length: rows }, (_, row) => place(row, 0) + offset),
    ends: Float64Array.from({ length: rows }, (_, row) => place(row, 1) + offset),
    line: row => rowLines[row] ?? 0,
    text: row => bytes.toString('utf8', place(row, 0), place(row, 1)),
    bytesOf: row => bytes.subarray(place(row, 0), place(row, 1)),
  };
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

function bomLength(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function readBytes(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(file, bytes, done, bytes.length - done, from + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

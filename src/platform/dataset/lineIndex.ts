import type { FileHandle } from 'node:fs/promises';

const newline = 0x0a;
const chunkBytes = 1 << 20;

/** Where the rows of a JSONL file begin. Rows are its lines that are not blank; they are counted from 0. */
export class LineIndex {
  private starts = new Float64Array(1024);
  /** Rows before which blank lines stand, with how many in all up to there: line numbers differ from row numbers only then. */
  private readonly blanks: { readonly row: number; readonly total: number }[] = [];
  private rows = 0;
  private end = 0;

  get rowCount(): number {
    return this.rows;
  }

  /** Byte offset of a row; of the row after the last one it is the end of the file. */
  start(row: number): number {
    return row < this.rows ? (this.starts[row] ?? this.end) : this.end;
  }

  /** One-based line of a row in the file. */
  line(row: number): number {
    let low = 0;
    let high = this.blanks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.blanks[middle]?.row ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return row + 1 + (this.blanks[low - 1]?.total ?? 0);
  }

  /**
   * Reads the file once, a chunk at a time; `grown` is called after each chunk, when the rows so far can be read.
   * 1 M rows / 430 MB take about half a second of a core, in slices of a few milliseconds.
   */
  async build(handle: FileHandle, from: number, grown: () => void): Promise<void> {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let position = from;
    let lineStart = from;
    let isBlank = true;
    let blankLines = 0;
    const endLine = (next: number): void => {
      if (isBlank) blankLines++;
      else {
        if (blankLines > (this.blanks.at(-1)?.total ?? 0)) this.blanks.push({ row: this.rows, total: blankLines });
        this.add(lineStart);
      }
      lineStart = next;
      isBlank = true;
    };
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
      if (bytesRead === 0) break;
      let at = 0;
      while (at < bytesRead) {
        const found = buffer.indexOf(newline, at);
        const end = found === -1 || found >= bytesRead ? bytesRead : found;
        isBlank &&= isSpace(buffer, at, end);
        if (end < bytesRead) endLine(position + end + 1);
        at = end + 1;
      }
      position += bytesRead;
      this.end = position;
      grown();
    }
    if (lineStart < position) endLine(position); // the last line has no line end: perhaps half written, but a line
    this.end = position;
    grown();
  }

  private add(start: number): void {
    if (this.rows === this.starts.length) {
      const larger = new Float64Array(this.starts.length * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.rows++] = start;
  }
}

function isSpace(buffer: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = buffer[at];
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return false; // a row's first byte ends this at once
  }
  return true;
}

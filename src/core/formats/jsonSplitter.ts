import { ByteParts } from './byteParts';
import { countOf, isBracketed, lastText, lineWith } from './jsonBytes';

/** An element of the outermost list, or of a list or a value under a key of the outermost object. */
export interface JsonPiece {
  /** Key of the outermost object; undefined in a list. */
  readonly key: string | undefined;
  /** It stands in a list, not as the value of the key itself. */
  readonly isListed: boolean;
  readonly bytes: Uint8Array;
  /** One-based line of its first byte. */
  readonly line: number;
  /** `cut`: the file ends in it; `broken`: it is no JSON and was left at the next element; `long`: it was passed over unread. */
  readonly end: 'whole' | 'cut' | 'broken' | 'long';
}

const [quote, backslash, newline, comma, colon, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x0a, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Cuts a JSON document of any size into its elements while it is read, a chunk at a time, holding one element. It looks only at brackets, quotes and commas;
 * whether an element is JSON is its reader's business. An element that is torn (a line break inside a text, a missing bracket) ends at the next line
 * that begins as elements begin here, so that one bad row does not take the others with it.
 */
export class JsonSplitter {
  /** Whether the outermost bracket was closed. */
  isClosed = false;
  /** Bytes other than blanks behind it. */
  hasMore = false;

  private readonly open = new ByteParts();
  private isStarted = false;
  private isLong = false;
  private isSearching = false;
  private startLine = 1;
  private line = 1;
  private column = 0;
  private isLineStart = true;
  private elementColumn: number | undefined;
  private isOnePerLine = true;
  private depth = 0;
  private elementDepth = 1;
  private isText = false;
  private isEscaped = false;
  private isObject = false;
  private key: string | undefined;

  /** `decode` turns a key's bytes into text. */
  constructor(private readonly emit: (piece: JsonPiece) => void, private readonly decode: (bytes: Uint8Array) => string, private readonly maxBytes = 64 << 20) {}

  push(chunk: Uint8Array): void {
    let from = 0; // where the part of the open element begins in this chunk
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.isText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === backslash) this.isEscaped = true;
        else if (byte === quote) this.isText = false;
        else if (byte === newline) {
          this.keep(chunk, from, at);
          this.tear();
          this.nextLine();
        }
        continue;
      }
      if (byte === newline) {
        this.nextLine();
        continue;
      }
      if (byte <= 0x20) {
        this.column++;
        continue;
      }
      const isFirst = this.isLineStart;
      this.isLineStart = false;
      if (this.isSearching && !this.isElementStart(byte, isFirst)) continue;
      from = this.step(byte, chunk, at, from, isFirst);
    }
    this.keep(chunk, from, chunk.length);
    if (this.isStarted && this.open.size > this.maxBytes) this.giveUp();
  }

  /** The end of the file: what is still open is cut, or torn and followed by whole elements. */
  end(): void {
    while (this.isStarted) {
      if (this.depth === this.elementDepth && !this.isText && isBracketed(this.open.whole())) this.finish('whole');
      else if (!this.resume()) this.finish('cut');
    }
  }

  private step(byte: number, chunk: Uint8Array, at: number, from: number, isFirst: boolean): number {
    if (this.depth === 0) {
      if (this.isClosed && !(byte === openList && !this.isObject)) this.hasMore = true;
      else if (byte === openList || byte === openObject) {
        this.isClosed = false; // one list after the other is read as one
        this.depth = 1;
        this.isObject = byte === openObject;
      }
      return from;
    }
    const isOuter = this.depth === this.elementDepth;
    if (byte === closeList || byte === closeObject) {
      this.depth--;
      if (this.depth >= this.elementDepth) return from;
      this.keep(chunk, from, at);
      if (this.isStarted) this.finish('whole');
      if (this.elementDepth === 2) this.elementDepth = 1;
      else this.isClosed = true;
      return from;
    }
    if (isOuter && byte === comma) {
      this.keep(chunk, from, at);
      if (this.isStarted) this.finish('whole');
      if (this.elementDepth === 1) this.key = undefined;
      return from;
    }
    if (isOuter && byte === colon && this.isObject && this.elementDepth === 1 && this.key === undefined) {
      this.keep(chunk, from, at);
      this.key = this.decode(this.open.whole());
      this.clear();
      return from;
    }
    if (isOuter && !this.isStarted) {
      if (byte === openList && this.isObject && this.elementDepth === 1 && this.key !== undefined) {
        this.depth = 2;
        this.elementDepth = 2;
        return from;
      }
      from = at;
      this.isStarted = true;
      this.startLine = this.line;
      if (isFirst && (byte === openObject || byte === openList)) this.elementColumn ??= this.column;
    }
    if (byte === quote) this.isText = true;
    else if (byte === openList || byte === openObject) this.depth++;
    return from;
  }

  private isElementStart(byte: number, isFirst: boolean): boolean {
    if (!isFirst) return false;
    const isNext = (byte === openObject || byte === openList) && (this.elementColumn === undefined || this.column === this.elementColumn);
    const isEnd = byte === closeList && this.column <= (this.elementColumn ?? 0);
    if (isNext || isEnd) this.isSearching = false;
    return isNext || isEnd;
  }

  /** A line break inside a text is no JSON: what is read next is sought at the next line that begins like an element. */
  private tear(): void {
    this.isText = false;
    this.isEscaped = false;
    if (this.isStarted) this.finish('broken');
    this.depth = this.elementDepth;
    this.isSearching = true;
  }

  private nextLine(): void {
    this.line++;
    this.column = 0;
    this.isLineStart = true;
  }

  private keep(chunk: Uint8Array, from: number, to: number): void {
    if (!this.isStarted || this.isLong || to <= from) return;
    this.open.add(chunk.subarray(from, to));
  }

  private giveUp(): void {
    if (this.resume()) return;
    this.open.clear();
    this.isLong = true;
  }

  /** Looks in the open element for a line that begins like an element: if there is one, a bracket was missing before it. */
  private resume(): boolean {
    if (this.isLong || this.elementColumn === undefined || (this.elementColumn === 0 && !this.isOnePerLine)) return false;
    const bytes = this.open.whole();
    const next = lineWith(bytes, this.elementColumn);
    if (next === -1) return false;
    const line = this.startLine + countOf(bytes.subarray(0, next), newline);
    this.emitPiece(bytes.subarray(0, next), 'broken');
    this.clear();
    this.depth = this.elementDepth;
    this.isText = false;
    this.isEscaped = false;
    this.line = line;
    this.column = 0;
    this.isLineStart = true;
    this.push(bytes.subarray(next));
    return true;
  }

  private finish(end: JsonPiece['end']): void {
    const bytes = this.open.whole();
    if (end === 'whole' && bytes.includes(newline)) this.isOnePerLine = this.isOnePerLine && !bytes.subarray(0, lastText(bytes)).includes(newline);
    this.emitPiece(bytes, this.isLong ? 'long' : end);
    this.clear();
  }

  private emitPiece(bytes: Uint8Array, end: JsonPiece['end']): void {
    this.emit({ key: this.key, isListed: !this.isObject || this.elementDepth === 2, bytes, line: this.startLine, end });
  }

  private clear(): void {
    this.open.clear();
    this.isStarted = false;
    this.isLong = false;
  }
}

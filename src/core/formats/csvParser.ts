/** A record of a CSV file. */
export interface CsvRecord {
  /** One-based line of its first character. */
  readonly line: number;
  readonly cells: readonly string[];
  /** The file ends inside its quotes. */
  readonly isCut: boolean;
  /** It was longer than what is held; its cells are left out. */
  readonly isLong: boolean;
}

/** Reads CSV as RFC 4180 says (quotes, quotes doubled inside, line breaks inside quotes), a chunk of text at a time. */
export class CsvParser {
  private cells: string[] = [];
  private cell = '';
  private isQuoted = false;
  private wasQuoted = false;
  private isAfterQuote = false;
  private line = 1;
  private startLine = 1;
  private size = 0;

  constructor(private readonly emit: (record: CsvRecord) => void, private readonly delimiter: string, private readonly longest = 64 << 20) {}

  push(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const char = text[at] ?? '';
      if (char === '\n') this.line++;
      if (this.isQuoted) {
        if (char === '"') {
          this.isQuoted = false;
          this.isAfterQuote = true;
          continue;
        }
        const next = text.indexOf('"', at);
        const end = next === -1 ? text.length : next;
        const run = text.slice(at, end);
        for (let found = run.indexOf('\n', char === '\n' ? 1 : 0); found !== -1; found = run.indexOf('\n', found + 1)) this.line++;
        this.add(run);
        at = end - 1;
        continue;
      }
      if (char === '"' && this.isAfterQuote) {
        this.add('"');
        this.isQuoted = true;
      } else if (char === '"' && this.cell === '' && !this.wasQuoted) {
        this.isQuoted = true;
        this.wasQuoted = true;
      } else if (char === this.delimiter) this.endCell();
      else if (char === '\n') this.endRecord(false);
      else if (char !== '\r') this.add(char);
      this.isAfterQuote = false;
    }
  }

  end(): void {
    if (this.cell !== '' || this.cells.length > 0 || this.wasQuoted) this.endRecord(this.isQuoted);
  }

  private add(text: string): void {
    this.size += text.length;
    if (this.size <= this.longest) this.cell += text;
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.wasQuoted = false;
  }

  private endRecord(isCut: boolean): void {
    this.endCell();
    const isLong = this.size > this.longest;
    const isBlank = this.cells.length === 1 && this.cells[0] === '';
    if (!isBlank) this.emit({ line: this.startLine, cells: isLong ? [] : this.cells, isCut, isLong });
    this.cells = [];
    this.size = 0;
    this.isQuoted = false;
    this.startLine = this.line;
  }
}

/** The delimiter that a header line uses most, outside quotes. */
export function delimiterOf(header: string): string {
  const plain = header.replace(/"[^"]*"/g, '');
  const count = (char: string): number => plain.split(char).length - 1;
  return [',', '\t', ';', '|'].reduce((best, char) => (count(char) > count(best) ? char : best), ',');
}

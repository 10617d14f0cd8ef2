import type { Chip, ChipValue, ParsedQuery } from './chip';
import type { QueryFault } from './queryAnswer';

/** Reads a query's text (see `RowQuery.text`). Never throws; what cannot be read is a fault at its place, the rest are chips. */
export function parseQuery(text: string): ParsedQuery {
  const sql = /^\s*sql:\s*/i.exec(text);
  if (sql) {
    const condition = text.slice(sql[0].length).trimEnd();
    const faults = condition === '' ? [{ message: 'There is no condition after "sql:".', remedy: "Write one, such as sql: box_count > 3 and answer <> ''.", offset: sql[0].length }] : [];
    return { kind: 'sql', condition, offset: sql[0].length, faults };
  }
  return new ChipReader(text).read();
}

/** Reads chips from left to right. */
class ChipReader {
  private at = 0;
  private readonly faults: QueryFault[] = [];

  constructor(private readonly text: string) {}

  read(): ParsedQuery {
    const chips: Chip[] = [];
    for (this.skipSpace(); this.at < this.text.length; this.skipSpace()) {
      const chip = this.readChip();
      if (chip) chips.push(chip);
    }
    return { kind: 'chips', chips, faults: this.faults };
  }

  private readChip(): Chip | undefined {
    const from = this.at;
    const isNegated = this.take('-');
    const name = this.readName();
    const values = this.readValues(name !== null);
    if (values) return { name, isNegated, values, from, to: this.at };
    return undefined;
  }

  /** A name and its colon; null, and nothing read, where a free word stands. */
  private readName(): string | null {
    const from = this.at;
    const name = this.text[from] === '"' ? this.readQuoted(true) : this.readBare(/[\s:"|]/);
    if (name !== undefined && name !== '' && this.take(':')) return name;
    this.at = from;
    return null;
  }

  private readValues(hasName: boolean): readonly ChipValue[] | undefined {
    const values: ChipValue[] = [];
    do {
      const value = this.readValue(hasName);
      if (!value) return undefined;
      values.push(value);
    } while (this.take('|'));
    return values;
  }

  private readValue(hasName: boolean): ChipValue | undefined {
    const from = this.at;
    const sign = hasName ? (/^[<>]=?/.exec(this.text.slice(from, from + 2))?.[0] as ChipValue['comparison']) ?? null : null;
    this.at += sign?.length ?? 0;
    if (this.text[this.at] === '"') {
      const text = this.readQuoted(false);
      return text === undefined ? undefined : { comparison: sign, text, isQuoted: true };
    }
    const text = this.readBare(/[\s|]/);
    if (text !== '') return { comparison: sign, text, isQuoted: false };
    const before = this.text.slice(0, from).split(/\s/).at(-1) ?? '';
    const remedy = hasName ? 'Write a value right after it; "" stands for empty.' : 'Write a word, or a column, a colon and a value: difficulty:hard.';
    this.faults.push({ message: `${before === '' ? `"${this.text[this.at] ?? ''}"` : `"${before}${sign ?? ''}"`} has no value.`, remedy, offset: from });
    if (!this.take('|')) this.readBare(/\s/);
    return undefined;
  }

  private readBare(end: RegExp): string {
    const from = this.at;
    while (this.at < this.text.length && !end.test(this.text.charAt(this.at))) this.at++;
    return this.text.slice(from, this.at);
  }

  /** A text in quotes, in which `\"` and `\\` stand for the signs themselves. `isTry` reads without finding fault. */
  private readQuoted(isTry: boolean): string | undefined {
    const from = this.at++;
    let value = '';
    for (;;) {
      const sign = this.text[this.at++];
      if (sign === '"') break;
      if (sign === undefined) {
        this.at = this.text.length;
        if (!isTry) this.faults.push({ message: 'A quotation mark is never closed.', remedy: 'Close it with ", or write \\" for the sign itself.', offset: from });
        return undefined;
      }
      const next = this.text[this.at];
      value += sign === '\\' && (next === '"' || next === '\\') ? this.text.charAt(this.at++) : sign;
    }
    const after = this.text[this.at];
    if (isTry || after === undefined || /[\s|]/.test(after)) return value;
    this.faults.push({ message: 'Something stands right after a closing quotation mark.', remedy: 'Put a space between them.', offset: this.at });
    this.readBare(/\s/);
    return undefined;
  }

  private take(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }
}

import type { Severity } from '../problem';
import type { RowMark } from './lintReport';
import { type RuleId, rules } from './rules';

const ruleIds = Object.keys(rules) as readonly RuleId[];
const ruleNumbers = new Map(ruleIds.map((id, index) => [id, index]));
const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** Findings as they are sent between threads. */
export interface PackedMarks {
  readonly rows: Uint32Array;
  /** Rule number × 3 + severity. */
  readonly codes: Uint8Array;
}

/** Findings on rows, five bytes each. */
export class RowMarks implements Iterable<RowMark> {
  private rows = new Uint32Array(64);
  private codes = new Uint8Array(64);
  private size = 0;

  get length(): number {
    return this.size;
  }

  add(row: number, rule: RuleId, severity: Severity): void {
    this.push(row, (ruleNumbers.get(rule) ?? 0) * 3 + severities.indexOf(severity));
  }

  /** Adds what another thread found, its rows counted from `firstRow`. */
  addAll({ rows, codes }: PackedMarks, firstRow: number): void {
    for (let index = 0; index < rows.length; index++) this.push((rows[index] ?? 0) + firstRow, codes[index] ?? 0);
  }

  pack(): PackedMarks {
    return { rows: this.rows.slice(0, this.size), codes: this.codes.slice(0, this.size) };
  }

  *[Symbol.iterator](): Iterator<RowMark> {
    for (let index = 0; index < this.size; index++) {
      const code = this.codes[index] ?? 0;
      const rule = ruleIds[Math.floor(code / 3)];
      const severity = severities[code % 3];
      if (rule && severity) yield { row: this.rows[index] ?? 0, rule, severity };
    }
  }

  private push(row: number, code: number): void {
    if (this.size === this.rows.length) {
      const { rows, codes } = this;
      this.rows = new Uint32Array(rows.length * 2);
      this.rows.set(rows);
      this.codes = new Uint8Array(codes.length * 2);
      this.codes.set(codes);
    }
    this.rows[this.size] = row;
    this.codes[this.size++] = code;
  }
}

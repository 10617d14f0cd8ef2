import type { RowMark } from '../core/lint/lintReport';
import type { RuleId } from '../core/lint/rules';
import type { Problem } from '../core/problem';

/** A row of the dataset editor that is not saved: its number from 0, its one-based line, and what was found in it as it is now. */
export interface LiveRow {
  readonly row: number;
  readonly line: number;
  readonly problems: readonly Problem[];
}

/** Problems of rows that are not saved, which stand in place of those that the saved file has there. */
export class LiveProblems {
  /** By file and line. */
  private readonly rows = new Map<string, Map<number, LiveRow>>();
  /** All problems of files that are unsaved in a text editor. */
  private readonly texts = new Map<string, readonly Problem[]>();

  setRow(file: string, row: LiveRow): void {
    const rows = this.rows.get(file) ?? new Map<number, LiveRow>();
    this.rows.set(file, rows.set(row.line, row));
  }

  setRows(file: string, rows: readonly LiveRow[]): void {
    this.rows.set(file, new Map(rows.map(row => [row.line, row])));
  }

  setText(file: string, problems: readonly Problem[]): void {
    this.texts.set(file, problems);
  }

  /** Whether anything was known of the file. */
  forget(file: string): boolean {
    const hadRows = this.rows.delete(file);
    return this.texts.delete(file) || hadRows;
  }

  /** The problems of a file as it is in its editor. `saved` are all of the saved file. */
  of(file: string, saved: readonly Problem[]): readonly Problem[] {
    const text = this.texts.get(file);
    if (text) return text;
    const rows = this.rows.get(file);
    if (!rows) return saved;
    const kept = saved.filter(problem => problem.line === undefined || !rows.has(problem.line) || isAcrossRows(problem));
    return [...kept, ...[...rows.values()].flatMap(row => row.problems)];
  }

  /** Rows whose saved findings do not hold. */
  rowsOf(file: string): ReadonlySet<number> {
    return new Set([...(this.rows.get(file)?.values() ?? [])].map(each => each.row));
  }

  *marksOf(file: string): Iterable<RowMark> {
    for (const { row, problems } of this.rows.get(file)?.values() ?? []) {
      for (const { rule, severity } of problems) yield { row, rule: rule as RuleId, severity };
    }
  }
}

/** What one row alone does not tell: it stands until the dataset is checked again. */
function isAcrossRows({ rule }: Problem): boolean {
  return ['dataset/duplicate-qid', 'dataset/mixed-types', 'dataset/leaked-row', 'dataset/leaked-image'].includes(rule);
}

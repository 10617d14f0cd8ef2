import type { Problem, Severity } from '../problem';
import type { RuleId } from './rules';

/** What one row has: the row counted from 0 in its file. */
export interface RowMark {
  readonly row: number;
  readonly rule: RuleId;
  readonly severity: Severity;
}

export interface RuleCount {
  readonly severity: Severity;
  readonly count: number;
}

/** What checking a dataset found. */
export interface LintReport {
  /** In full, the first two thousand a file, in the order of the file. */
  readonly problems: readonly Problem[];
  /** Of all findings, those that are not listed too. */
  readonly counts: ReadonlyMap<RuleId, RuleCount>;
  /** All findings that stand on a row, by absolute file. */
  readonly marks: ReadonlyMap<string, Iterable<RowMark>>;
}

export const noReport: LintReport = { problems: [], counts: new Map(), marks: new Map() };

/** Findings of several checks of one dataset as one report. */
export function joinReports(reports: readonly LintReport[]): LintReport {
  if (reports.length === 1 && reports[0]) return reports[0];
  const counts = new Map<RuleId, RuleCount>();
  const marks = new Map<string, Iterable<RowMark>>();
  for (const report of reports) {
    for (const [rule, { severity, count }] of report.counts) addCount(counts, rule, severity, count);
    for (const [file, found] of report.marks) {
      const before = marks.get(file);
      marks.set(file, before ? { *[Symbol.iterator]() { yield* before; yield* found; } } : found);
    }
  }
  return { problems: reports.flatMap(report => report.problems), counts, marks };
}

/** Counts findings of a rule; a rule is as severe as its worst finding. */
export function addCount(counts: Map<RuleId, RuleCount>, rule: RuleId, severity: Severity, count = 1): void {
  const known = counts.get(rule);
  const worse = known && rank(known.severity) <= rank(severity) ? known.severity : severity;
  counts.set(rule, { severity: worse, count: (known?.count ?? 0) + count });
}

/** 0 for what is worst. */
export function rank(severity: Severity): number {
  return severity === 'error' ? 0 : severity === 'warning' ? 1 : 2;
}

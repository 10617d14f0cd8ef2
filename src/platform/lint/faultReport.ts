import type { RowFault } from '../../core/dataset/row';
import { addCount, type LintReport, type RuleCount } from '../../core/lint/lintReport';
import { problemOfFault, type RowPlace } from '../../core/lint/problemOfFault';
import { RowMarks } from '../../core/lint/rowMarks';
import type { RuleId } from '../../core/lint/rules';
import type { Problem } from '../../core/problem';
import type { Columns } from '../../core/project/project';

/** Problems that are listed in full. */
const mostProblems = 2000;

/** Collects faults of rows one by one into a report. */
export class FaultReport {
  private readonly problems: Problem[] = [];
  private readonly counts = new Map<RuleId, RuleCount>();
  private readonly marks = new Map<string, RowMarks>();

  constructor(private readonly columns: Columns) {}

  /** `row` counts from 0 in the place's file. */
  add(row: number, fault: RowFault, place: RowPlace): void {
    addCount(this.counts, fault.rule, fault.severity);
    const marks = this.marks.get(place.file) ?? new RowMarks();
    this.marks.set(place.file, marks);
    marks.add(row, fault.rule, fault.severity);
    if (this.problems.length < mostProblems) this.problems.push(problemOfFault(fault, place, this.columns));
  }

  done(): LintReport {
    return { problems: this.problems, counts: this.counts, marks: this.marks };
  }
}

import type { ExportFault } from '../../core/formats/checkSample';
import type { Problem, Severity } from '../../core/problem';

const mostProblems = 2000;

/** What was found in the rows of an export: the first in full, all of them counted. */
export class ExportTally {
  readonly problems: Problem[] = [];
  private readonly found = new Map<string, { readonly severity: Severity; count: number }>();

  add({ severity, rule, message, remedy }: ExportFault, place: { readonly file: string; readonly line: number; readonly qid: string }): void {
    const counted = this.found.get(rule);
    if (counted) counted.count++;
    else this.found.set(rule, { severity, count: 1 });
    if (this.problems.length >= mostProblems) return;
    const { file, line, qid } = place;
    this.problems.push({ severity, rule, file, line, message, remedy, ...(qid === '' ? {} : { qid }) });
  }

  get counts(): Readonly<Record<string, { readonly severity: Severity; readonly count: number }>> {
    return Object.fromEntries([...this.found].map(([rule, { severity, count }]) => [rule, { severity, count }]));
  }
}

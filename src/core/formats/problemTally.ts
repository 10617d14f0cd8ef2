import type { Problem, Severity } from '../problem';

export interface ProblemCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
}

/** Problems of a file of any length: the first ones of each rule, and how many there were. */
export class ProblemTally {
  private readonly counted = new Map<string, { severity: Severity; count: number }>();
  private readonly listed: Problem[] = [];

  constructor(private readonly most = 20) {}

  add(problem: Problem): void {
    const entry = this.counted.get(problem.rule) ?? { severity: problem.severity, count: 0 };
    this.counted.set(problem.rule, entry);
    entry.count++;
    if (entry.count <= this.most) this.listed.push(problem);
  }

  /** The first ones of each rule, in the order of the file. */
  get problems(): readonly Problem[] {
    return this.listed;
  }

  get counts(): readonly ProblemCount[] {
    const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
    return [...this.counted].map(([rule, { severity, count }]) => ({ rule, severity, count })).sort((a, b) => rank[a.severity] - rank[b.severity] || b.count - a.count);
  }

  of(severity: Severity): number {
    return this.counts.filter(each => each.severity === severity).reduce((sum, { count }) => sum + count, 0);
  }
}

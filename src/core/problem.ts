/** How much a problem matters: it stops something, it costs something, or it is worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** What is wrong, where, and what to do about it. A problem is data: it is shown, never thrown away. */
export interface Problem {
  readonly severity: Severity;
  /** Stable id of the rule that found it, such as `dataset/duplicate-qid`; one page in the docs. */
  readonly rule: string;
  /** Absolute path. */
  readonly file: string;
  /** One-based line; absent when the whole file is meant. */
  readonly line?: number;
  /** One-based column in UTF-16 units. */
  readonly column?: number;
  readonly message: string;
  /** What the person can do; a full sentence. */
  readonly remedy: string;
  /** The sample it is about, if any. */
  readonly qid?: string;
}

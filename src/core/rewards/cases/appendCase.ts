/** What is to be written behind the text of a cases file so that `line` is its last: no byte before it changes. */
export function caseAppendix(existing: string, line: string): string {
  const end = existing.includes('\r\n') ? '\r\n' : '\n';
  return `${existing === '' || existing.endsWith('\n') ? '' : end}${line}${end}`;
}

/** One-based line on which the appendix puts the case. */
export function appendedLine(existing: string): number {
  return existing.split('\n').length + (existing === '' || existing.endsWith('\n') ? 0 : 1);
}

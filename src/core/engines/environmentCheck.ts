import { numberOf, parseJsonObject, textsOf } from '../parsedLine';

/** What `python -m pebr_trainer check` said, and how it ended. */
export interface CheckOutput {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it gave no answer at all. */
  readonly failure?: string;
}

/** Null when the trainer can run there, else what is in the way: a clause that follows the name of the Python. */
export function whatIsMissing({ code, stdout, stderr, failure }: CheckOutput): string | null {
  if (failure) return failure;
  const report = parseJsonObject(stdout.trim().split('\n').at(-1) ?? '').value;
  const missing = textsOf(report?.missing);
  if (missing.length > 0) return `it lacks ${missing.join(', ')}.`;
  if (code === 0 && report && numberOf(report.v) !== undefined) return null;
  return stderr.trim().split('\n').at(-1) || `the check ended with code ${code ?? 'none'}.`;
}

import { type JsonObject, numberOf, parseJsonObject, textsOf } from '../parsedLine';
import type { Project } from '../project/project';

/** What `python -m pebr_trainer check` said, and how it ended. */
export interface CheckOutput {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it gave no answer at all. */
  readonly failure?: string;
}

/** Packages that only some projects need: vLLM to generate, Ray to share the work. */
export function furtherPackages({ policy, engine }: Project): readonly string[] {
  return [...(policy.vllm ? ['vllm'] : []), ...(engine === 'ray' ? ['ray'] : [])];
}

/** Null when the trainer can run there with these further packages, else what is in the way: a clause that follows the name of the Python. */
export function whatIsMissing({ code, stdout, stderr, failure }: CheckOutput, further: readonly string[] = []): string | null {
  if (failure) return failure;
  const report = reportIn(stdout);
  const optional = (report?.optional ?? {}) as JsonObject;
  const missing = [...textsOf(report?.missing), ...further.filter(name => optional[name] === false)];
  if (missing.length > 0) return `it lacks ${missing.join(', ')}.`;
  if (report && numberOf(report.v) !== undefined) return null;
  return stderr.trim().split('\n').at(-1) || `the check ended with code ${code ?? 'none'}.`;
}

/** The last line of what the check said; undefined where it is none of its own. */
export function reportIn(stdout: string): JsonObject | undefined {
  return parseJsonObject(stdout.trim().split('\n').at(-1) ?? '').value;
}

import type { Score } from '../score';
import type { Expectation, RewardCase } from './rewardCase';

/** Where a score is not what its case expects. */
export interface CaseDifference {
  /** `overall` or a component. */
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  /** Both in one sentence. */
  readonly message: string;
}

interface Finding extends CaseDifference {
  readonly isMet: boolean;
}

/** What of a score is not as its case expects; empty when the case passes. A failed reward is told once, as itself. */
export function checkCase(expected: Pick<RewardCase, 'expect' | 'tolerance'>, score: Score): readonly CaseDifference[] {
  const unmet = findings(expected, score).filter(finding => !finding.isMet);
  if (!score.error || unmet.length === 0) return unmet;
  const name = score.error.component ?? 'overall';
  const wanted = unmet.map(finding => `${finding.name} ${finding.expected}`).join(', ');
  return [{ name, expected: wanted, actual: `error: ${score.error.message}`, message: `The reward failed: ${score.error.message}` }];
}

/** A case and a score line by line, for a diff: what is as expected reads the same on both sides. */
export function caseDiff(expected: Pick<RewardCase, 'expect' | 'tolerance'>, score: Score): { readonly expected: string; readonly actual: string } {
  const all = findings(expected, score);
  const line = (name: string, text: string): string => `${name}: ${text}`;
  return {
    expected: all.map(({ name, isMet, expected: wanted, actual }) => line(name, isMet ? actual : wanted)).join('\n'),
    actual: [...all.map(({ name, actual }) => line(name, actual)), ...(score.error ? [`error: ${score.error.stack ?? score.error.message}`] : [])].join('\n'),
  };
}

function findings({ expect, tolerance }: Pick<RewardCase, 'expect' | 'tolerance'>, score: Score): readonly Finding[] {
  const components = Object.entries(expect.components).map(([name, expectation]) => {
    const isFailed = score.error?.component === name;
    return finding(name, expectation, tolerance, isFailed ? 'error' : Object.hasOwn(score.components, name) ? (score.components[name] ?? null) : undefined);
  });
  const overall = expect.overall === undefined ? [] : [finding('overall', expect.overall, tolerance, score.error ? 'error' : score.overall)];
  return [...overall, ...components];
}

/** `actual` is undefined where the reward has no such component. */
function finding(name: string, expectation: Expectation, tolerance: number, actual: number | null | 'error' | undefined): Finding {
  const expected = expectationInWords(expectation, tolerance);
  const is = actual === undefined ? 'no such component' : actual === null ? 'does not apply' : actual === 'error' ? 'error' : numberInWords(actual);
  const isMet = meets(expectation, tolerance, actual);
  return { name, expected, actual: is, isMet, message: `${name}: expected ${expected}, got ${is}` };
}

function meets(expectation: Expectation, tolerance: number, actual: number | null | 'error' | undefined): boolean {
  if (expectation === null || expectation === 'error') return actual === expectation;
  if (typeof actual !== 'number') return false;
  if (typeof expectation === 'number') return Math.abs(actual - expectation) <= tolerance;
  return actual >= (expectation.min ?? -Infinity) - tolerance && actual <= (expectation.max ?? Infinity) + tolerance;
}

function expectationInWords(expectation: Expectation, tolerance: number): string {
  if (expectation === null) return 'does not apply';
  if (expectation === 'error') return 'error';
  if (typeof expectation === 'number') return tolerance > 1e-5 ? `${numberInWords(expectation)} ± ${numberInWords(tolerance)}` : numberInWords(expectation);
  const { min, max } = expectation;
  if (min === undefined) return `at most ${numberInWords(max ?? NaN)}`;
  return max === undefined ? `at least ${numberInWords(min)}` : `${numberInWords(min)} to ${numberInWords(max)}`;
}

/** Enough digits to see a difference that counts. */
function numberInWords(value: number): string {
  return String(Number(value.toPrecision(7)));
}

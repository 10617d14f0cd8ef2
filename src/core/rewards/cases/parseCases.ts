import type { SampleRef } from '../../dataset/sample';
import { hasNaN, type JsonObject, numberOf, type Parsed, parseJsonObject, textOf } from '../../parsedLine';
import type { Problem } from '../../problem';
import { type CaseExpectations, defaultTolerance, type Expectation, type PlacedCase, type RewardCase } from './rewardCase';

export interface ParsedCases {
  readonly cases: readonly PlacedCase[];
  readonly problems: readonly Problem[];
}

/** Reads a cases file (docs/FORMATS.md). A line that cannot be used becomes a problem; the others are cases. */
export function parseCases(text: string, file: string): ParsedCases {
  const cases: PlacedCase[] = [];
  const problems: Problem[] = [];
  text.replace(/^\uFEFF/, '').split('\n').forEach((content, index) => {
    if (content.trim() === '') return;
    const line = index + 1;
    const parsed = parseCase(content, line);
    if (parsed.value) cases.push({ ...parsed.value, file, line });
    else problems.push({ severity: 'error', rule: 'cases/unreadable', file, line, message: parsed.fault ?? '', remedy: 'Correct the line as docs/FORMATS.md describes it, or delete it.' });
  });
  return { cases, problems };
}

function parseCase(content: string, line: number): Parsed<RewardCase> {
  const { value: fields, fault } = parseJsonObject(content);
  if (!fields) return { fault };
  if (hasNaN(content)) return { fault: 'NaN or Infinity stands in this line. JSON has no such numbers, and null would mean "does not apply".' };
  if (fields['v'] !== 1) return { fault: `A case has "v": 1; this one has ${JSON.stringify(fields['v']) ?? 'none'}.` };
  const sample = sampleOf(fields['sample']);
  if (!sample) return { fault: '"sample" is neither {"dataset", "qid"} nor a row.' };
  const response = textOf(fields['response']);
  if (response === undefined) return { fault: '"response" is not a text.' };
  const expect = expectationsOf(fields['expect']);
  if (!expect.value) return { fault: expect.fault };
  const tolerance = fields['tolerance'] === undefined ? defaultTolerance : numberOf(fields['tolerance']);
  if (tolerance === undefined || tolerance < 0) return { fault: '"tolerance" is not a number of 0 or more.' };
  const tokens = numberOf(fields['tokens']);
  return { value: { name: textOf(fields['name'])?.trim() || `line ${line}`, sample, response, ...(tokens === undefined ? {} : { tokens }), expect: expect.value, tolerance } };
}

function sampleOf(given: unknown): RewardCase['sample'] | undefined {
  if (!isObject(given)) return undefined;
  const { dataset, qid } = given as Partial<Record<keyof SampleRef, unknown>>;
  return typeof dataset === 'string' && typeof qid === 'string' ? { dataset, qid } : { row: given };
}

function expectationsOf(given: unknown): Parsed<CaseExpectations> {
  if (!isObject(given)) return { fault: '"expect" is not an object with "overall" or "components".' };
  const named = given['components'] ?? {};
  if (!isObject(named)) return { fault: '"expect.components" is not an object.' };
  const components: Record<string, Expectation> = {};
  for (const [name, value] of [...Object.entries(named)]) {
    const expectation = expectationOf(value);
    if (expectation === undefined) return { fault: wrong(`expect.components.${name}`) };
    Object.defineProperty(components, name, { value: expectation, enumerable: true }); // a component may be called __proto__
  }
  if (!Object.hasOwn(given, 'overall')) {
    return Object.keys(components).length > 0 ? { value: { components } } : { fault: 'The case expects nothing, so it cannot fail.' };
  }
  const overall = expectationOf(given['overall']);
  return overall === undefined ? { fault: wrong('expect.overall') } : { value: { overall, components } };
}

function expectationOf(value: unknown): Expectation | undefined {
  if (value === null || value === 'error' || numberOf(value) !== undefined) return value as Expectation;
  if (!isObject(value)) return undefined;
  const { min, max } = value;
  const isBound = (bound: unknown): boolean => bound === undefined || numberOf(bound) !== undefined;
  if ((min === undefined && max === undefined) || !isBound(min) || !isBound(max)) return undefined;
  return { ...(min === undefined ? {} : { min: min as number }), ...(max === undefined ? {} : { max: max as number }) };
}

function wrong(where: string): string {
  return `"${where}" is no number, null, "error" or {"min", "max"}.`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

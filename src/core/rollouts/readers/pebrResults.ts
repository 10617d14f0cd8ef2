import { type JsonObject, numbersOf, type Parsed, textOf } from '../../parsedLine';
import type { ForeignRollout } from './foreignRollout';

/** A line of PeBR-R1's `rollout_results.jsonl`: `{response, ground_truth, qid, score: {accuracy, …}}`. */
export function readPebrResult(record: JsonObject): Parsed<readonly ForeignRollout[]> {
  const { qid } = record;
  const response = textOf(record.response);
  if (response === undefined || (typeof qid !== 'string' && typeof qid !== 'number')) return { fault: 'The line has no "qid" or no "response".' };
  const { overall, ...components } = numbersOf(record.score);
  return { value: [{ response, sampleId: String(qid), group: String(qid), gold: goldOf(record.ground_truth), components, overall: overall ?? components.accuracy ?? null }] };
}

/** What a response looks like that was shortened: its first and its last fifty characters. */
export function isShortened(response: string): boolean {
  return /^[\s\S]{50}\.\.\.[\s\S]{50}$/.test(response);
}

function goldOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

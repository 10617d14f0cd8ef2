import { difficulties } from '../dataset/difficulty';
import { type JsonObject, type Parsed, parseJsonObject, textOf, textsOf } from '../parsedLine';
import { parseSecond } from '../review/secondLabels';
import { parseDecisions, printDecision } from '../proposals/decision';
import { type Curation, reviews, sortedTags, stageOverrides } from './curation';

/** One line of `<dataset file>.curation.jsonl`. */
export interface CurationRecord {
  readonly qid: string;
  readonly curation: Curation;
}

/** Reads one line, or says why it is none. A field that is missing is as in an untouched sample; one that has another value than it may have is a fault. */
export function parseCuration(line: string): Parsed<CurationRecord> {
  const { value, fault } = parseJsonObject(line);
  if (!value) return { fault };
  if (typeof value.qid !== 'string' || value.qid === '') return { fault: 'The line names no "qid".' };
  if (value.v !== undefined && value.v !== 1) return { fault: `The line has version ${JSON.stringify(value.v)}; this release reads 1.` };
  const review = oneOf(value.review, reviews);
  const stage = oneOf(value.stage, stageOverrides);
  const difficulty = oneOf(value.difficulty, difficulties);
  const strange = Object.entries({ review, stage, difficulty }).find(([, read]) => read === 'strange');
  if (strange) return { fault: `"${strange[0]}" is ${JSON.stringify(value[strange[0]])}, which is none of its values.` };
  if (!isListOfTexts(value.tags)) return { fault: '"tags" is no list of texts.' };
  const second = parseSecond(value.second);
  if (second === undefined) return { fault: '"second" is no labels: an answer, key words and boxes of four numbers.' };
  const proposals = parseDecisions(value.proposals);
  if (proposals.length !== (Array.isArray(value.proposals) ? value.proposals.length : value.proposals === undefined || value.proposals === null ? 0 : -1)) return { fault: '"proposals" is no list of decisions.' };
  return {
    value: {
      qid: value.qid,
      curation: {
        tags: sortedTags(textsOf(value.tags)),
        review: (review as Curation['review'] | null) ?? 'todo',
        note: textOf(value.note) ?? '',
        stage: stage as Curation['stage'],
        difficulty: difficulty as Curation['difficulty'],
        rollout: textOf(value.rollout) ?? null,
        second,
        ...(proposals.length > 0 && { proposals }),
      },
    },
  };
}

/** The line of a sample without its line end. Fields of `before`, the line that it replaces, that this release does not know stay at its end. */
export function printCuration({ qid, curation }: CurationRecord, date: string, before?: string): string {
  const { tags, review, note, stage, difficulty, rollout, second, proposals } = curation;
  const ours = { v: 1, qid, tags, review, note, stage, difficulty, rollout, ...(second && { second }), ...(proposals && { proposals: proposals.map(printDecision) }), date };
  const left = ['second', 'proposals']; // absent where there are none
  const unknown = Object.entries((before === undefined ? undefined : parseJsonObject(before).value) ?? ({} as JsonObject)).filter(([name]) => !left.includes(name) && !Object.hasOwn(ours, name));
  return JSON.stringify(unknown.length === 0 ? ours : Object.fromEntries([...Object.entries(ours), ...unknown]));
}

function oneOf<T extends string>(value: unknown, values: readonly T[]): T | null | 'strange' {
  if (value === undefined || value === null) return null;
  return values.find(each => each === value) ?? 'strange';
}

function isListOfTexts(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(entry => typeof entry === 'string'));
}

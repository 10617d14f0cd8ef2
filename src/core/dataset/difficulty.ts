import type { Parsed } from '../parsedLine';
import type { Difficulty, DifficultyRecord } from './sample';

export const difficulties: readonly Difficulty[] = ['easy', 'medium', 'hard'];

/** PeBR-R1's split of dataset-level sampling: easy = all responses right, hard = none, medium = between. */
export function difficultyOf(correct: number, responses: number): Difficulty {
  if (correct >= responses) return 'easy';
  return correct > 0 ? 'medium' : 'hard';
}

/** `5/8` */
export function passRate(record: DifficultyRecord): string {
  return `${record.correct}/${record.responses}`;
}

/** One line of `.pebr/difficulty/<dataset>.jsonl`, or why it is none. */
export function parseDifficulty(line: string): Parsed<DifficultyRecord> {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { fault: 'The line is no JSON; it may be half written.' };
  }
  if (typeof value !== 'object' || value === null || typeof value.qid !== 'string') return { fault: 'The line names no "qid".' };
  const { correct, responses } = value;
  if (typeof correct !== 'number' || typeof responses !== 'number' || !(responses > 0)) return { fault: 'The line has no "correct" of "responses".' };
  const text = (key: string): string => (typeof value[key] === 'string' ? value[key] : '');
  const named = difficulties.find(name => name === value.difficulty);
  return {
    value: {
      qid: value.qid, difficulty: named ?? difficultyOf(correct, responses), correct, responses,
      policy: text('policy'), checkpoint: text('checkpoint'), date: text('date'), run: text('run'),
    },
  };
}

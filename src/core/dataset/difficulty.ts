import { type Parsed, parseJsonObject, textOf } from '../parsedLine';
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
  const { value, fault } = parseJsonObject(line);
  if (!value) return { fault };
  if (typeof value.qid !== 'string') return { fault: 'The line names no "qid".' };
  const { correct, responses } = value;
  if (typeof correct !== 'number' || typeof responses !== 'number' || !(responses > 0)) return { fault: 'The line has no "correct" of "responses".' };
  const { temperature, topP, rewardHash } = value;
  const named = difficulties.find(name => name === value.difficulty);
  return {
    value: {
      qid: value.qid, difficulty: named ?? difficultyOf(correct, responses), correct, responses,
      policy: textOf(value.policy) ?? '', checkpoint: textOf(value.checkpoint) ?? '', date: textOf(value.date) ?? '', run: textOf(value.run) ?? '',
      ...(typeof temperature === 'number' && { temperature }), ...(typeof topP === 'number' && { topP }), ...(typeof rewardHash === 'string' && { rewardHash }),
    },
  };
}

import { parseRow } from '../../dataset/parseRow';
import { choiceOptions } from '../../grading/choiceOptions';
import { JsonLine } from '../../labels/jsonLine';
import { trimmed } from '../lintAnswer';
import type { RowFix } from './fixOf';

export const trimAnswer: RowFix = (text, { columns }) => {
  const { row } = parseRow(text, columns);
  const answer = trimmed(row?.answer ?? '');
  return row && answer !== '' && answer !== row.answer ? new JsonLine(text).set([columns.answer], answer) : text;
};

/** The letter of the one option that the answer repeats, with or without its letter; where none or several do, a person has to look. */
export const fixAnswerChoice: RowFix = (text, { columns }) => {
  const { row } = parseRow(text, columns);
  if (!row) return text;
  const answer = plain(row.answer);
  const letters = choiceOptions(row.problem).flatMap(({ letter, words }) => {
    const all = [plain(words), plain(`${letter}. ${words}`), plain(`${letter}) ${words}`), plain(`(${letter}) ${words}`), plain(`${letter}: ${words}`)];
    return all.includes(answer) ? [letter] : [];
  });
  const [letter] = letters;
  return letter !== undefined && letters.length === 1 ? new JsonLine(text).set([columns.answer], letter) : text;
};

function plain(words: string): string {
  return words.trim().toLowerCase().replace(/\s+/g, ' ').replace(/[.?!,;]+$/, '');
}

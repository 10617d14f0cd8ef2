import { answerType } from '../query/answerType';
import { choiceOptions, type ChoiceOption } from './choiceOptions';
import { parseNumber } from './formulas/numberReading';

/** How an answer is best edited. */
export type AnswerKind = 'choice' | 'number' | 'boxes' | 'latex' | 'text';

export const answerKinds: readonly AnswerKind[] = ['choice', 'number', 'boxes', 'latex', 'text'];

/** A command, a dollar pair, or a power, index or braces around something: what nobody writes in plain words. */
const formula = /\\[a-zA-Z]{2,}|\$[^$]+\$|[\w)}][_^](?:\{|-?\w)/;

/** Told from the answer, and where the question lists options from those; an empty answer has no kind of its own. */
export function answerKind(answer: string, problem: string): AnswerKind {
  const text = answer.trim();
  const type = answerType(text);
  if (type === 'boxes') return 'boxes';
  if (choiceOptions(problem).length > 0 || type === 'yes-no' || /^[ ]*[(]?[A-H][).:]?[ ]*$/.test(text)) return 'choice';
  if (type === 'empty') return 'text';
  if (parseNumber(text)) return 'number';
  return formula.test(text) ? 'latex' : 'text';
}

/** What can be chosen: the options of the question, else yes and no as the answer spells them, else letters. */
export function choicesFor(answer: string, problem: string): readonly ChoiceOption[] {
  const listed = choiceOptions(problem);
  if (listed.length > 0) return listed;
  const text = answer.trim();
  const pair = yesNo.find(words => words.includes(text.replace(/\.$/, '')));
  if (pair) return pair.map(word => ({ letter: word, words: '' }));
  const last = Math.max('ABCDE'.length, 'ABCDEFGH'.indexOf(text.replace(/[(). :]/g, '')) + 1);
  return [...'ABCDEFGH'.slice(0, last)].map(letter => ({ letter, words: '' }));
}

const yesNo: readonly (readonly string[])[] = [['Yes', 'No'], ['yes', 'no'], ['YES', 'NO'], ['True', 'False'], ['true', 'false'], ['TRUE', 'FALSE']];

import type { Row, RowFault } from '../dataset/row';
import { type ChoiceOption, choiceOptions, lettersOf } from '../grading/choiceOptions';
import { extractAnswer } from '../grading/extractAnswer';
import { gradeAnswer } from '../grading/gradeAnswer';
import type { RowRules } from './lintRow';

export function lintAnswer(row: Row, { stage, columns }: Pick<RowRules, 'stage' | 'columns'>): readonly RowFault[] {
  const answer = trimmed(row.answer);
  if (answer === '') {
    // Sampling splits by accuracy in both stages, but only the reasoning stage is rewarded by it.
    const severity = stage === 'reasoning' ? 'error' : 'warning';
    return [{ severity, rule: 'dataset/empty-answer', field: 'answer', message: 'The answer is empty: no response can be right.', remedy: `Write the answer into "${columns.answer}", or delete the row.` }];
  }
  if (!gradesItself(answer)) {
    return [{
      severity: 'error', rule: 'dataset/ungradable-answer', field: 'answer',
      message: answer.includes('\n') ? 'The answer has several lines, and a final answer is read up to the end of its line.' : 'Given as the response, the answer is not graded as right.',
      remedy: 'Write it as one short line that a response can end with.',
    }];
  }
  const blanks: RowFault[] = answer === row.answer ? [] : [{ severity: 'info', rule: 'dataset/untrimmed-answer', field: 'answer', message: answer === row.answer.trim() ? 'The answer has blanks around it.' : 'The answer has signs around it that nobody sees.', remedy: 'Remove them: a reward that compares to the letter never finds it right.' }];
  const options = choiceOptions(row.problem);
  if (options.length === 0 || lettersOf(answer, options).length > 0 || isProse(row.problem, answer, options)) return blanks;
  return [...blanks, {
    severity: 'warning', rule: 'dataset/choice-answer', field: 'answer', message: `The problem lists the options ${options.map(({ letter }) => letter).join(', ')}, and the answer is “${shortened(answer)}”.`,
    remedy: 'Write the letter alone; a response that ends with the letter is wrong otherwise.',
  }];
}

/** An answer without blanks, and without the signs around it that nobody sees: zero-width ones, which `trim` keeps, and control characters. */
export function trimmed(answer: string): string {
  return answer.replace(/^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu, '');
}

/** A list of options looks like one: brackets, a line of its own, or a word that announces it. */
const list = /\(A\)|\bA\)|\n\s*A[.:]|\b(?:options?|choices?|among|following|from)\b[^\n]*?\bA[.:]/i;

/** Whether what look like options may be initials (“A. Smith or B. Jones”), and the answer is none of them. */
function isProse(problem: string, answer: string, options: readonly ChoiceOption[]): boolean {
  if (list.test(problem) || /^\(?[A-H](?:[).:\s]|$)/i.test(answer)) return false;
  const said = answer.toLowerCase();
  return !options.some(({ words }) => said.includes(words.toLowerCase().replace(/[\s.?!,;]+$/, '')));
}

/** Answers that the grader reads to the letter: nothing in them is taken for a sign of its own. */
const plain = /^[\w .,:;()[\]+\-*=%$'"!?]*$/;

/** Whether the answer is right when a response ends with it. */
function gradesItself(answer: string): boolean {
  if (plain.test(answer)) return true;
  const read = extractAnswer(`### The final answer is: ${answer}`).text.trim();
  return read === answer || gradeAnswer(read, answer);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

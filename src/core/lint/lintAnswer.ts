import type { Row, RowFault } from '../dataset/row';
import { extractAnswer } from '../grading/extractAnswer';
import { gradeAnswer } from '../grading/gradeAnswer';
import type { RowRules } from './lintRow';

/** Options of a question: a letter with a bracket, full stop or colon, at the start of a line or after a blank. */
const option = /(?:^|\s)\(?([A-H])[).:]\s+\S/g;

const firstOption = /A[).:]/;

export function lintAnswer(row: Row, { stage, columns }: Pick<RowRules, 'stage' | 'columns'>): readonly RowFault[] {
  const answer = row.answer.trim();
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
  const blanks: RowFault[] = answer === row.answer ? [] : [{ severity: 'info', rule: 'dataset/untrimmed-answer', field: 'answer', message: 'The answer has blanks around it.', remedy: 'Remove them: a reward that compares to the letter never finds it right.' }];
  const letters = optionsOf(row.problem);
  if (letters.length < 2 || areLetters(answer, letters)) return blanks;
  return [...blanks, {
    severity: 'warning', rule: 'dataset/choice-answer', field: 'answer', message: `The problem lists the options ${letters.join(', ')}, and the answer is “${shortened(answer)}”.`,
    remedy: 'Write the letter alone; a response that ends with the letter is wrong otherwise.',
  }];
}

/** Answers that the grader reads to the letter: nothing in them is taken for a sign of its own. */
const plain = /^[\w .,:;()[\]+\-*=%$'"!?]*$/;

/** Whether the answer is right when a response ends with it. */
function gradesItself(answer: string): boolean {
  if (plain.test(answer)) return true;
  const read = extractAnswer(`### The final answer is: ${answer}`).text.trim();
  return read === answer || gradeAnswer(read, answer);
}

/** Letters of the options, where they begin with A and none is left out. */
function optionsOf(problem: string): readonly string[] {
  if (!firstOption.test(problem)) return [];
  const letters = [...new Set([...problem.matchAll(option)].map(match => match[1] ?? ''))].sort();
  return letters.every((letter, index) => letter === 'ABCDEFGH'[index]) ? letters : [];
}

/** Whether the answer is one of the letters, or several in order: `A, C`, `AC`. */
function areLetters(answer: string, letters: readonly string[]): boolean {
  const given = answer.toUpperCase().replace(/[\s,;/&]/g, '');
  return given !== '' && [...given].every((letter, index) => letters.includes(letter) && (index === 0 || letter > (given[index - 1] ?? '')));
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

import { extractAnswer, extractAnswerTolerant } from '../../grading/extractAnswer';
import { gradeAnswer } from '../../grading/gradeAnswer';
import { strip } from '../../grading/formulas/pythonText';
import type { SingleComponent } from '../reward';

export interface AccuracyOptions {
  /** `strict` (default) reads the answer as the paper's released code does; `tolerant` forgives spelling and says what it forgave. */
  readonly mode?: 'strict' | 'tolerant';
}

/** 1 where the final answer is right by mathruler's rules, else 0. */
export function accuracy({ mode = 'strict' }: AccuracyOptions = {}): SingleComponent {
  return ({ response, sample }) => {
    const answer = mode === 'strict' ? extractAnswer(response) : extractAnswerTolerant(response, sample.answer);
    const isRight = gradeAnswer(answer.text, strip(sample.answer));
    const notes = [
      isRight ? `= ${sample.answer}` : `≠ ${sample.answer}`,
      ...(answer.from === 'whole' ? ['no final-answer section: the whole response was graded'] : []),
      ...answer.forgave.map(what => `forgave ${what}`),
    ];
    const hint = isRight || mode === 'tolerant' ? undefined : whatToleranceFinds(response, sample.answer);
    return {
      value: isRight,
      evidence: [{ kind: 'answer', start: answer.start, end: answer.end, text: answer.text, ok: isRight, note: [...notes, ...(hint ? [hint] : [])].join(' · ') }],
    };
  };
}

/** Right but for typography: the trap that costs most in the released code, so it is named. */
function whatToleranceFinds(response: string, truth: string): string | undefined {
  const answer = extractAnswerTolerant(response, truth);
  if (answer.forgave.length === 0 || !gradeAnswer(answer.text, strip(truth))) return undefined;
  return `would be right if read tolerantly (${answer.forgave.join(', ')})`;
}

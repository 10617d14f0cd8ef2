import { extractAnswer } from './extractAnswer';
import { gradeAnswer } from './gradeAnswer';

/** What the stored responses of a sample say about its answer. */
export interface Majority {
  /** The answer that most of them give, in the spelling that most of those use; of two that as many give, the one of the label. */
  readonly answer: string;
  readonly count: number;
  /** Responses that say what the label says. */
  readonly right: number;
  /** All of them, those without an answer included. */
  readonly of: number;
  /** `disagrees`: more of them give this other answer than give the label's. */
  readonly verdict: 'agrees' | 'disagrees';
}

/** Beyond it a response has rambled and given no answer. */
const longestAnswer = 200;

/** The answer that a response gives; empty where it gives none. */
export function answerGiven(response: string): string {
  const { text, from } = extractAnswer(response);
  const answer = text.trim();
  return answer.length > longestAnswer || (from === 'whole' && answer.includes('\n')) ? '' : answer;
}

/**
 * Answers that the grader takes for the same count together; `label` makes a class of its own, whose members are those that it grades as right.
 * Undefined where nothing is answered at all.
 */
export function majorityAnswer(answers: readonly string[], label: string): Majority | undefined {
  const gold = label.trim();
  const others: string[][] = [];
  const right: string[] = [];
  for (const [answer, count] of countsOf(answers.filter(each => each !== ''))) {
    const group = gold !== '' && gradeAnswer(answer, gold) ? right : others.find(([first = '']) => gradeAnswer(answer, first) || gradeAnswer(first, answer));
    const members = Array.from({ length: count }, () => answer);
    if (group) group.push(...members);
    else others.push(members);
  }
  const [most] = others.sort((a, b) => b.length - a.length);
  const told = most && most.length > right.length ? most : right;
  if (told.length === 0) return undefined;
  return { answer: told[0] ?? '', count: told.length, right: right.length, of: answers.length, verdict: told === right ? 'agrees' : 'disagrees' };
}

/** The most frequent first. */
function countsOf(answers: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

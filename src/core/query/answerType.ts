import { sqlText } from './sqlLiteral';

/** What kind of thing an answer is, told from its text alone. */
export type AnswerType = 'empty' | 'number' | 'choice' | 'yes-no' | 'boxes' | 'text';

// Read alike by JavaScript and by DuckDB's RE2. The first that fits decides.
const patterns: readonly (readonly [AnswerType, string])[] = [
  ['empty', '^[ \\t\\r\\n]*$'],
  ['number', '^[ ]*[-+]?[$]?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?[ ]*[%°]?[ ]*$'],
  ['choice', '^[ ]*[(]?[A-Z][).:]?[ ]*$'],
  ['yes-no', '^[ ]*([Yy]es|[Nn]o|YES|NO|[Tt]rue|[Ff]alse|TRUE|FALSE)[.]?[ ]*$'],
  ['boxes', 'bbox|<box>|<[|]box_start[|]>|^[ ]*[\\[(][\\[( ]*-?[0-9.]+[ ]*,[ ]*-?[0-9.]+[ ]*,[ ]*-?[0-9.]+[ ]*,[ ]*-?[0-9.]+[ ]*[\\])]'],
];

export const answerTypes: readonly AnswerType[] = ['number', 'choice', 'yes-no', 'boxes', 'text', 'empty'];

export function answerType(answer: string): AnswerType {
  return patterns.find(([, pattern]) => new RegExp(pattern).test(answer))?.[0] ?? 'text';
}

/** The same in SQL; `answer` is an expression. */
export function answerTypeSql(answer = ''): string {
  const cases = patterns.map(([type, pattern]) => `when regexp_matches(${answer}, ${sqlText(pattern)}) then ${sqlText(type)}`);
  return `case when ${answer} is null then 'empty' ${cases.join(' ')} else 'text' end`;
}

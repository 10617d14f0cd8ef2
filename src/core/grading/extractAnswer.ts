import { closeUp } from './closeUp';
import { pythonSpace } from './pythonText';
import { type Span, trimmedSpan } from './sections';

export interface ExtractedAnswer extends Span {
  /** `section`: after the heading of the final answer; `whole`: there is no such heading and the whole response is the answer. */
  readonly from: 'section' | 'whole';
  /** What the tolerant mode overlooked, in words; empty in the strict mode. */
  readonly forgave: readonly string[];
}

const strictHeading = new RegExp(`### The final answer is:[${pythonSpace}]*([^\\n]*)`);
const tolerantHeading = /#{2,4}[ \t]*(?:\*\*)?the final answer is[ \t]*:?(?:\*\*)?[ \t]*:?\s*([^\n]*)/gi;

/** What the released reward takes as the answer: first match, letter case and the one blank count; else the whole response. */
export function extractAnswer(response: string): ExtractedAnswer {
  const { text, placeOf } = closeUp(response);
  const match = strictHeading.exec(text);
  const answer = match?.[1] ?? text;
  const start = match ? match.index + match[0].length - answer.length : 0;
  return {
    start: placeOf(start),
    end: answer.length === 0 ? placeOf(start) : placeOf(start + answer.length - 1) + 1,
    text: answer,
    from: match ? 'section' : 'whole',
    forgave: [],
  };
}

/** The answer as a patient reader finds it: last heading of any spelling, without emphasis, `\boxed{}`, quotes or a full stop. */
export function extractAnswerTolerant(response: string): ExtractedAnswer {
  const forgave: string[] = [];
  const matches = [...response.matchAll(tolerantHeading)];
  const last = matches[matches.length - 1];
  if (!last) return { ...unwrap(trimmedSpan(response, 0, response.length), forgave), from: 'whole', forgave: ['no heading of the final answer', ...forgave] };
  if (!last[0].startsWith('### The final answer is:')) forgave.push(`heading written as “${last[0].slice(0, last[0].length - (last[1] ?? '').length).trim()}”`);
  if (matches.length > 1) forgave.push(`${matches.length} headings of the final answer, the last one taken`);
  const end = last.index + last[0].length;
  return { ...unwrap(trimmedSpan(response, end - (last[1] ?? '').length, end), forgave), from: 'section', forgave };
}

const wrappers: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'emphasis', pattern: /^(\*\*|__|\*|`)(.+)\1$/d },
  { name: '\\boxed{}', pattern: /^(\$?)\\boxed\{(.+)\}\1$/d },
  { name: 'an <answer> tag', pattern: /^(<answer>)(.+)<\/answer>$/di },
  { name: 'a full stop', pattern: /^()(.*[^.])\.$/d },
];

function unwrap(span: Span, forgave: string[]): Span {
  for (const { name, pattern } of wrappers) {
    const inner = pattern.exec(span.text);
    const place = inner?.indices?.[2];
    if (!inner || !place) continue;
    forgave.push(name);
    return unwrap({ start: span.start + place[0], end: span.start + place[1], text: inner[2] ?? '' }, forgave);
  }
  return span;
}

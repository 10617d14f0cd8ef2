import { closeUp } from './closeUp';
import { pythonSpace } from './formulas/pythonText';
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

/**
 * The answer as a patient reader finds it: last heading of any spelling, else the last `\boxed{}`, `<answer>` or "the answer is"; without
 * emphasis, quotes, a full stop. Where `truth` is the letter of an option, a letter with the option's text after it is that letter.
 */
export function extractAnswerTolerant(response: string, truth?: string): ExtractedAnswer {
  const forgave: string[] = [];
  const { span, from } = underHeading(response, forgave) ?? anywhere(response, forgave);
  const answer = unwrap(span, forgave);
  return { ...(truth !== undefined && /^\(?[A-Za-z]\)?[.)]?$/.test(truth.trim()) ? optionLetter(answer, forgave) : answer), from, forgave };
}

type Found = { readonly span: Span; readonly from: 'section' | 'whole' };

function underHeading(response: string, forgave: string[]): Found | undefined {
  const matches = [...response.matchAll(tolerantHeading)];
  const last = matches[matches.length - 1];
  if (!last) return undefined;
  if (!last[0].startsWith('### The final answer is:')) forgave.push(`heading written as “${last[0].slice(0, last[0].length - (last[1] ?? '').length).trim()}”`);
  if (matches.length > 1) forgave.push(`${matches.length} headings of the final answer, the last one taken`);
  const end = last.index + last[0].length;
  return { span: trimmedSpan(response, end - (last[1] ?? '').length, end), from: 'section' };
}

const saidAnswer = /\banswer(?:[ \t]+is)?(?:\*\*)?[ \t]*[:=：](?:\*\*)?[ \t]*([^\n]+)|\banswer[ \t]+is[ \t]+([^\n]+)/gi;

function anywhere(response: string, forgave: string[]): Found {
  forgave.push('no heading of the final answer');
  const inTag = lastTag(response) ?? lastBoxed(response);
  if (inTag) {
    forgave.push(inTag.what);
    return { span: inTag.span, from: 'whole' };
  }
  const said = [...response.matchAll(saidAnswer)].at(-1);
  const text = said?.[1] ?? said?.[2];
  if (!said || text === undefined) return { span: trimmedSpan(response, 0, response.length), from: 'whole' };
  const end = said.index + said[0].length;
  forgave.push(`the words “${said[0].slice(0, said[0].length - text.length).trim()}”`);
  return { span: trimmedSpan(response, end - text.length, end), from: 'whole' };
}

type Wrapped = { readonly what: string; readonly span: Span };

function lastTag(text: string): Wrapped | undefined {
  const close = text.toLowerCase().lastIndexOf('</answer>');
  const open = close < 0 ? -1 : text.toLowerCase().lastIndexOf('<answer>', close);
  return open < 0 ? undefined : { what: 'an <answer> tag', span: trimmedSpan(text, open + '<answer>'.length, close) };
}

/** What the last `\boxed{}` holds, braces in it counted. */
function lastBoxed(text: string): Wrapped | undefined {
  const open = text.lastIndexOf('\\boxed{');
  let depth = 0;
  for (let at = open; open >= 0 && at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return { what: '\\boxed{}', span: trimmedSpan(text, open + '\\boxed{'.length, at) };
  }
  return undefined;
}

const wrappers: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'emphasis', pattern: /^(\*\*|__|\*|`)(.+)\1$/d },
  { name: 'quotes', pattern: /^(["“'‘])(.+)["”'’]$/d },
  { name: 'the words “Answer:”', pattern: /^((?:the |final |the final )?answer(?: is)?[ \t]*[:：][ \t]*)(.+)$/di },
  { name: 'a full stop', pattern: /^()(.*[^.])\.$/d },
];

/** Nobody wraps an answer more often than this; only hostile text does. */
const mostWraps = 8;

function unwrap(span: Span, forgave: string[], times = mostWraps): Span {
  if (times === 0) return span;
  for (const { name, pattern } of wrappers) {
    const inner = pattern.exec(span.text);
    const place = inner?.indices?.[2];
    if (!inner || !place) continue;
    forgave.push(name);
    return unwrap(trimmedIn(span, place[0], place[1]), forgave, times - 1);
  }
  const inside = lastTag(span.text) ?? lastBoxed(span.text);
  if (!inside) return span;
  const isAll = /^\$?(?:<answer>|\\boxed\{)/i.test(span.text) && /^(?:<\/answer>|\}\$?)$/i.test(span.text.slice(inside.span.end).trim());
  forgave.push(isAll ? inside.what : `the words around ${inside.what}`);
  return unwrap({ ...inside.span, start: span.start + inside.span.start, end: span.start + inside.span.end }, forgave, times - 1);
}

/** `B) 7`, `(B) red`, `B: red`, `Option B` where the truth is a letter. */
function optionLetter(span: Span, forgave: string[]): Span {
  const found = /^(?:option|choice)?[ \t]*\(?([A-Za-z])(?:\)|[.:](?=\s|$)|\)[.:]|[ \t]+[-–—](?=\s))[ \t]*(.*)$/dis.exec(span.text) ?? /^(?:option|choice)[ \t]+\(?([A-Za-z])\)?()$/di.exec(span.text);
  const place = found?.indices?.[1];
  if (!found || !place || place[1] - place[0] === span.text.length) return span;
  forgave.push((found[2] ?? '').trim() === '' ? 'what stands around the option letter' : 'the text beside the option letter');
  return { start: span.start + place[0], end: span.start + place[1], text: found[1] ?? '' };
}

function trimmedIn(span: Span, from: number, to: number): Span {
  const { start, end, text } = trimmedSpan(span.text, from, to);
  return { start: span.start + start, end: span.start + end, text };
}

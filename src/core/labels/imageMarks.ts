/** What stands for an image in a problem. */
export const imageMark = '<image>';

/** Where an image stands in a problem, counted in UTF-16 units without the marks before it, and in words. */
export interface MarkPlace {
  readonly offset: number;
  readonly place: 'start' | 'middle' | 'end';
  /** The text right after it, or before it where it stands at the end. */
  readonly beside: string;
}

/** The marks of a problem in their order. */
export function imageMarks(problem: string): readonly MarkPlace[] {
  const parts = problem.split(imageMark);
  const text = parts.join('');
  let offset = 0;
  return parts.slice(0, -1).map(part => {
    offset += part.length;
    const before = text.slice(0, offset).trim();
    const after = text.slice(offset).trim();
    if (before === '') return { offset, place: 'start', beside: firstWords(after) };
    return after === '' ? { offset, place: 'end', beside: lastWords(before) } : { offset, place: 'middle', beside: firstWords(after) };
  });
}

/** A mark put in at a caret; one inside another mark goes after it. */
export function insertMark(problem: string, caret: number): string {
  const at = Math.max(0, Math.min(problem.length, caret));
  const around = problem.lastIndexOf(imageMark, at - 1);
  const place = around >= 0 && at > around && at < around + imageMark.length ? around + imageMark.length : at;
  return problem.slice(0, place) + imageMark + problem.slice(place);
}

/** All marks before the text, where every loader expects them. */
export function marksToStart(problem: string): string {
  const parts = problem.split(imageMark);
  return imageMark.repeat(parts.length - 1) + parts.join('').trimStart();
}

/** As many marks as wanted: missing ones are put before the text, those too many are taken from its end. */
export function withMarks(problem: string, wanted: number): string {
  const parts = problem.split(imageMark);
  const marks = parts.length - 1;
  if (marks <= wanted) return imageMark.repeat(wanted - marks) + problem;
  return parts.reduce((all, part, index) => `${all}${index <= wanted ? imageMark : ''}${part}`);
}

function firstWords(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24).trimEnd()}…` : text;
}

function lastWords(text: string): string {
  return text.length > 24 ? `…${text.slice(-24).trimStart()}` : text;
}

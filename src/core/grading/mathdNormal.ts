import { strip } from './formulas/pythonText';

/** The first normal form that mathruler compares (that of the MATH data set): a string, where equal strings are equal answers. */
export function mathdNormal(answer: string): string {
  const stripped = strip(answer);
  const text = strip(/^\\text\{([^\n]+?)\}$/u.exec(stripped)?.[1] ?? stripped);
  return normalized(text) ?? text;
}

/** Undefined where the original gives up, and compares the text as it stands. */
function normalized(answer: string): string | undefined {
  let text = answer.replaceAll('\n', '').replaceAll('\\!', '').replaceAll('\\\\', '\\');
  text = text.replaceAll('tfrac', 'frac').replaceAll('dfrac', 'frac').replaceAll('\\left', '').replaceAll('\\right', '');
  text = text.replaceAll('^{\\circ}', '').replaceAll('^\\circ', '').replaceAll('\\$', '');
  const units = text.split('\\text{ ');
  if (units.length > 2) return undefined;
  text = (units[0] ?? '').replaceAll('\\%', '').replaceAll('%', '').replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
  if (text.length === 0) return text;
  if (text.startsWith('.')) text = `0${text}`;
  const sides = text.split('=');
  if (sides.length === 2 && [...(sides[0] ?? '')].length <= 2) text = sides[1] ?? '';
  const rooted = withRootBraces(text);
  if (rooted === undefined) return undefined;
  const fractions = withFractionBraces(rooted.replaceAll(' ', ''));
  if (fractions === undefined) return undefined;
  if (fractions === '0.5') return '\\frac{1}{2}';
  return fractions.replace(/^(0|-?[1-9]\d*)\/(0|-?[1-9]\d*)$/, '\\frac{$1}{$2}');
}

/** `\sqrt3` becomes `\sqrt{3}`. */
function withRootBraces(text: string): string | undefined {
  const [head = '', ...rest] = text.split('\\sqrt');
  if (rest.includes('')) return undefined;
  return head + rest.map(part => (part.startsWith('{') ? `\\sqrt${part}` : `\\sqrt{${firstChar(part)}}${part.slice(firstChar(part).length)}`)).join('');
}

/** `\frac12` and `\frac1{2}` become `\frac{1}{2}`; a numerator in braces is left alone. */
function withFractionBraces(text: string): string | undefined {
  const [head = '', ...rest] = text.split('\\frac');
  if (rest.includes('')) return undefined;
  const parts: string[] = [];
  for (const part of rest) {
    if (part.startsWith('{')) {
      parts.push(`\\frac${part}`);
      continue;
    }
    const [numerator, denominator] = [...part];
    if (numerator === undefined || denominator === undefined) return text;
    const after = part.slice(numerator.length + denominator.length);
    parts.push(denominator === '{' ? `\\frac{${numerator}}{${after}` : `\\frac{${numerator}}{${denominator}}${after}`);
  }
  return head + parts.join('');
}

function firstChar(text: string): string {
  return [...text][0] ?? '';
}

/** What Python's `\s` and `str.strip` take for white space; JavaScript's `\s` differs in four characters. For use inside `[…]`. */
export const pythonSpace = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const leading = new RegExp(`^[${pythonSpace}]+`);
const space = new RegExp(`[${pythonSpace}]`);
const floatLiteral = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;
const decimalDigit = /^\p{Nd}$/u;

/** `str.strip()`. */
export function strip(text: string): string {
  let end = text.length;
  while (end > 0 && space.test(text[end - 1] ?? '')) end--; // a pattern anchored at the end would cost the square of a run of blanks
  return text.slice(0, end).replace(leading, '');
}

/** `float(text)`; undefined where Python raises ValueError. Digits of every script are digits. */
export function parseFloatLikePython(text: string): number | undefined {
  // Of an ASCII text float() strips the six blanks of C alone, of another one every blank.
  const trimmed = /[^\0-\x7f]/.test(text) ? withAsciiDigits(strip(text)) : text.replace(/^[ \t-\r]+/, '').trimEnd();
  if (floatLiteral.test(trimmed)) return Number(trimmed.replaceAll('_', ''));
  if (infinite.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  return /^[+-]?nan$/i.test(trimmed) ? NaN : undefined;
}

function withAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, digit => String(digitValue(digit)));
}

/** The value of a decimal digit of any script. They stand in runs of ten, which may follow each other without a gap. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (code - first < 60 && decimalDigit.test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}

/** What Python's `\s` and `str.strip` take for white space; JavaScript's `\s` differs in four characters. For use inside `[…]`. */
export const pythonSpace = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const edges = new RegExp(`^[${pythonSpace}]+|[${pythonSpace}]+$`, 'g');
const floatLiteral = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;

/** `str.strip()`. */
export function strip(text: string): string {
  return text.replace(edges, '');
}

/** `float(text)`; undefined where Python raises ValueError. */
export function parseFloatLikePython(text: string): number | undefined {
  const trimmed = strip(text);
  if (floatLiteral.test(trimmed)) return Number(trimmed.replaceAll('_', ''));
  if (infinite.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  return /^[+-]?nan$/i.test(trimmed) ? NaN : undefined;
}

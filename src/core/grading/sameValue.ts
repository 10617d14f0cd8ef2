import { type Complex, type Formula, parseFormula } from './expression';

/** As long as a float's digits go: in sympy no such number equals a fraction or a root. */
const longDecimal = /\.\d{14,}[1-9]/;
const refused = /\^\{|\^\(|\^[0-9]+\^|\^[0-9][0-9]+/;

/**
 * Whether two formulas are equal everywhere, tested at three points. Refuses what mathruler refuses to hand to sympy:
 * more than two letters in all, long exponents, stacked powers.
 */
export function isSameValue(a: string, b: string): boolean {
  const difference = `(${a})-(${b})`;
  if (lettersIn(difference) > 2 || refused.test(difference)) return false;
  const left = parseFormula(`(${a})`);
  const right = parseFormula(`(${b})`);
  if (!left || !right) return false;
  const hasDecimals = /\d\.|\.\d|\de[+-]?\d/.test(difference);
  if (hasDecimals && longDecimal.test(difference)) return false;
  return [1, 2, 3].every(point => isZero(left, right, point, hasDecimals && !/sqrt|pi/.test(difference)));
}

function isZero(left: Formula, right: Formula, point: number, isExact: boolean): boolean {
  const valueOf = (name: string, argument?: Complex): Complex => valueAt(name, point, argument);
  const a = left(valueOf);
  const b = right(valueOf);
  const error = Math.hypot(a.re - b.re, a.im - b.im);
  if (!Number.isFinite(error)) return false;
  // Sympy's decimals are 53-bit floats too: there a difference in the last bit is a difference.
  return isExact && a.im === 0 && b.im === 0 ? error === 0 : error <= 1e-11 * Math.max(Math.hypot(a.re, a.im), 1e-3);
}

/** A fixed arbitrary value for each unknown and point; an unknown function is some smooth function of its argument. */
function valueAt(name: string, point: number, argument?: Complex): Complex {
  let seed = point * 0.731;
  for (const char of name) seed = (seed * 1.37 + (char.codePointAt(0) ?? 0) * 0.0173) % 2;
  if (!argument) return { re: 0.6 + seed, im: 0.3 + seed / 3 };
  return { re: Math.sin(argument.re * 1.7 + seed) + argument.im, im: Math.cos(argument.im * 1.3 + seed * 2) + argument.re / 7 };
}

/** Different letters, those of "sqrt" and "frac" not counted. */
function lettersIn(text: string): number {
  return new Set(text.replaceAll('sqrt', '').replaceAll('frac', '').match(/\p{L}/gu) ?? []).size;
}

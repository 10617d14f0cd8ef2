import { TooLarge } from './exactNumber';
import { readFormula } from './expression';
import { hasFloat, hasUnityRoot, isDecimalQuotient, isRational, isEqualNearly, isZeroExactly } from './formulaValue';
import { NoNumber, type Sum } from './sumOfTerms';
import { sympyTokens } from './sympyTokens';

const refused = /\^\(|\^[0-9]+\^|\^[0-9][0-9]+/;
/** As much as sympy reads in a reasonable time; a longer formula equals only its own text. */
const longest = 4000;

/**
 * Whether sympy simplifies the difference of two formulas to zero. Refuses what mathruler refuses to hand to sympy: more than two letters
 * in all, long exponents, stacked powers.
 */
export function isSameValue(wanted: string, got: string): boolean {
  const difference = `(${wanted})-(${got})`;
  if (difference.length > longest || lettersIn(difference) > 2 || refused.test(difference)) return false;
  try {
    const tokens = sympyTokens(difference.replaceAll('^', '**'));
    const formula = tokens && readFormula(tokens);
    if (!formula) return false;
    if (formula.size === 0) return true;
    if (isRational(formula)) return isZeroExactly(formula);
    // Of decimals sympy knows no more than their sums, in the order in which they are rounded.
    if (hasFloat(formula)) return readFormula(tokens, true)?.size === 0 || (isDecimalQuotient(formula) && isEqualNearly(...sidesOf(wanted, got)));
    return !hasUnityRoot(formula) && isEqualNearly(formula);
  } catch (error) {
    if (error instanceof NoNumber || error instanceof TooLarge) return false;
    throw error;
  }
}

/** The two formulas alone: decimals that nearly cancel in the difference leave nothing to measure the rest against. */
function sidesOf(wanted: string, got: string): readonly [Sum, Sum] {
  const [a, b] = [wanted, got].map(text => readFormula(sympyTokens(`(${text})`.replaceAll('^', '**')) ?? []));
  if (!a || !b) throw new NoNumber();
  return [a, b];
}

/** Different letters, those of "sqrt" and "frac" not counted. */
function lettersIn(text: string): number {
  return new Set(text.replaceAll('sqrt', '').replaceAll('frac', '').match(/\p{L}/gu) ?? []).size;
}

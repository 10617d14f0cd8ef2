import { TooLarge } from './exactNumber';
import { readFormula } from './expression';
import { hasFloat, hasUnityRoot, isQuotient, isRational, isZeroExactly, isZeroNearly } from './formulaValue';
import { NoNumber } from './sumOfTerms';
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
    if (hasFloat(formula)) return readFormula(tokens, true)?.size === 0 || (isQuotient(formula) && isZeroNearly(formula));
    return !hasUnityRoot(formula) && isZeroNearly(formula);
  } catch (error) {
    if (error instanceof NoNumber || error instanceof TooLarge) return false;
    throw error;
  }
}

/** Different letters, those of "sqrt" and "frac" not counted. */
function lettersIn(text: string): number {
  return new Set(text.replaceAll('sqrt', '').replaceAll('frac', '').match(/\p{L}/gu) ?? []).size;
}

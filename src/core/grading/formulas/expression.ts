import { asFloat, asFraction, type ExactNumber, floatFrom, fraction, isZero, minusOne, one, toNumber, TooLarge, zero } from './exactNumber';
import {
  addSums, divideSums, floorOf, keyOfSum, multiplySums, negateSum, NoNumber, numberOf, raiseSum, raiseToSum, type Sum, sumOfFactor, sumOfNumber,
} from './sumOfTerms';
import { factorialOf } from './complexNumber';
import type { FormulaToken } from './sympyTokens';

const deepest = 180; // Python reads about as many brackets
const half = fraction(1n, 2n);

/**
 * The formula that the tokens write, by Python's precedence; undefined where Python has a syntax or type error. Products are multiplied
 * out unless `isKept`. Throws NoNumber and TooLarge.
 */
export function readFormula(tokens: readonly FormulaToken[], isKept = false): Sum | undefined {
  let at = 0;
  let depth = 0;
  const takeOp = (...texts: readonly string[]): string | undefined => {
    while (isOp(tokens[at], '\n')) at++;
    const token = tokens[at];
    if (token?.kind !== 'op' || !texts.includes(token.text)) return undefined;
    at++;
    return token.text;
  };

  function sum(): Sum | undefined {
    let left = product();
    for (let op = left && takeOp('+', '-'); left && op; op = takeOp('+', '-')) {
      const right = product();
      left = right && addSums(left, op === '+' ? right : negateSum(right));
      if (!left) return undefined;
    }
    return left;
  }
  function product(): Sum | undefined {
    let left = signed();
    for (let op = left && takeOp('*', '/', '//'); left && op; op = takeOp('*', '/', '//')) {
      const right = signed();
      left = right && (op === '*' ? multiplySums(left, right, isKept) : op === '/' ? divideSums(left, right, isKept) : floorSum(divideSums(left, right)));
      if (!left) return undefined;
    }
    return left;
  }
  function signed(): Sum | undefined {
    if (++depth > deepest) return undefined;
    const op = takeOp('-', '+');
    const inner = op ? signed() : power();
    depth--;
    return op === '-' ? inner && negateSum(inner) : inner;
  }
  function power(): Sum | undefined {
    const base = operand();
    if (!base || !takeOp('**')) return base;
    const exponent = signed();
    return exponent && raiseToSum(base, exponent, isKept);
  }
  function operand(): Sum | undefined {
    if (takeOp('(')) return inBrackets();
    const token = tokens[at++];
    switch (token?.kind) {
      case 'number': return sumOfNumber(token.value);
      case 'symbol': return token.isFunction ? undefined : sumOfFactor({ key: token.name, kind: 'symbol', name: token.name });
      case 'constant': return constant(token.name);
      case 'function': {
        const argument = takeOp('(') ? sum() : undefined;
        takeOp(',');
        return argument && takeOp(')') ? call(token.name, argument) : undefined;
      }
      default: return undefined;
    }
  }
  function inBrackets(): Sum | undefined {
    const inner = sum();
    return inner && takeOp(')') ? inner : undefined;
  }

  const formula = sum();
  while (isOp(tokens[at], '\n')) at++;
  return at === tokens.length ? formula : undefined;
}

function constant(name: string): Sum {
  if (name === 'pi') return sumOfFactor({ key: 'pi ', kind: 'constant', name });
  if (name === 'I') return raiseSum(sumOfNumber(minusOne), half);
  throw new NoNumber(); // infinities and nan: no difference with them is zero
}

function call(name: string, argument: Sum): Sum | undefined {
  const number = numberOf(argument);
  switch (name) {
    case 'sqrt': return raiseSum(argument, half);
    case 'factorial': case 'factorial2': return factorial(name, number, argument);
    case 'ln':
      if (number && isZero(number)) throw new NoNumber();
      if (number?.kind === 'float' && number.man > 0n) return sumOfNumber(floatFrom(Math.log(toNumber(number))));
      return number && toNumber(number) === 1 ? sumOfNumber(zero) : functionOf(name, argument);
    case 'frac': return number ? addSums(argument, negateSum(sumOfNumber(fraction(floorOf(asFraction(number)))))) : functionOf(name, argument);
    case 're': return number ? argument : functionOf(name, argument);
    case 'im': return number ? sumOfNumber(zero) : functionOf(name, argument);
    case 'csc': case 'li': return functionOf(name, argument);
    default: return undefined; // needs more arguments, or gives no number
  }
}

function factorial(name: 'factorial' | 'factorial2', number: ExactNumber | undefined, argument: Sum): Sum {
  const { p, q } = number ? asFraction(number) : { p: 1n, q: 2n };
  if (name === 'factorial2' && number?.kind === 'float') return functionOf(name, argument);
  if (p % q !== 0n) return number?.kind === 'float' ? sumOfNumber(floatFrom(factorialOf(toNumber(number)))) : functionOf(name, argument);
  if (p < 0n) throw new NoNumber();
  if (p / q > 3000n) throw new TooLarge();
  let result = 1n;
  for (let n = p / q; n > 1n; n -= name === 'factorial' ? 1n : 2n) result *= n;
  return sumOfNumber(number?.kind === 'float' ? asFloat(fraction(result), number.bits) : fraction(result));
}

function floorSum(sum: Sum): Sum | undefined {
  const number = numberOf(sum);
  return number?.kind === 'fraction' ? sumOfNumber(fraction(floorOf(number))) : undefined;
}

function functionOf(name: string, inner: Sum): Sum {
  return sumOfFactor({ key: `${name}(${keyOfSum(inner)})`, kind: 'function', name, inner }, one);
}

function isOp(token: FormulaToken | undefined, text: string): boolean {
  return token?.kind === 'op' && token.text === text;
}

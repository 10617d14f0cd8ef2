import { add, asFloat, asFraction, divide, type ExactNumber, floatFrom, floatRoot, fraction, integerRoot, isZero, multiply, negate, one, power, toNumber, TooLarge, zero } from './exactNumber';

/** What a term is a product of, besides its number: an unknown, a constant, a prime under a root, a function's value, a sum that was not multiplied out. */
export interface Factor {
  readonly key: string;
  readonly kind: 'symbol' | 'constant' | 'prime' | 'function' | 'sum' | 'power';
  /** The prime; the argument of the function; the sum itself, or the base; an exponent that is no number. */
  readonly prime?: bigint;
  readonly inner?: Sum;
  readonly exponent?: Sum;
  readonly name: string;
}

export interface Term {
  readonly number: ExactNumber;
  /** Factors with their exponents, which are fractions. */
  readonly powers: ReadonlyMap<string, { readonly factor: Factor; readonly exponent: ExactNumber & { readonly kind: 'fraction' } }>;
}

/** A formula multiplied out: terms by the key of their factors, without terms that are zero. */
export type Sum = ReadonlyMap<string, Term>;

/** Thrown for what is no number in sympy either: a division by zero, infinity. It equals nothing. */
export class NoNumber extends Error {}

const mostTerms = 600;
const smallPrimes = 1 << 15;
type Fraction = ExactNumber & { readonly kind: 'fraction' };
type Powers = Term['powers'];

export function sumOfNumber(number: ExactNumber): Sum {
  return sumOf([{ number, powers: new Map() }]);
}

export function sumOfFactor(factor: Factor, exponent: ExactNumber = one): Sum {
  return sumOf([{ number: one, powers: new Map([[factor.key, { factor, exponent: exponent as Fraction }]]) }]);
}

/** The number, where the sum is nothing else. */
export function numberOf(sum: Sum): ExactNumber | undefined {
  if (sum.size === 0) return zero;
  const [term] = sum.values();
  return sum.size === 1 && term && term.powers.size === 0 ? term.number : undefined;
}

export function addSums(a: Sum, b: Sum): Sum {
  return sumOf([...a.values(), ...b.values()]);
}

export function negateSum(a: Sum): Sum {
  return new Map([...a].map(([key, term]) => [key, { ...term, number: negate(term.number) }]));
}

/** Multiplied out; or, where `isKept`, as sympy leaves a product with decimals: sums in it stay as they are. */
export function multiplySums(a: Sum, b: Sum, isKept = false): Sum {
  if (isKept && (a.size > 1 || b.size > 1)) {
    const numbers = [numberOf(a), numberOf(b)];
    if (!numbers.some(number => number?.kind === 'fraction')) return multiplySums(a.size > 1 ? sumOfFactor(sumFactor(a)) : a, b.size > 1 ? sumOfFactor(sumFactor(b)) : b);
  }
  if (a.size * b.size > mostTerms * 4) throw new TooLarge();
  const terms: Term[] = [];
  for (const left of a.values()) for (const right of b.values()) terms.push(productOf(left, right));
  return sumOf(terms);
}

export function divideSums(a: Sum, b: Sum, isKept = false): Sum {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (y && isZero(y)) throw new NoNumber();
  if (x && y) return sumOfNumber(divide(x, y));
  return multiplySums(a, raiseSum(b, fraction(-1n)), isKept);
}

/** A sum to a power that is a number. */
export function raiseSum(base: Sum, exponent: ExactNumber, isKept = false): Sum {
  if (exponent.kind === 'float') return raiseToFloat(base, exponent);
  const number = numberOf(base);
  if (exponent.p === 0n) return sumOfNumber(one);
  if (number && isZero(number)) {
    if (exponent.p < 0n) throw new NoNumber();
    return base;
  }
  if (number?.kind === 'float' && exponent.q !== 1n) return floatRootOf(number, exponent);
  if (exponent.q === 1n && number) return sumOfNumber(power(number, exponent.p));
  const [term] = base.values();
  if (base.size === 1 && term) return raiseTerm(term, exponent);
  if (exponent.q === 1n && exponent.p > 0n && exponent.p <= 40n && !isKept) {
    try {
      let result = base;
      for (let n = 1n; n < exponent.p; n++) result = multiplySums(result, base);
      return result;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
    }
  }
  // 1/(2 - x) and -1/(x - 2) are one factor.
  const isTurned = exponent.q === 1n && asFraction(firstTerm(base).number).p < 0n;
  return isTurned ? multiplySums(sumOfNumber(exponent.p % 2n === 0n ? one : fraction(-1n)), sumOfFactor(sumFactor(negateSum(base)), exponent)) : sumOfFactor(sumFactor(base), exponent);
}

function firstTerm(sum: Sum): Term {
  const key = [...sum.keys()].sort()[0] ?? '';
  return sum.get(key) ?? { number: zero, powers: new Map() };
}

/** A sum to a power that may hold unknowns. */
export function raiseToSum(base: Sum, exponent: Sum, isKept = false): Sum {
  const number = numberOf(exponent);
  if (number) return raiseSum(base, number, isKept);
  const value = numberOf(base);
  if (value && isZero(value)) throw new NoNumber();
  return sumOfFactor({ key: `(${keyOfSum(base)})^(${keyOfSum(exponent)})`, kind: 'power', name: '', inner: base, exponent });
}

/** A key that two sums share when they are written with the same terms. */
export function keyOfSum(sum: Sum): string {
  return [...sum].map(([key, { number }]) => `${textOf(number)}*${key}`).sort().join('+');
}

function raiseTerm({ number, powers }: Term, exponent: Fraction): Sum {
  if (exponent.q === 1n) {
    const raised = new Map([...powers].map(([key, { factor, exponent: inner }]) => [key, { factor, exponent: multiply(inner, exponent) as Fraction }]));
    return sumOf([normalized(power(number, exponent.p), raised)]);
  }
  // A root: the positive number in front leaves it; what else is under it stays together, because it may be negative.
  const isNegative = asFraction(number).p < 0n;
  const size = isNegative ? negate(number) : number;
  const outside = size.kind === 'fraction' ? rootOfFraction(size, exponent) : floatPower(size, toNumber(exponent), exponent.p === 1n && exponent.q === 2n);
  if (powers.size === 0) return isNegative ? multiplySums(outside, rootOfMinusOne(exponent)) : outside;
  const [single] = powers.values();
  const isRoot = powers.size === 1 && single && !isNegative && isUnitInterval(single.exponent, single.factor);
  if (isRoot) return multiplySums(outside, sumOf([normalized(one, new Map([[single.factor.key, { factor: single.factor, exponent: multiply(single.exponent, exponent) as Fraction }]]))]));
  const inside: Sum = sumOf([{ number: isNegative ? fraction(-1n) : one, powers }]);
  return multiplySums(outside, sumOfFactor(sumFactor(inside), exponent));
}

/** (x^a)^b is x^(a·b) for -1 < a ≤ 1, and for every a where x is positive. */
function isUnitInterval({ p, q }: Fraction, { kind, name, prime }: Factor): boolean {
  return (p <= q && p > -q) || (kind === 'constant' && name === 'pi') || (kind === 'prime' && prime !== -1n);
}

function rootOfMinusOne(exponent: Fraction): Sum {
  return sumOf([normalized(one, new Map([['#-1', { factor: primeFactor(-1n), exponent }]]))]);
}

function rootOfFraction({ p, q }: Fraction, exponent: Fraction): Sum {
  const powers = new Map<string, { factor: Factor; exponent: Fraction }>();
  const inverse = negate(exponent) as Fraction;
  for (const [value, sign] of [[p, exponent], [q, inverse]] as const) {
    for (const [prime, count] of primesOf(value)) {
      const factor = primeFactor(prime);
      const before = powers.get(factor.key)?.exponent ?? zero;
      powers.set(factor.key, { factor, exponent: add(before, multiply(sign, fraction(BigInt(count)))) as Fraction });
    }
  }
  return sumOf([normalized(one, powers)]);
}

function primesOf(value: bigint): ReadonlyMap<bigint, number> {
  const found = new Map<bigint, number>();
  let rest = value;
  for (let prime = 2n; prime < smallPrimes && prime * prime <= rest; prime += prime === 2n ? 1n : 2n) {
    while (rest % prime === 0n) {
      found.set(prime, (found.get(prime) ?? 0) + 1);
      rest /= prime;
    }
  }
  if (rest > 1n) {
    const root = integerRoot(rest);
    if (root * root === rest) found.set(root, 2);
    else found.set(rest, (found.get(rest) ?? 0) + 1);
  }
  return found;
}

function raiseToFloat(base: Sum, exponent: ExactNumber): Sum {
  const number = numberOf(base);
  if (!number) return sumOfFactor(sumFactor(base, `^${textOf(exponent)}`, exponent));
  if (isZero(number)) return base;
  const { p, q } = asFraction(exponent);
  if (p % q === 0n && exponent.kind === 'float') return sumOfNumber(power(asFloat(number, exponent.bits), p / q));
  return floatPower(number, toNumber(exponent), false);
}

function floatPower(number: ExactNumber, exponent: number, isSquareRoot: boolean): Sum {
  const value = toNumber(number);
  if (value < 0) throw new TooLarge(); // a complex decimal
  if (isSquareRoot && number.kind === 'float') return sumOfNumber(floatRoot(number));
  return sumOfNumber(floatFrom(value ** exponent));
}

function floatRootOf(number: ExactNumber & { readonly kind: 'float' }, exponent: Fraction): Sum {
  const isSquareRoot = exponent.p === 1n && exponent.q === 2n;
  if (number.man > 0n) return floatPower(number, toNumber(exponent), isSquareRoot);
  return multiplySums(floatPower(negate(number), toNumber(exponent), isSquareRoot), rootOfMinusOne(exponent));
}

function sumFactor(inner: Sum, suffix = '', exponent?: ExactNumber): Factor {
  return { key: `(${keyOfSum(inner)})${suffix}`, kind: 'sum', name: exponent ? String(toNumber(exponent)) : '', inner };
}

function primeFactor(prime: bigint): Factor {
  return { key: `#${prime}`, kind: 'prime', name: '', prime };
}

function productOf(a: Term, b: Term): Term {
  if (a.powers.size === 0 || b.powers.size === 0) return { number: multiply(a.number, b.number), powers: a.powers.size === 0 ? b.powers : a.powers };
  const powers = new Map(a.powers);
  for (const [key, { factor, exponent }] of b.powers) powers.set(key, { factor, exponent: add(powers.get(key)?.exponent ?? zero, exponent) as Fraction });
  return normalized(multiply(a.number, b.number), powers);
}

/** Takes whole powers of primes into the number, and drops factors with the exponent 0. */
function normalized(number: ExactNumber, powers: Powers): Term {
  let result = number;
  const kept = new Map<string, { factor: Factor; exponent: Fraction }>();
  for (const [key, { factor, exponent }] of powers) {
    const whole = factor.prime === undefined ? 0n : floorOf(exponent);
    if (factor.prime !== undefined && whole !== 0n) result = multiply(result, power(fraction(factor.prime), whole));
    const rest = whole === 0n ? exponent : (add(exponent, fraction(-whole)) as Fraction);
    if (rest.p !== 0n) kept.set(key, { factor, exponent: rest });
  }
  return { number: result, powers: kept };
}

export function floorOf({ p, q }: { readonly p: bigint; readonly q: bigint }): bigint {
  return p >= 0n ? p / q : -((-p + q - 1n) / q);
}

function sumOf(terms: readonly Term[]): Sum {
  const sum = new Map<string, Term>();
  for (const term of terms) {
    const key = [...term.powers].map(([name, { exponent }]) => `${name}^${textOf(exponent)}`).sort().join('*');
    const before = sum.get(key);
    sum.set(key, before ? { ...before, number: add(before.number, term.number) } : term);
  }
  for (const [key, { number }] of sum) if (isZero(number)) sum.delete(key);
  if (sum.size > mostTerms) throw new TooLarge();
  return sum;
}

function textOf(number: ExactNumber): string {
  return number.kind === 'fraction' ? (number.q === 1n ? `${number.p}` : `${number.p}/${number.q}`) : `${number.man}p${number.exp}`;
}

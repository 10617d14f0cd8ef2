import { type Complex, gamma, logarithm, multiply, raise } from './complexNumber';
import { asFraction, type ExactNumber, toNumber } from './exactNumber';
import type { Factor, Sum } from './sumOfTerms';

const points = 24;
const modulus = (1n << 61n) - 1n;

/** Whether a formula without roots and decimals is zero: computed exactly, modulo a large prime, with unknowns that stand for any number. */
export function isZeroExactly(sum: Sum): boolean {
  try {
    return [11n, 12n].every(seed => residue(sum, seed) === 0n);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const nothing: Sum = new Map();

/** Whether two formulas have the same value at many points, up to the rounding of doubles. */
export function isEqualNearly(a: Sum, b: Sum = nothing): boolean {
  const hasFactorial = [a, b].some(sum => allPowers(sum).some(({ factor }) => factor.name === 'factorial'));
  const errors = Array.from({ length: points }, (_, point) => {
    if (hasFactorial && isFarOut(point)) return NaN; // beyond a double, and rounded away long before
    const left = valueOf(a, point);
    const right = valueOf(b, point);
    return Math.hypot(left.value.re - right.value.re, left.value.im - right.value.im) / Math.max(left.size, right.size);
  });
  const known = errors.filter(error => Number.isFinite(error)); // far out a power may be beyond a double
  const close = known.filter(error => error <= (hasFactorial ? 1e-10 : 1e-12));
  // Where terms nearly cancel a point is known to fewer digits; a formula that differs does so at most points, or by much.
  return known.length >= points / 3 && close.length >= known.length * 0.75 && known.every(error => error <= 1e-8);
}

/** Whether every exponent is whole and nothing but numbers and unknowns occurs. */
export function isRational(sum: Sum): boolean {
  return [...sum.values()].every(
    ({ number, powers }) =>
      number.kind === 'fraction' &&
      [...powers.values()].every(({ factor, exponent }) => exponent.q === 1n && (factor.kind === 'symbol' || factor.kind === 'sum') && (factor.kind !== 'sum' || (factor.name === '' && factor.inner !== undefined && isRational(factor.inner)))),
  );
}

export function hasFloat(sum: Sum): boolean {
  return [...sum.values()].some(
    ({ number, powers }) =>
      number.kind === 'float' ||
      [...powers.values()].some(({ factor, exponent }) => isDecimalPower(factor, exponent) || (factor.inner && hasFloat(factor.inner)) || (factor.exponent && hasFloat(factor.exponent))),
  );
}

/** `x^2.0` is not `x^2` for sympy, but `x^-2.0` is `x^-2`: a fraction's denominator is made rational. */
function isDecimalPower({ kind, name, inner }: Factor, exponent: ExactNumber): boolean {
  return kind === 'sum' && name !== '' && !(inner !== undefined && hasUnknown(inner) && Number(name) * toNumber(exponent) < 0);
}

/**
 * Whether decimals stand in a fraction with unknowns below, and no irrational number and no decimal power beside them: there sympy
 * compares decimals up to their rounding.
 */
export function isDecimalQuotient(sum: Sum): boolean {
  const factors = allPowers(sum);
  const isBelow = factors.some(({ factor, exponent }) => exponent.p < 0n && factor.kind === 'sum' && exponent.q === 1n && factor.inner !== undefined && hasUnknown(factor.inner));
  return isBelow && !factors.some(({ factor, exponent }) => factor.kind === 'prime' || factor.kind === 'constant' || isDecimalPower(factor, exponent));
}

function hasUnknown(sum: Sum): boolean {
  return allPowers(sum).some(({ factor }) => factor.kind === 'symbol');
}

type Power = { readonly factor: Factor; readonly exponent: ExactNumber & { readonly kind: 'fraction' } };

/** The powers of a formula and of the formulas in it. */
function allPowers(sum: Sum): readonly Power[] {
  return [...sum.values()].flatMap(({ powers }) => [...powers.values()].flatMap(power => [power, ...(power.factor.inner ? allPowers(power.factor.inner) : []), ...(power.factor.exponent ? allPowers(power.factor.exponent) : [])]));
}

/** Whether a root of -1 other than i occurs: sympy keeps it apart from what it is in parts. */
export function hasUnityRoot(sum: Sum): boolean {
  return allPowers(sum).some(({ factor, exponent }) => factor.prime === -1n && exponent.q > 2n);
}

function residue(sum: Sum, seed: bigint): bigint {
  let total = 0n;
  for (const { number, powers } of sum.values()) {
    const { p, q } = asFraction(number);
    let term = mod(p) * inverse(mod(q));
    for (const { factor, exponent } of powers.values()) {
      const base = factor.kind === 'sum' && factor.inner ? residue(factor.inner, seed) : mod(BigInt(hashOf(factor.key)) * seed * 7_919n + seed);
      term = mod(term * (exponent.p < 0n ? powerOf(inverse(base), -exponent.p) : powerOf(base, exponent.p)));
    }
    total = mod(total + term);
  }
  return total;
}

function mod(value: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function powerOf(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

function inverse(value: bigint): bigint {
  if (value === 0n) throw new RangeError('division by zero');
  return powerOf(value, modulus - 2n);
}

/** The value, and the size of its largest term, against which its rounding is measured. */
function valueOf(sum: Sum, point: number): { readonly value: Complex; readonly size: number } {
  let value: Complex = { re: 0, im: 0 };
  let size = 0;
  for (const { number, powers } of sum.values()) {
    let term: Complex = { re: toNumber(number), im: 0 };
    for (const { factor, exponent } of powers.values()) term = multiply(term, raise(valueOfFactor(factor, point), exponentOf(factor, exponent)));
    value = { re: value.re + term.re, im: value.im + term.im };
    size = Math.max(size, Math.hypot(term.re, term.im));
  }
  return { value, size };
}

function exponentOf(factor: Factor, exponent: ExactNumber): number {
  return toNumber(exponent) * (factor.kind === 'sum' && factor.name !== '' ? Number(factor.name) : 1);
}

function valueOfFactor(factor: Factor, point: number): Complex {
  const { kind, name, inner, prime } = factor;
  if (kind === 'constant') return name === 'I' ? { re: 0, im: 1 } : { re: Math.PI, im: 0 };
  if (kind === 'prime') return { re: Number(prime), im: 0 };
  if (kind === 'sum' && inner) return valueOf(inner, point).value;
  if (kind === 'power' && inner && factor.exponent) {
    const { re, im } = multiply(logarithm(valueOf(inner, point).value), valueOf(factor.exponent, point).value);
    return { re: Math.exp(re) * Math.cos(im), im: Math.exp(re) * Math.sin(im) };
  }
  if (kind === 'function' && inner) return callAt(name, valueOf(inner, point).value, point);
  return unknownAt(name, point);
}

function callAt(name: string, argument: Complex, point: number): Complex {
  if (name === 'ln') return logarithm(argument);
  if (name === 'factorial') return gamma({ re: argument.re + 1, im: argument.im });
  const seed = hashOf(name) * (point + 1); // a function that is not evaluated: some smooth function, another one for each name
  return { re: Math.sin(argument.re * 1.7 + seed) + argument.im, im: Math.cos(argument.im * 1.3 + seed * 2) + argument.re / 7 };
}

/** Unknowns point in all directions: an identity of roots that holds in some of them only is none for sympy. The last points are negative numbers. */
function unknownAt(name: string, point: number): Complex {
  const size = (0.5 + randomOf(name, point)) * (isFarOut(point) ? (point % 8 === 0 ? 200 : 8) : point % 4 === 2 ? 0.1 : 1);
  if (point >= points - 2) return { re: point === points - 1 && name < 'm' ? size : -size, im: 0 };
  const angle = 2 * Math.PI * randomOf(name, point + 0.5);
  return { re: size * Math.cos(angle), im: size * Math.sin(angle) };
}

/** Far enough for the angle of a power to pass π. */
function isFarOut(point: number): boolean {
  return point % 4 === 0;
}

/** In [0, 1), the same for the same name and point. */
function randomOf(name: string, point: number): number {
  let mixed = Math.imul(hashOf(name) ^ Math.round(point * 1_000_003), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296;
}

function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return hash;
}

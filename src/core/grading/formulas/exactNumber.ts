/** A number as sympy keeps it: a fraction, or a binary decimal `man · 2^exp` of so many bits, rounded after each step. */
export type ExactNumber = { readonly kind: 'fraction'; readonly p: bigint; readonly q: bigint } | { readonly kind: 'float'; readonly man: bigint; readonly exp: number; readonly bits: number };

export const zero = fraction(0n);
export const one = fraction(1n);
export const minusOne = fraction(-1n);

/** Thrown where a value is larger than is worth computing; the answer then counts as another one. */
export class TooLarge extends Error {}

const largestBits = 200_000;

export function fraction(p: bigint, q = 1n): ExactNumber {
  const divisor = gcd(p < 0n ? -p : p, q < 0n ? -q : q) || 1n;
  const sign = q < 0n ? -1n : 1n;
  return { kind: 'fraction', p: (sign * p) / divisor, q: (sign * q) / divisor };
}

/** A decimal literal: 53 bits, or as many as its digits need. */
export function floatOf(literal: string): ExactNumber {
  const [, whole = '', rest = '', power = '0'] = /^(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(literal.replaceAll('_', '')) ?? [];
  const digits = (whole + rest).replace(/^0+(?=.)/, '');
  const exponent = Number(power) - rest.length;
  if (Math.abs(exponent) > 5000 || digits.length > 5000) throw new TooLarge();
  const places = literal.includes('.') ? digits.length : Math.max(digits.length, digits.length + exponent);
  const bits = Math.round((Math.max(15, places) + 1) * 3.3219280948873626);
  return exponent >= 0 ? rounded(BigInt(digits) * 10n ** BigInt(exponent), 1n, bits) : rounded(BigInt(digits), 10n ** BigInt(-exponent), bits);
}

export function isZero(number: ExactNumber): boolean {
  return number.kind === 'fraction' ? number.p === 0n : number.man === 0n;
}

export function add(a: ExactNumber, b: ExactNumber): ExactNumber {
  if (a.kind === 'fraction' && b.kind === 'fraction') return fraction(a.p * b.q + b.p * a.q, a.q * b.q);
  const bits = bitsOf(a, b);
  const x = asFraction(withBits(a, bits));
  const y = asFraction(withBits(b, bits));
  return rounded(x.p * y.q + y.p * x.q, x.q * y.q, bits);
}

export function multiply(a: ExactNumber, b: ExactNumber): ExactNumber {
  if (a.kind === 'fraction' && b.kind === 'fraction') return fraction(a.p * b.p, a.q * b.q);
  const bits = bitsOf(a, b);
  const x = asFraction(withBits(a, bits));
  const y = asFraction(withBits(b, bits));
  return rounded(x.p * y.p, x.q * y.q, bits);
}

export function negate(a: ExactNumber): ExactNumber {
  return a.kind === 'fraction' ? { ...a, p: -a.p } : { ...a, man: -a.man };
}

/** `a / b` where b is not zero. A fraction over a decimal is its product with the rounded reciprocal, as in sympy. */
export function divide(a: ExactNumber, b: ExactNumber): ExactNumber {
  if (a.kind === 'fraction' && b.kind === 'fraction') return fraction(a.p * b.q, a.q * b.p);
  const bits = bitsOf(a, b);
  const y = asFraction(withBits(b, bits));
  if (a.kind === 'fraction') return multiply(a, rounded(y.q, y.p, bits));
  const x = asFraction(a);
  return rounded(x.p * y.q, x.q * y.p, bits);
}

/** A number in the precision of a decimal. */
export function asFloat(a: ExactNumber, bits: number): ExactNumber {
  return withBits(a, bits);
}

/** `a ** n` for a whole n; a is not zero where n is negative. */
export function power(a: ExactNumber, n: bigint): ExactNumber {
  const size = n < 0n ? -n : n;
  const { p, q } = asFraction(a);
  if (size * BigInt(Math.max(bitLength(p), bitLength(q))) > BigInt(largestBits)) throw new TooLarge();
  const top = p ** size;
  const bottom = q ** size;
  if (a.kind === 'fraction') return n < 0n ? fraction(bottom, top) : fraction(top, bottom);
  return n < 0n ? rounded(bottom, top, a.bits) : rounded(top, bottom, a.bits);
}

/** The square root of a decimal that is not negative, rounded to its bits. */
export function floatRoot(a: ExactNumber & { readonly kind: 'float' }): ExactNumber {
  const { p, q } = asFraction(a);
  const shift = BigInt(2 * (a.bits + 8) + bitLength(q));
  const root = integerRoot((p << (2n * shift)) / q);
  const isExact = root * root * q === p << (2n * shift);
  return rounded(2n * root + (isExact ? 0n : 1n), 2n << shift, a.bits);
}

export function toNumber(a: ExactNumber): number {
  const { p, q } = asFraction(a);
  const shift = bitLength(p) - bitLength(q);
  const scaled = shift > 64 ? Number((p << 64n) / (q << BigInt(shift))) : Number((p << BigInt(64 - shift)) / q);
  return scaled * 2 ** (Math.min(shift, 1100) - 64);
}

/** A double as a decimal of 53 bits. */
export function floatFrom(value: number): ExactNumber {
  if (!Number.isFinite(value)) throw new TooLarge();
  let exp = 0;
  let man = value;
  while (!Number.isInteger(man)) {
    man *= 2;
    exp--;
  }
  return { kind: 'float', man: BigInt(man), exp, bits: 53 };
}

export function asFraction(a: ExactNumber): { readonly p: bigint; readonly q: bigint } {
  if (a.kind === 'fraction') return a;
  return a.exp >= 0 ? { p: a.man << BigInt(a.exp), q: 1n } : { p: a.man, q: 1n << BigInt(-a.exp) };
}

/** The largest whole number whose square is not above `value`. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

function bitsOf(a: ExactNumber, b: ExactNumber): number {
  return Math.max(a.kind === 'float' ? a.bits : 0, b.kind === 'float' ? b.bits : 0);
}

function withBits(a: ExactNumber, bits: number): ExactNumber {
  return a.kind === 'float' ? a : rounded(a.p, a.q, bits);
}

/** `p / q` to the nearest number of so many bits, ties to even. */
function rounded(p: bigint, q: bigint, bits: number): ExactNumber {
  if (p === 0n) return { kind: 'float', man: 0n, exp: 0, bits };
  const isNegative = p < 0n !== q < 0n;
  const top = p < 0n ? -p : p;
  const bottom = q < 0n ? -q : q;
  let exp = bitLength(top) - bitLength(bottom) - bits;
  if (Math.abs(exp) > largestBits) throw new TooLarge();
  const scaled = (): bigint => (exp >= 0 ? top / (bottom << BigInt(exp)) : (top << BigInt(-exp)) / bottom);
  if (bitLength(scaled()) > bits) exp++;
  let man = scaled();
  const rest = exp >= 0 ? top - man * (bottom << BigInt(exp)) : (top << BigInt(-exp)) - man * bottom;
  const whole = exp >= 0 ? bottom << BigInt(exp) : bottom;
  const twice = 2n * rest;
  if (twice > whole || (twice === whole && (man & 1n) === 1n)) man++;
  return { kind: 'float', man: isNegative ? -man : man, exp, bits };
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

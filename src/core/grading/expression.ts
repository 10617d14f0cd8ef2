/**
 * Formulas as mathruler hands them to sympy: `^` is a power, `2x` and `xy` are products, letters are unknowns.
 * Evaluated with complex numbers, so that equality can be tested at points instead of being proved.
 */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** The value at a point; `valueOf` gives an unknown's or an unknown function's value. */
export type Formula = (valueOf: (name: string, argument?: Complex) => Complex) => Complex;

const token = /\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|[\p{L}_][\p{L}\p{N}_]*|\*\*|[-+*/^()!]/uy;
const keywords = new Set(['as', 'if', 'in', 'is', 'or', 'not', 'nan', 'oo', 'zoo', 're', 'im', 'li', 'ff', 'rf', 'jn', 'yn', 'id', 'all']);

/** Undefined for what is no formula (sympy would raise). */
export function parseFormula(text: string): Formula | undefined {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const startsOperand = (): boolean => /^[\p{L}_(]/u.test(peek()) || (/^[\d.]/.test(peek()) && !/^[\d.]/.test(tokens[at - 1] ?? ''));

  function sum(): Formula | undefined {
    let left = product();
    while (left && (peek() === '+' || peek() === '-')) left = combine(left, tokens?.[at++] === '+' ? add : subtract, product());
    return left;
  }
  function product(): Formula | undefined {
    let left = signed();
    while (left) {
      if (peek() === '*' || peek() === '/') left = combine(left, tokens?.[at++] === '*' ? multiply : divide, signed());
      else if (startsOperand()) left = combine(left, multiply, power());
      else break;
    }
    return left;
  }
  function signed(): Formula | undefined {
    if (peek() !== '-' && peek() !== '+') return power();
    const isNegative = tokens?.[at++] === '-';
    const inner = signed();
    return inner && isNegative ? combine(constant(-1), multiply, inner) : inner;
  }
  function power(): Formula | undefined {
    const base = postfix();
    if (!base || (peek() !== '^' && peek() !== '**')) return base;
    at++;
    return combine(base, raise, signed());
  }
  function postfix(): Formula | undefined {
    let inner = operand();
    while (inner && peek() === '!') {
      at++;
      const argument = inner;
      inner = valueOf => factorial(argument(valueOf));
    }
    return inner;
  }
  function operand(): Formula | undefined {
    const word = peek();
    if (word === '') return undefined;
    at++;
    if (word === '(') {
      const inner = sum();
      return inner && tokens?.[at++] === ')' ? inner : undefined;
    }
    if (/^[\d.]/.test(word)) return constant(Number(word));
    if (!/^[\p{L}_]/u.test(word) || keywords.has(word)) return undefined;
    if (peek() === '(') {
      at++;
      const argument = sum();
      return argument && tokens?.[at++] === ')' ? call(word, argument) : undefined;
    }
    return named(word);
  }

  const formula = sum();
  return at === tokens.length ? formula : undefined;
}

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found === undefined || /^0\d/.test(found)) return undefined; // Python has no 007
    tokens.push(found);
    at += found.length;
  }
  return tokens;
}

/** `pi` is a number; a longer name is the product of its letters and numbers, as sympy splits it. */
function named(word: string): Formula {
  if (word === 'pi') return constant(Math.PI);
  if (/_/.test(word) || greek.test(word)) return valueOf => valueOf(word);
  const factors = word.match(/\d+|./gu) ?? [];
  return factors.map((factor): Formula => (/^\d/.test(factor) ? constant(Number(factor)) : valueOf => valueOf(factor))).reduce((left, right) => combine(left, multiply, right) ?? left);
}

const greek = /^(mu|nu|xi|eta|rho|tau|phi|chi|psi)$/;

function call(name: string, argument: Formula): Formula {
  if (name === 'sqrt') return combine(argument, raise, constant(0.5)) ?? argument;
  if (name === 'ln') return valueOf => logarithm(argument(valueOf));
  return valueOf => valueOf(name, argument(valueOf));
}

function constant(value: number): Formula {
  return () => ({ re: value, im: 0 });
}

function combine(left: Formula, operation: (a: Complex, b: Complex) => Complex, right: Formula | undefined): Formula | undefined;
function combine(left: Formula, operation: (a: Complex, b: Complex) => Complex, right: Formula): Formula;
function combine(left: Formula, operation: (a: Complex, b: Complex) => Complex, right: Formula | undefined): Formula | undefined {
  return right && (valueOf => operation(left(valueOf), right(valueOf)));
}

const add = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const subtract = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
const multiply = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });

function divide(a: Complex, b: Complex): Complex {
  if (b.im === 0) return { re: a.re / b.re, im: a.im / b.re }; // exact for real numbers
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}

function logarithm(a: Complex): Complex {
  return { re: Math.log(Math.hypot(a.re, a.im)), im: Math.atan2(a.im, a.re) };
}

function raise(a: Complex, b: Complex): Complex {
  if (b.im === 0 && Number.isInteger(b.re) && Math.abs(b.re) <= 64) {
    let result: Complex = { re: 1, im: 0 };
    for (let n = 0; n < Math.abs(b.re); n++) result = multiply(result, a);
    return b.re < 0 ? divide({ re: 1, im: 0 }, result) : result;
  }
  if (a.im === 0 && a.re >= 0 && b.im === 0) return { re: a.re ** b.re, im: 0 };
  const exponent = multiply(logarithm(a), b);
  const size = Math.exp(exponent.re);
  return { re: size * Math.cos(exponent.im), im: size * Math.sin(exponent.im) };
}

function factorial(a: Complex): Complex {
  if (a.im !== 0 || !Number.isInteger(a.re) || a.re < 0 || a.re > 170) return { re: NaN, im: NaN };
  let result = 1;
  for (let n = 2; n <= a.re; n++) result *= n;
  return { re: result, im: 0 };
}

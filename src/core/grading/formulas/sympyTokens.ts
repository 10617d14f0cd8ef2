import { type ExactNumber, floatOf, fraction } from './exactNumber';
import { type PythonToken, pythonTokens } from './pythonTokens';

/** An expression as sympy's parser hands it to Python: each name split into letters, each product that was only implied written out. */
export type FormulaToken =
  | { readonly kind: 'symbol'; readonly name: string; readonly isFunction: boolean }
  | { readonly kind: 'number'; readonly value: ExactNumber }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'op'; readonly text: string };

// Of sympy's and Python's names those that have no more than two letters besides "sqrt" and "frac": no other expression is evaluated.
const constants = new Set(['pi', 'oo', 'zoo', 'nan']);
const functions = new Set(['sqrt', 'frac', 'ln', 're', 'im', 'csc', 'li', 'ff', 'rf', 'gff', 'jn', 'yn', 'hn1', 'hn2', 'fft', 'ntt', 'fu', 'eye', 'all', 'id']);
const keywords = new Set(['as', 'if', 'in', 'is', 'or']);
const greek = new Set(['mu', 'nu', 'xi', 'eta', 'rho', 'tau', 'phi', 'chi', 'psi', 'pi']);
const times: FormulaToken = { kind: 'op', text: '*' };

/** Undefined where sympy's parser raises, or Python would on what it makes. */
export function sympyTokens(text: string): readonly FormulaToken[] | undefined {
  const tokens = pythonTokens(text);
  const converted = tokens && convert(tokens);
  const withFactorials = converted && addFactorials(converted);
  const split = withFactorials && splitNames(withFactorials);
  return split && addProducts(split);
}

function convert(tokens: readonly PythonToken[]): readonly FormulaToken[] | undefined {
  const made: FormulaToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'op', text: '' };
    const period = kind === 'name' ? undefined : repeatedDecimal(tokens, at);
    if (period) {
      made.push(...period.tokens);
      at += period.length - 1;
    } else if (kind === 'op') {
      made.push({ kind: 'op', text });
    } else if (kind === 'name') {
      const named = nameToken(text, tokens[at + 1]?.text === '(');
      if (!named) return undefined;
      made.push(named);
    } else {
      made.push(...numberTokens(text));
    }
  }
  return made;
}

function nameToken(word: string, isCalled: boolean): FormulaToken | undefined {
  if (keywords.has(word)) return undefined;
  if (constants.has(word)) return { kind: 'constant', name: word };
  return functions.has(word) ? { kind: 'function', name: word } : { kind: 'symbol', name: word, isFunction: isCalled };
}

/** `xy2` is a product of two unknowns and a number; Greek names and names with an underscore are one unknown. */
function splitNames(tokens: readonly FormulaToken[]): readonly FormulaToken[] | undefined {
  const made: FormulaToken[] = [];
  for (const token of tokens) {
    if (token.kind !== 'symbol' || token.name.includes('_') || greek.has(token.name) || [...token.name].length === 1) {
      made.push(token);
      continue;
    }
    if (/[⁰¹²³⁴-⁹₀-₉]|(?![0-9])\p{Nd}|(?<![0-9])0+[1-9]/u.test(token.name)) return undefined; // digits for Python, but no number for sympy
    for (const part of token.name.match(/[0-9]+|[^0-9]/gu) ?? []) {
      made.push(/^[0-9]/.test(part) ? { kind: 'number', value: fraction(BigInt(part)) } : { kind: 'symbol', name: part, isFunction: false });
    }
  }
  return made;
}

function numberTokens(literal: string): readonly FormulaToken[] {
  const isImaginary = /j$/i.test(literal);
  const text = isImaginary ? literal.slice(0, -1) : literal;
  const isFloat = text.includes('.') || (/e/i.test(text) && !/^0x/i.test(text));
  const value: FormulaToken = { kind: 'number', value: isFloat ? floatOf(text) : fraction(BigInt(text.replaceAll('_', ''))) };
  return isImaginary ? [value, times, { kind: 'constant', name: 'I' }] : [value];
}

/** `0.2[1]` is 0.2111…, with a bar over the 1; `.[3]` is a third. A bar over zeros is none, for Python. */
function repeatedDecimal(tokens: readonly PythonToken[], at: number): { readonly tokens: readonly FormulaToken[]; readonly length: number } | undefined {
  const before = tokens[at]?.text ?? '';
  const isStart = before === '.' || (/^[\d_]*\.[\d_]*$/.test(before) && !isDecimal(tokens[at - 1]));
  if (!isStart || tokens[at + 1]?.text !== '[') return undefined;
  const inside = tokens.slice(at + 2, at + 4).filter(token => /^[\d_]+$/.test(token.text));
  const digits = inside.map(token => token.text).join('').replaceAll('_', '');
  if (inside.length === 0 || tokens[at + 2 + inside.length]?.text !== ']' || /^0*$/.test(digits)) return undefined;
  const [whole = '', rest = ''] = before.replaceAll('_', '').split('.');
  const scale = 10n ** BigInt(rest.length);
  const nines = 10n ** BigInt(digits.length) - 1n;
  const value = fraction(BigInt(whole + rest || '0') * nines + BigInt(digits), scale * nines);
  return { tokens: [{ kind: 'op', text: '(' }, { kind: 'number', value }, { kind: 'op', text: ')' }], length: 3 + inside.length };
}

function isDecimal(token: PythonToken | undefined): boolean {
  return token?.kind === 'number' && /^[\d_]*\.[\d_]*$/.test(token.text);
}

/** `x!` becomes `factorial(x)`, `(x+1)!!` becomes `factorial2((x+1))`. */
function addFactorials(tokens: readonly FormulaToken[]): readonly FormulaToken[] | undefined {
  if (!tokens.some(token => isOp(token, '!'))) return tokens;
  const made: FormulaToken[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    if (!isOp(token, '!')) {
      made.push(token);
      continue;
    }
    const isDouble = isOp(tokens[at + 1], '!');
    if (isDouble && isOp(tokens[at + 2], '!')) return undefined;
    if (isDouble) at++;
    const last = made[made.length - 1];
    if (!last || isOp(last, '(')) return undefined;
    const start = startOfOperand(made);
    if (start === undefined) return undefined;
    made.splice(start, 0, { kind: 'function', name: isDouble ? 'factorial2' : 'factorial' }, { kind: 'op', text: '(' });
    made.push({ kind: 'op', text: ')' });
  }
  return made;
}

function startOfOperand(tokens: readonly FormulaToken[]): number | undefined {
  let depth = 0;
  for (let at = tokens.length - 1; at >= 0; at--) {
    if (isOp(tokens[at], ')')) depth++;
    else if (isOp(tokens[at], '(')) depth--;
    if (depth > 0) continue;
    if (tokens[at]?.kind === 'symbol' || tokens[at]?.kind === 'number') return at;
    const before = tokens[at - 1];
    return before?.kind === 'function' || before?.kind === 'constant' ? at - 1 : at;
  }
  return undefined;
}

function addProducts(tokens: readonly FormulaToken[]): readonly FormulaToken[] {
  const made: FormulaToken[] = [];
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    const endsOperand = isOp(token, ')') || (token.kind !== 'op' && token.kind !== 'function');
    const startsOperand = next !== undefined && (next.kind !== 'op' || next.text === '(');
    if (!endsOperand || !startsOperand) made.push(token);
    else made.push(token.kind === 'symbol' && isOp(next, '(') ? { ...token, isFunction: false } : token, times);
  });
  return made;
}

function isOp(token: FormulaToken | undefined, text: string): boolean {
  return token?.kind === 'op' && token.text === text;
}

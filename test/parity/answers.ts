import { Random } from './random';
import { writtenChanges, writtenFamilies } from './writtenAnswers';

/** An answer and other ways to write it, or to miss it. */
type Family = (random: Random) => string;

const letters = ['a', 'b', 'c', 'k', 'm', 'n', 'p', 'q', 't', 'x', 'y', 'z'];
const unitNames = ['cm', 'meters', 'miles', 'degrees', 'hours', 'minutes', 'inches', 'feet', 'kg', 'dollars', 'cm^2', 'square feet', 'seconds', 'years', 'objects', 'mph', 'yards', 'foot'];
const words = ['yes', 'No', 'TRUE', 'red', 'a red cube', 'North East', 'the cat', 'Monday', 'x', 'none', 'cannot be determined', 'Evelyn', 'seven', 'infinite', 'blue and green', 'left or right'];

function decimal(random: Random): string {
  const digits = random.int(1, random.chance(0.1) ? 18 : 4);
  const text = String(random.int(0, 10 ** Math.min(digits, 9) - 1)).padStart(digits, '0');
  return `${random.chance(0.3) ? '-' : ''}${random.chance(0.15) ? '' : random.int(0, 30)}.${text}`;
}

function whole(random: Random): string {
  return String(random.int(-40, random.chance(0.2) ? 5_000_000 : 99));
}

function latexFraction(random: Random): string {
  const name = random.of(['\\frac', '\\dfrac', '\\tfrac', '\\cfrac']);
  const top = random.chance(0.7) ? String(random.int(-9, 30)) : formula(random, 1);
  const bottom = random.chance(0.7) ? String(random.int(1, 30)) : formula(random, 1);
  if (random.chance(0.2) && top.length === 1 && bottom.length === 1) return `${name}${random.of(['', ' '])}${top}${random.of(['', ' '])}${bottom}`;
  return `${random.chance(0.15) ? '-' : ''}${name}{${top}}${random.chance(0.1) ? ' ' : ''}{${bottom}}`;
}

function formula(random: Random, depth: number): string {
  if (depth <= 0 || random.chance(0.3)) return random.of([String(random.int(0, 12)), String(random.int(0, 12)), random.of(letters.slice(-3)), 'pi', random.of(['0.5', '1.25', '.75', '2.0', '0.1'])]);
  const inner = (): string => formula(random, depth - 1);
  switch (random.int(0, 11)) {
    case 0: case 1: return `${inner()}+${inner()}`;
    case 2: return `${inner()}-${inner()}`;
    case 3: return `${inner()}*${inner()}`;
    case 4: return `${random.int(2, 9)}${random.of(['x', 'y', 'pi', '(x+1)', 'sqrt(2)', 'sqrt(3)', 'xy'])}`;
    case 5: return `${inner()}/${random.int(1, 12)}`;
    case 6: return `(${inner()})`;
    case 7: return `sqrt(${random.chance(0.6) ? random.int(0, 75) : inner()})`;
    case 8: return `${random.of(['x', 'y', '2', '3', '(x+1)', '(x-y)', '10'])}^${random.int(0, 5)}`;
    case 9: return `(${inner()})(${inner()})`;
    case 10: return `-${inner()}`;
    default: return `(${inner()})/(${inner()})`;
  }
}

function latexFormula(random: Random, depth: number): string {
  if (depth <= 0 || random.chance(0.3)) return random.of([String(random.int(0, 12)), random.of(['x', 'y']), '\\pi', '\\infty', '\\theta', '\\alpha', 'x_1', 'e', 'i']);
  const inner = (): string => latexFormula(random, depth - 1);
  switch (random.int(0, 12)) {
    case 0: return `${inner()} + ${inner()}`;
    case 1: return `${inner()}${random.of([' \\cdot ', '\\cdot', ' \\times ', '\\times ', ' \\div ', '\\,'])}${inner()}`;
    case 2: return latexFraction(random);
    case 3: return `\\frac{${inner()}}{${inner()}}`;
    case 4: return `\\sqrt${random.chance(0.2) ? '[3]' : ''}{${inner()}}`;
    case 5: return `\\sqrt ${random.int(2, 9)}`;
    case 6: return `\\left(${inner()}\\right)`;
    case 7: return `${random.of(['x', '2', 'e', '10'])}^{${random.int(0, 4)}}`;
    case 8: return `${inner()} - ${inner()}`;
    case 9: return `\\text{${random.of([' cm', 'Yes', ' meters', 'A', 'and', ' degrees'])}}`;
    case 10: return `${random.of(['\\sin', '\\cos', '\\log', '\\ln', '\\log_2'])}${random.of(['(', ' ', '{'])}${inner()}`;
    case 11: return `${random.of(['\\mathrm', '\\mathbf', '\\mathbb', '\\overline', '\\hat', '\\vec', '\\boxed', '\\textbf', '\\mbox'])}{${inner()}}`;
    default: return `${random.int(1, 9)}${latexFraction(random)}`;
  }
}

const families: readonly Family[] = [
  whole,
  decimal,
  r => `${r.int(-20, 30)}/${r.int(0, 24)}`,
  r => `${r.int(1, 9)} ${r.int(1, 9)}/${r.int(1, 9)}`,
  latexFraction,
  r => `${r.int(1, 20)}${latexFraction(r)}`,
  r => `${r.of([whole, decimal])(r)}${r.of(['%', '\\%', ' %', ' percent', '^\\circ', '^{\\circ}', '°', ' degrees'])}`,
  r => `${r.of(['$', '\\$', '€', '£', 'USD '])}${r.of([whole, decimal])(r)}${r.of(['', '.00', ' million', ' billion', 'K', ' trillion'])}`,
  r => `${r.of([whole, decimal, latexFraction])(r)}${r.of(['', ' ', '\\ ', '~', '\\, '])}${r.of(unitNames)}`,
  r => `${r.of([whole, decimal])(r)}${r.of(['\\text{ ', '\\mathrm{ ', '\\text{', '~\\text{', '\\mbox{ '])}${r.of(unitNames)}}`,
  r => thousands(r.int(1000, 99_999_999)),
  r => `${r.int(1, 999)}${r.of([' million', ' billion', 'million', ' trillion', ' thousand'])}`,
  r => `${r.of(['[', '('])}${r.of([whole, decimal, latexFraction])(r)},${r.of(['', ' '])}${r.of([whole, decimal, s => formula(s, 1), () => '\\infty', () => 'oo'])(r)}${r.of([']', ')'])}`,
  r => `(${Array.from({ length: r.int(2, 4) }, () => r.of([whole, decimal, latexFraction, s => formula(s, 1)])(r)).join(r.of([',', ', ', ' , ']))})`,
  r => `\\{${Array.from({ length: r.int(1, 4) }, () => whole(r)).join(', ')}\\}`,
  r => Array.from({ length: r.int(2, 3) }, () => whole(r)).join(r.of([', ', ',', ' and ', ' or ', ';'])),
  r => r.of(['A', 'B', 'C', 'D', '(A)', '(B)', 'a', 'b.', 'C.', 'D)', '\\text{A}', '\\textbf{(C)}', '\\text{(D)}', 'A. 7', 'B: red', 'E']),
  r => r.of(words),
  r => `${r.of(letters)} ${r.of(['=', '= ', '=', '\\le', '<', '\\in', '>='])} ${r.of([whole, decimal, latexFraction, s => formula(s, 1)])(r)}`,
  r => formula(r, 2),
  r => formula(r, 3),
  r => latexFormula(r, 2),
  r => latexFormula(r, 3),
  r => `${r.int(1, 9)}${r.of(['e', 'E', '\\times 10^', '*10^', ' \\cdot 10^', '\\times10^{'])}${r.of(['', '-', '+'])}${r.int(0, 12)}${r.of(['', '', '}'])}`,
  r => r.of(['-0', '0', '-0.0', '+0', '0.000', '00', '-0/5', '0/1', '+5', '--5', '- 5', '−5', '－５', '５', '٣', '१२', '½', '3½', '²', 'x²', '1_000', '1__0', '0x1f', '0b11', '1e400', 'inf', '-inf', 'nan', 'infinity', 'Ⅳ', '𝟕', '1e5', '1E5', '2j', '1.', '.5', '.', '5.', '1..2']),
  r => `${formula(r, 1)}!`,
  r => `${r.of(['x', 'n', '5', '(x+1)', 'y'])}${r.of(['!', '!!', '!/2', '!+1'])}`,
  r => `${r.of(['ln', 'sqrt', 'log', 'sin', 're', 'f', 'x', 'frac'])}(${r.of([formula(r, 1), whole(r)])})`,
  r => r.of(['\\frac', '\\frac{1}', '\\sqrt', '\\sqrt{', '{', '}', '\\', '\\\\', '\\left', '\\left(', '\\right)', '(', ')', '()', '[]', '[,]', '\\text{}', '\\text{', '\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}', '\\begin{cases} 1 \\end{cases}', '\\(3\\)', '\\[ \\frac{1}{2} \\]', '\\[3', '\\end{x}', '\\begin{', '\\frac12', '\\frac 12', '\\frac1{2}', '\\frac{1}2', '\\sqrt3', '\\sqrt{3}', '^', '_', '&', '#', '~', '1--2', "f'(x)", '$', '$$', '%', '', ' ', '\n', '\t', '\u00a0', '``a\'\'', '\\item 3', '\\\'e', '\\ss', '\\vec{v}']),
  r => `${r.int(1, 9)}:${r.int(10, 59)}${r.of(['', ' PM', ' a.m.', 'pm'])}`,
  r => `${whole(r)}${r.of(['\\cup', ' \\cup ', '\\cap', '∪'])}${whole(r)}`,
  r => `[${whole(r)},${whole(r)}${r.of([')', ']'])}${r.of(['\\cup', ' \\cup ', 'U', '∪'])}(${whole(r)},${r.of(['\\infty', whole(r)])})`,
  r => `0.${r.int(0, 99)}[${r.int(0, 99)}]`,
  r => `${r.of(['2', '3', 'x', '10', 'e', '4'])}^${r.of(['x', 'y', 'n', '-1', '-2', '2x', '{10}', '12', '2^3', '(1/2)', '0.5'])}`,
];

function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Changes an answer a little: in a way that should not matter, that may, or that does. */
const changes: readonly ((text: string, random: Random) => string)[] = [
  text => text,
  text => ` ${text} `,
  text => `${text}.`,
  text => `$${text}$`,
  text => `\\text{${text}}`,
  text => text.replaceAll(' ', ''),
  text => text.replace(/[-+*/=,]/g, ' $& '),
  text => text.toUpperCase(),
  text => text.toLowerCase(),
  text => text.replaceAll('\\frac', '\\dfrac'),
  text => text.replace(/\\d?frac\{([^{}]*)\}\{([^{}]*)\}/g, '$1/$2'),
  text => text.replace(/\\d?frac\{([^{}]*)\}\{([^{}]*)\}/g, '($1)/($2)'),
  text => text.replace(/(-?\d+)\/(\d+)/, '\\frac{$1}{$2}'),
  text => text.replace(/(-?\d+)\/(\d+)/, (all, a: string, b: string) => (Number(b) ? String(Number(a) / Number(b)) : all)),
  text => text.replace(/(\d+)\/(\d+)/, (_, a: string, b: string) => `${Number(a) * 2}/${Number(b) * 2}`),
  text => text.replace(/\d+/, digits => `${digits}.0`),
  text => text.replace(/\d+/, digits => thousands(Number(digits))),
  text => text.replaceAll(',', ''),
  text => text.replace(/\d/, digit => String((Number(digit) + 1) % 10)),
  text => text.replace(/\^(\d)/g, '**$1'),
  text => text.replaceAll('*', ''),
  text => text.replaceAll('\\', ''),
  text => text.replace(/[()[\]]/, bracket => ({ '(': '[', ')': ']', '[': '(', ']': ')' })[bracket] ?? bracket),
  text => `x = ${text}`,
  text => `${text} cm`,
  text => `(${text})`,
  text => `{${text}}`,
  text => `-(${text})`,
  text => `-${text}`,
  text => `2*(${text})/2`,
  text => `${text}+0`,
  text => [...text].reverse().join(''),
  text => text.split(',').reverse().join(','),
  text => text.split('+').reverse().join('+'),
  (text, random) => {
    const chars = [...text];
    return chars.toSpliced(random.int(0, chars.length), 0, random.of([' ', '0', '.', ',', '(', ')', '{', '}', '\\', '^', '-', '/', 'x', '$', '!', '\n', '%', 'é', '１'])).join('');
  },
  (text, random) => {
    const chars = [...text];
    return chars.toSpliced(random.int(0, chars.length), 1).join('');
  },
  (_, random) => answer(random),
  text => `${text}\n`,
  text => `\\boxed{${text}}`,
  text => `**${text}**`,
  text => `${text}${text}`,
  text => text.replaceAll('(', '\\left(').replaceAll(')', '\\right)'),
  text => text.replaceAll('sqrt(', '\\sqrt{').replaceAll('pi', '\\pi'),
];

export interface Pair {
  readonly given: string;
  readonly truth: string;
}

export function answer(random: Random): string {
  return random.of(random.chance(0.5) ? families : writtenFamilies)(random);
}

/** Pairs that depend on the seed alone: an answer and a change of it, both ways round. */
export function makePairs(seed: number, count: number): readonly Pair[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const truth = answer(random);
    const change = (text: string): string => random.of(random.chance(0.6) ? changes : writtenChanges)(text, random);
    let given = change(truth);
    if (random.chance(0.3)) given = change(given);
    return random.chance(0.2) ? { given: truth, truth: given } : { given, truth };
  });
}

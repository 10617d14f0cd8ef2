import { latexSymbols } from '../../src/core/grading/latex/latexSymbols';
import type { Random } from './random';

const withArguments = [
  'frac', 'sqrt', 'text', 'mathbf', 'mathrm', 'mathbb', 'mathcal', 'textbf', 'mbox', 'texttt', 'overline', 'underline', 'hat', 'vec', 'bar', 'not', "'", '^', 'binom', 'boxed', 'operatorname', 'left', 'right',
  'big', 'textcolor', 'color', 'label', 'ref', 'cite', 'footnote', 'url', 'ket', 'braket', 'nicefrac', 'dfrac', 'tfrac', 'cfrac', 'xrightarrow', 'hspace', 'vspace', 'underbrace', 'stackrel', 'emph', 'item',
] as const;
const names = [...withArguments, ...withArguments, ...latexSymbols.keys()];
const environments = ['pmatrix', 'bmatrix', 'array', 'cases', 'equation', 'align*', 'center', 'itemize', 'tabular', 'unheard', 'matrix', 'vmatrix', 'figure'];

/** LaTeX as nobody should write it: known and unknown macros, arguments too many and too few, brackets that do not close. */
export function latex(random: Random, depth: number): string {
  const inner = (otherwise: string): string => (depth > 0 ? latex(random, depth - 1) : otherwise);
  const piece = (): string => {
    const macro = `\\${random.of(names)}`;
    switch (random.int(0, 10)) {
      case 0: return macro + random.of(['', ' ', '  ', '{}', '\n']);
      case 1: return `${macro}{${inner('x')}}`;
      case 2: return `${macro}{${inner('1')}}{${inner('2')}}`;
      case 3: return `${macro}[${random.int(0, 9)}]{${inner('2')}}`;
      case 4: return random.of(['\\frac', '\\sqrt', '\\text', '\\mathbf', '\\left']) + random.of(['{', ' ', '']) + inner('3') + random.of(['}', '']);
      case 5: return random.of(['-', '+', '=', ' ', '  ', '\n', '\n\n', '\t', ',', '(', ')', '[', ']', '&', '~', '^', '_', '--', "''", '``', '!`', '{', '}', '\\', '*', '\u00a0', 'é', '0.5', 'ab']);
      case 6: {
        const name = random.of(environments);
        return `\\begin{${name}}${random.of(['', '{cc}', '[h]', ' '])}${inner('1')}${random.of([' & ', '\\\\', '&', ' '])}${inner('2')}${random.of([`\\end{${name}}`, '', '\\end{x}'])}`;
      }
      case 7: return random.of(['\\(', '\\[']) + inner('y') + random.of(['\\)', '\\]', '']);
      case 8: return `{${inner('z')}}`;
      default: return random.of([String(random.int(0, 20)), 'x', ' ', `${random.int(0, 9)} ${random.int(0, 9)}`]);
    }
  };
  return Array.from({ length: random.int(1, 4) }, piece).join('');
}

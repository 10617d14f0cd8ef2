import { textInStyle } from './latexAlphabets';
import { textOfPattern } from './latexMacros';
import { type LatexNode, parseLatex } from './latexNodes';
import { latexSymbols } from './latexSymbols';
import { strip } from '../formulas/pythonText';

const equations = new Set(['equation', 'eqnarray', 'align', 'multline', 'gather', 'dmath'].flatMap(name => [name, `${name}*`]));
const matrices = new Set(['array', 'pmatrix', 'bmatrix', 'smallmatrix', 'psmallmatrix', 'bsmallmatrix']);
const centred = new Set(['center', 'flushleft', 'flushright']);
const specials: Readonly<Record<string, string>> = { '&': '   ', '~': '\u00a0', '``': '“', "''": '”', '--': '–', '---': '—', '!`': '¡', '?`': '¿' };

/**
 * The plain text that mathruler reads out of LaTeX: pylatexenc's, then its own substitutions. `\frac{a+1}{2}` is `a+1/2`, without
 * parentheses, as there; a macro that it does not know is nothing. Undefined where pylatexenc raises, and the LaTeX stays as it is.
 */
export function latexToText(latex: string): string | undefined {
  try {
    const text = textOf(parseLatex(latex.replaceAll('\\tfrac', '\\frac').replaceAll('\\dfrac', '\\frac').replaceAll('\\frac', ' \\frac')), false);
    return strip(text.replaceAll('√', 'sqrt').replaceAll('π', 'pi').replaceAll('∞', 'inf').replaceAll('∪', 'U').replaceAll('·', '*').replaceAll('×', '*'));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Inside an equation blanks count differently: those after a macro stay, those between two macros go. */
function textOf(nodes: readonly LatexNode[], inEquation: boolean): string {
  let text = '';
  nodes.forEach((node, index) => {
    const before = nodes[index - 1];
    if (inEquation && node.kind === 'chars' && before?.kind === 'macro' && isBare(before)) text += before.spaceAfter;
    text += textOfNode(node, inEquation);
  });
  return text;
}

/** Without an argument, taken or offered; `\item` may do without its own. */
function isBare({ name, args }: LatexNode & { readonly kind: 'macro' }): boolean {
  return args === null || args.length === 0 || (name === 'item' && args[0] === null);
}

function textOfNode(node: LatexNode, inEquation: boolean): string {
  switch (node.kind) {
    case 'chars': return inEquation && strip(node.text) === '' ? '' : node.text;
    case 'special': return specials[node.text] ?? node.text;
    case 'group': return textOf(node.nodes, inEquation);
    case 'macro': return textOfMacro(node, inEquation);
    case 'math': {
      const inner = strip(textOf(node.nodes, true));
      return node.isDisplay ? indented(inner) : inner;
    }
    case 'environment': {
      if (matrices.has(node.name)) return textOfMatrix(node.nodes, inEquation);
      if (equations.has(node.name)) return indented(strip(textOf(node.nodes, true)));
      return centred.has(node.name) ? `\n${textOf(node.nodes, inEquation)}\n` : textOf(node.nodes, inEquation);
    }
  }
}

function textOfMacro({ name, args }: LatexNode & { readonly kind: 'macro' }, inEquation: boolean): string {
  const texts = (): readonly string[] => (args ?? []).map(arg => (arg ? textOfNode(arg, inEquation) : '')); // not of a macro that is dropped: reading it could raise
  if (name === 'item') return `\n  ${args?.[0] ? (texts()[0] ?? '') : '* '}`;
  return textInStyle(name, texts) ?? textOfPattern(name, texts) ?? latexSymbols.get(name) ?? '';
}

function textOfMatrix(nodes: readonly LatexNode[], inEquation: boolean): string {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell: LatexNode[] = [];
  const endCell = (): void => {
    if (cell.length > 0) row.push(strip(textOf(cell, inEquation)));
    cell = [];
  };
  const endRow = (): void => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (const node of nodes) {
    if (node.kind === 'special' && node.text === '&') endCell();
    else if (node.kind === 'macro' && node.name === '\\') endRow();
    else cell.push(node);
  }
  endRow();
  if (rows.every(cells => cells.length === 0)) throw new RangeError('a matrix without a cell'); // pylatexenc raises
  const width = rows.flat().reduce((most, text) => Math.max(most, [...text].length), 0);
  return `[ ${rows.map(cells => cells.map(text => ' '.repeat(width - [...text].length) + text).join(' ')).join('; ')} ]`;
}

function indented(text: string): string {
  return `\n    ${text.replaceAll('\n', '\n    ')}\n`;
}

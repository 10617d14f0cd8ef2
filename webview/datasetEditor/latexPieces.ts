export interface LatexPiece {
  readonly text: string;
  readonly isFormula: boolean;
}

const delimited = /\$\$([^$]+)\$\$|\$([^$]+)\$|\\\(([^]+?)\\\)|\\\[([^]+?)\\\]/g;

/** Formulas between dollars or `\(…\)` and the words around them; without any the whole text is a formula, as answers mostly are. */
export function latexPieces(source: string): readonly LatexPiece[] {
  const pieces: LatexPiece[] = [];
  let from = 0;
  for (const match of source.matchAll(delimited)) {
    if (match.index > from) pieces.push({ text: source.slice(from, match.index), isFormula: false });
    pieces.push({ text: match.slice(1).find(inner => inner !== undefined) ?? '', isFormula: true });
    from = match.index + match[0].length;
  }
  if (from === 0) return [{ text: source, isFormula: true }];
  return from < source.length ? [...pieces, { text: source.slice(from), isFormula: false }] : pieces;
}

export interface PythonToken {
  readonly kind: 'name' | 'number' | 'op';
  readonly text: string;
}

const digits = '[0-9](?:_?[0-9])*';
const exponent = `[eE][-+]?${digits}`;
const float = `(?:(?:${digits}\\.(?:${digits})?|\\.${digits})(?:${exponent})?|${digits}${exponent})`;
const integer = '(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:0(?:_?0)*|[1-9](?:_?[0-9])*))';
const number = new RegExp(`(?:${digits}[jJ]|${float}[jJ]|${float}|${integer})`, 'y');
const name = /[\p{L}\p{N}_]+/uy;
const nameStart = /^[\p{L}\p{Nl}_]/u;
const operator = /\*\*|\/\/|[-+*/()[\].,!]|\n/y;

/**
 * Splits an expression as Python's tokenizer does: `2x` is two tokens, `007` is `00` and `7`, a line break in parentheses is a token that
 * parts its neighbours. Undefined where something stands in it with which no formula can be made of it (`=`, `'`, `#`, `∪` …).
 */
export function pythonTokens(text: string): readonly PythonToken[] | undefined {
  const tokens: PythonToken[] = [];
  const take = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    if (char === ' ' || char === '\t' || char === '\f' || char === '\r') {
      at++;
      continue;
    }
    const asNumber = take(number, at);
    const asName = asNumber === undefined ? take(name, at) : undefined;
    if (asName !== undefined && !nameStart.test(asName)) return undefined;
    const found = asNumber ?? asName ?? take(operator, at);
    if (found === undefined) return undefined;
    tokens.push({ kind: asNumber !== undefined ? 'number' : asName !== undefined ? 'name' : 'op', text: found });
    at += found.length;
  }
  return tokens;
}

import { pythonSpace } from './pythonText';

const blanksAround = new RegExp(`[${pythonSpace}]*([<>/])[${pythonSpace}]*`, 'g');

export interface ClosedUp {
  readonly text: string;
  /** Where the character that is now at `index` stood in the response; `index` may be the text's length. */
  readonly placeOf: (index: number) => number;
}

/** The released rewards remove the blanks around `<`, `>` and `/` before they look at a response. */
export function closeUp(response: string): ClosedUp {
  if (!/[<>/]/.test(response)) return { text: response, placeOf: index => index };
  const pieces: { readonly at: number; readonly from: number }[] = [];
  let text = '';
  let done = 0;
  const keep = (from: number, to: number): void => {
    pieces.push({ at: text.length, from });
    text += response.slice(from, to);
  };
  for (const match of response.matchAll(blanksAround)) {
    keep(done, match.index);
    const sign = match.index + match[0].search(/[<>/]/);
    keep(sign, sign + 1);
    done = match.index + match[0].length;
  }
  keep(done, response.length);
  const placeOf = (index: number): number => {
    const piece = pieces.findLast(({ at }) => at <= index);
    return piece && index < text.length ? piece.from + index - piece.at : response.length;
  };
  return { text, placeOf };
}

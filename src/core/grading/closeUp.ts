import { pythonSpace } from './formulas/pythonText';

const space = new RegExp(`[${pythonSpace}]`);

export interface ClosedUp {
  readonly text: string;
  /** Where the character that is now at `index` stood in the response; `index` may be the text's length. */
  readonly placeOf: (index: number) => number;
}

let last: { readonly response: string; readonly closed: ClosedUp } | undefined;

/** The released rewards remove the blanks around `<`, `>` and `/` before they look at a response. Remembers the last one, which several components look at in turn. */
export function closeUp(response: string): ClosedUp {
  if (last?.response !== response) last = { response, closed: closedUp(response) };
  return last.closed;
}

function closedUp(response: string): ClosedUp {
  const signs = /[<>/]/g;
  const pieces: { readonly at: number; readonly from: number }[] = [];
  let text = '';
  let done = 0;
  const keep = (from: number, to: number): void => {
    pieces.push({ at: text.length, from });
    text += response.slice(from, to);
  };
  for (let sign = signs.exec(response); sign; sign = signs.exec(response)) {
    let before = sign.index;
    while (before > done && space.test(response.charAt(before - 1))) before--;
    keep(done, before);
    keep(sign.index, sign.index + 1);
    done = sign.index + 1;
    while (done < response.length && space.test(response.charAt(done))) done++;
  }
  if (pieces.length === 0) return { text: response, placeOf: index => index };
  keep(done, response.length);
  const placeOf = (index: number): number => {
    const piece = pieces.findLast(({ at }) => at <= index);
    return piece && index < text.length ? piece.from + index - piece.at : response.length;
  };
  return { text, placeOf };
}

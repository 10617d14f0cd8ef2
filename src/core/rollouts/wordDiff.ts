/** A piece of two texts: in both, only in the first, or only in the second. */
export interface DiffPiece {
  readonly kind: 'same' | 'first' | 'second';
  readonly text: string;
}

/** Beyond this many words the middle is told as one change: the table of a comparison grows with the product. */
const mostWords = 4000;

/** What differs between two responses, word by word; the pieces that are not of the second text add up to the first one, and the other way round. */
export function wordDiff(first: string, second: string): readonly DiffPiece[] {
  const [a, b] = [wordsOf(first), wordsOf(second)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const pieces: DiffPiece[] = [];
  const add = (kind: DiffPiece['kind'], text: string): void => {
    const last = pieces.at(-1);
    if (text === '') return;
    if (last?.kind === kind) pieces[pieces.length - 1] = { kind, text: last.text + text };
    else pieces.push({ kind, text });
  };
  add('same', a.slice(0, start).join(''));
  for (const { kind, text } of middle(a.slice(start, endA), b.slice(start, endB))) add(kind, text);
  add('same', a.slice(endA).join(''));
  return pieces;
}

/** Words with the blanks after them, and signs by themselves. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+\s*|[^\p{L}\p{N}_]\s*/gu) ?? [];
}

/** By the longest common subsequence. */
function middle(a: readonly string[], b: readonly string[]): readonly DiffPiece[] {
  if (a.length > mostWords || b.length > mostWords) return [{ kind: 'first', text: a.join('') }, { kind: 'second', text: b.join('') }];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const pieces: DiffPiece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pieces.push({ kind: 'same', text: a[i++] ?? '' }), j++;
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) pieces.push({ kind: 'first', text: a[i++] ?? '' });
    else pieces.push({ kind: 'second', text: b[j++] ?? '' });
  }
  for (; i < a.length; i++) pieces.push({ kind: 'first', text: a[i] ?? '' });
  for (; j < b.length; j++) pieces.push({ kind: 'second', text: b[j] ?? '' });
  return pieces;
}

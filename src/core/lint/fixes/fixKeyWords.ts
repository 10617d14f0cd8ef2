import { parseRow } from '../../dataset/parseRow';
import { JsonLine } from '../../labels/jsonLine';
import type { RowFix } from './fixOf';

/** A row that has no other key words keeps its empty ones: which words it lacks, only a person knows. */
export const dropEmptyKeyWords: RowFix = dropWords(words => words.map(word => word.trim() === ''));

/** Letter case does not tell two key words apart: the reward finds them in the same places. */
export const dropRepeatedKeyWords: RowFix = dropWords(words => {
  const seen = new Set<string>();
  return words.map(word => seen.has(word.toLowerCase()) || !seen.add(word.toLowerCase()));
});

function dropWords(isDropped: (words: readonly string[]) => readonly boolean[]): RowFix {
  return (text, { columns }) => {
    const words = parseRow(text, columns).row?.key_words ?? [];
    const drop = isDropped(words);
    if (drop.every(Boolean) || new JsonLine(text).typeOf([columns.key_words]) !== 'array') return text;
    return drop.reduceRight((now, dropped, index) => (dropped ? new JsonLine(now).remove([columns.key_words], index) : now), text);
  };
}

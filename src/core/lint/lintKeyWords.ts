import type { Row, RowFault } from '../dataset/row';
import type { RowRules } from './lintRow';

/** Key words of a row that are compared with each other; nobody labels more, and a hostile row must not take minutes. */
const mostCompared = 500;

/** Key words are the perception stage's business; a reasoning dataset may have none. */
export function lintKeyWords({ key_words: words, boxes }: Row, { stage, columns }: Pick<RowRules, 'stage' | 'columns'>): readonly RowFault[] {
  if (stage !== 'perception') return [];
  const fault = (severity: RowFault['severity'], rule: RowFault['rule'], message: string, remedy: string): RowFault[] => [{ severity, rule, field: 'key_words', message, remedy }];
  if (words.length === 0) {
    const remedy = `List what a description must name in "${columns.key_words}".`;
    return boxes.length === 0
      ? fault('warning', 'dataset/no-labels', 'The row has neither key words nor boxes: only the image-text part of the perception reward can judge a response.', remedy)
      : fault('warning', 'dataset/empty-key-words', 'The row has no key words: the key word part of the perception reward says nothing about it.', remedy);
  }
  const found: RowFault[] = [];
  if (words.some(word => word.trim() === '')) found.push(...fault('warning', 'dataset/empty-key-words', 'A key word is empty; it is found in every response.', 'Remove the empty key word.'));
  const plain = words.slice(0, mostCompared).map(word => word.toLowerCase());
  const repeated = new Set(plain).size === plain.length ? undefined : words.find((word, index) => word.trim() !== '' && plain.indexOf(plain[index] ?? '') < index);
  if (repeated !== undefined) return [...found, ...fault('warning', 'dataset/repeated-key-word', `The key word “${repeated}” stands twice and counts twice.`, 'Remove one of them.')];
  for (const [index, word] of plain.entries()) {
    const within = word.trim() === '' ? -1 : plain.findIndex((other, at) => at !== index && other.includes(word));
    if (within >= 0) {
      return [...found, ...fault('info', 'dataset/nested-key-word', `“${words[index]}” is found wherever “${words[within]}” is.`, 'Use keyWords({ wholeWord: true }), or another key word, if each shall be found by itself.')];
    }
  }
  return found;
}

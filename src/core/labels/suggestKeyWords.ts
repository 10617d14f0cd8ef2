import type { Row } from '../dataset/row';

/** A key word that may fit, and why. */
export interface SuggestedWord {
  readonly word: string;
  readonly from: 'answer' | 'box' | 'responses';
}

const most = 9;
const longestAnswer = 40;
const fewResponses = 2;
const longestDescription = 4000;

/**
 * Key words that a sample may lack: its answer where that is short, the labels of its boxes, then the pairs and words that at least half of the stored
 * responses use in their description and that its question does not say anyway. Letter case does not tell two words apart, as for the reward.
 */
export function suggestKeyWords({ answer, boxes, key_words: present, problem }: Pick<Row, 'answer' | 'boxes' | 'key_words' | 'problem'>, responses: readonly string[]): readonly SuggestedWord[] {
  const taken = new Set(present.map(word => word.trim().toLowerCase()));
  const found: SuggestedWord[] = [];
  const add = (text: string, from: SuggestedWord['from']): void => {
    const word = text.trim();
    if (word === '' || taken.has(word.toLowerCase())) return;
    taken.add(word.toLowerCase());
    found.push({ word, from });
  };
  for (const { label } of boxes.slice(0, 200)) add(label, 'box');
  const short = answer.trim();
  if (short.length <= longestAnswer && !short.includes('\n') && /[\p{L}\p{N}]/u.test(short) && !/^[A-Ha-h]$|[\\{}$]/.test(short)) add(short, 'answer');
  for (const phrase of phrasesOf(responses, problem)) add(phrase, 'responses');
  return found.slice(0, most);
}

const stopWords: ReadonlySet<string> = new Set('a an and are as at be but by can for from has have in is it its of on or that the their then there these this to was were which with'.split(' '));

/** Phrases of two words, then single words, that at least half of the descriptions have; the most frequent first. */
function phrasesOf(responses: readonly string[], problem: string): readonly string[] {
  if (responses.length < fewResponses) return [];
  const asked = ` ${wordsOf(problem).join(' ')} `;
  const counts = new Map<string, number>();
  for (const response of responses) {
    const phrases = new Set<string>();
    for (const clause of descriptionOf(response).split(/[.,;:!?\n]/)) {
      wordsOf(clause).forEach((word, at, words) => {
        const next = words[at + 1];
        if (!stopWords.has(word) && word.length > 2) phrases.add(word);
        if (next !== undefined && !stopWords.has(word) && !stopWords.has(next)) phrases.add(`${word} ${next}`);
      });
    }
    for (const phrase of phrases) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  const frequent = [...counts].filter(([phrase, count]) => count * 2 >= responses.length && !asked.includes(` ${phrase} `)).sort((a, b) => b[1] - a[1] || b[0].length - a[0].length);
  const pairs = frequent.filter(([phrase]) => phrase.includes(' ')).map(([phrase]) => phrase);
  const single = frequent.map(([phrase]) => phrase).filter(phrase => !phrase.includes(' ') && !pairs.some(pair => pair.split(' ').includes(phrase)));
  return [...pairs, ...single];
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What follows the heading of the description up to the next heading; the whole response without one. */
function descriptionOf(response: string): string {
  return (/### Image Description:([^]*?)(?=###|$)/.exec(response)?.[1] ?? response).slice(0, longestDescription);
}

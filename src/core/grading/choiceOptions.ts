/** One option of a question. */
export interface ChoiceOption {
  readonly letter: string;
  readonly words: string;
}

/** A letter with a bracket, full stop or colon, at the start of a line or after a blank, with something after it. */
const option = /(?:^|\s)\(?([A-Z])[).:]\s+(?=\S)/g;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const firstOption = /A[).:]/;

/** The options that a question lists, where they begin with A and none is left out (letters after H that stand alone are none); of two with one letter the first counts. */
export function choiceOptions(problem: string): readonly ChoiceOption[] {
  if (!firstOption.test(problem)) return [];
  const all = [...problem.matchAll(option)];
  const letters = new Set(all.map(([, letter]) => letter));
  const run = [...alphabet, ''].findIndex(letter => !letters.has(letter)); // how many there are from A on
  const found = all.filter(([, letter = '']) => alphabet.indexOf(letter) < run); // a late letter alone, as of a name, is no option
  const words = new Map<string, string>();
  found.forEach(({ 0: head, 1: letter = '', index }, at) => {
    if (!words.has(letter)) words.set(letter, problem.slice(index + head.length, found[at + 1]?.index).trim());
  });
  const options = [...words].map(([letter, text]) => ({ letter, words: text })).sort((a, b) => (a.letter < b.letter ? -1 : 1));
  return options.length >= 2 && all.every(([, letter = '']) => alphabet.indexOf(letter) < run || letter > 'H') ? options : [];
}

/** The letters of an answer that is one of the options or several in order (`C`, `A, C`, `AC`); none where it says something else. */
export function lettersOf(answer: string, options: readonly ChoiceOption[]): readonly string[] {
  const given = [...answer.toUpperCase().replace(/[\s,;/&]/g, '')];
  const isInOrder = given.every((letter, index) => options.some(each => each.letter === letter) && (index === 0 || letter > (given[index - 1] ?? '')));
  return isInOrder ? given : [];
}

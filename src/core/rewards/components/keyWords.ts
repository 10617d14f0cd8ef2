import { closeUp } from '../../grading/closeUp';
import type { ComponentEvidence, SingleComponent } from '../reward';

export interface KeyWordOptions {
  /** "red 1" is not found in "red 12". Off by default: the released code takes any substring. */
  readonly wholeWord?: boolean;
  /** Where to look; the released code looks through the whole response. */
  readonly within?: 'response' | 'description';
}

/** The share of the sample's key words that occur, in any letter case; 0 where the sample has none, as released. */
export function keyWords({ wholeWord = false, within = 'response' }: KeyWordOptions = {}): SingleComponent {
  return input => {
    const words = input.sample.key_words;
    if (words.length === 0) return { value: 0, evidence: [{ kind: 'note', ok: false, note: 'the sample has no key words' }] };
    const place = within === 'response' ? { start: 0, text: input.response } : (input.sections.description ?? { start: 0, text: '' });
    const { text, placeOf } = closeUp(place.text);
    const exact = text.toLowerCase();
    const where = exact.length === text.length ? exact : lowerByChar(text);
    const evidence = words.map((word): ComponentEvidence => {
      const found = find(exact, word.toLowerCase(), wholeWord);
      if (found < 0) {
        return { kind: 'key_word', text: word, ok: false, note: within === 'description' && !input.sections.description ? 'missed: no description' : 'missed' };
      }
      const at = where === exact && word.toLowerCase().length === word.length ? found : find(where, lowerByChar(word), wholeWord);
      const span = at < 0 || word === '' ? {} : { start: place.start + placeOf(at), end: place.start + placeOf(at + word.length - 1) + 1 };
      return { kind: 'key_word', ...span, text: word, ok: true };
    });
    return { value: evidence.filter(each => each.ok).length / words.length, evidence };
  };
}

/** Lower case without a change of length, so that offsets stay true: a letter that would grow (İ) is left alone. */
function lowerByChar(text: string): string {
  return [...text].map(char => (char.toLowerCase().length === char.length ? char.toLowerCase() : char)).join('');
}

function find(where: string, what: string, wholeWord: boolean): number {
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
    if (!wholeWord || !(isWordChar(where[at - 1]) && isWordChar(what[0])) && !(isWordChar(where[at + what.length]) && isWordChar(what[what.length - 1]))) return at;
  }
  return -1;
}

function isWordChar(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}_]/u.test(char);
}

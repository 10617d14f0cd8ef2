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
  return ({ response, sections, sample }) => {
    const words = sample.key_words;
    if (words.length === 0) return { value: 0, evidence: [{ kind: 'note', ok: false, note: 'the sample has no key words' }] };
    const place = within === 'response' ? { start: 0, text: response } : (sections.description ?? { start: 0, text: '' });
    const { text, placeOf } = closeUp(place.text);
    const exact = text.toLowerCase();
    const where = lower(text);
    const evidence = words.map((word): ComponentEvidence => {
      if (find(exact, word.toLowerCase(), wholeWord) < 0) {
        return { kind: 'key_word', text: word, ok: false, note: within === 'description' && !sections.description ? 'missed: no description' : 'missed' };
      }
      const at = find(where, lower(word), wholeWord);
      const span = at < 0 || word === '' ? {} : { start: place.start + placeOf(at), end: place.start + placeOf(at + word.length - 1) + 1 };
      return { kind: 'key_word', ...span, text: word, ok: true };
    });
    return { value: evidence.filter(each => each.ok).length / words.length, evidence };
  };
}

/** Lower case without a change of length, so that offsets stay true: a letter that would grow (İ) is left alone. */
function lower(text: string): string {
  const whole = text.toLowerCase();
  if (whole.length === text.length) return whole;
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

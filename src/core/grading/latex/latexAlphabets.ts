const accents: Readonly<Record<string, string>> = {
  "'": '\u0301', '`': '\u0300', '"': '\u0308', c: '\u0327', '^': '\u0302', '~': '\u0303', H: '\u030b', k: '\u0328', '=': '\u0304', b: '\u0331', '.': '\u0307', d: '\u0323',
  r: '\u030a', u: '\u0306', v: '\u030c', vec: '\u20d7', dot: '\u0307', hat: '\u0302', check: '\u030c', breve: '\u0306', acute: '\u0301', grave: '\u0300', tilde: '\u0303',
  bar: '\u0305', ddot: '\u0308', not: '\u0338',
};

/** Code points of A and a in the mathematical alphabets, and the letters that Unicode had elsewhere before. */
const alphabets: Readonly<Record<string, { readonly upper: number; readonly lower: number; readonly elsewhere?: Readonly<Record<string, string>> }>> = {
  mathbf: { upper: 0x1d400, lower: 0x1d41a },
  mathit: { upper: 0x1d434, lower: 0x1d44e, elsewhere: { h: 'ℎ' } },
  mathsf: { upper: 0x1d5a0, lower: 0x1d5ba },
  mathtt: { upper: 0x1d670, lower: 0x1d68a },
  mathbb: { upper: 0x1d538, lower: 0x1d552, elsewhere: { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' } },
  mathfrak: { upper: 0x1d504, lower: 0x1d51e, elsewhere: { C: 'ℭ', H: 'ℌ', I: 'ℑ', R: 'ℜ', Z: 'ℨ' } },
  mathcal: { upper: 0x1d49c, lower: 0x1d4b6, elsewhere: { B: 'ℬ', E: 'ℰ', F: 'ℱ', H: 'ℋ', I: 'ℐ', L: 'ℒ', M: 'ℳ', R: 'ℛ', e: 'ℯ', g: 'ℊ', o: 'ℴ' } },
};

/** A text under the accent of a macro (`\hat`), or in its alphabet (`\mathbb`); undefined for other macros. */
export function textInStyle(name: string, textsOf: () => readonly string[]): string | undefined {
  const accent = Object.hasOwn(accents, name) ? accents[name] : undefined;
  if (accent !== undefined) return [...(textsOf()[0]?.trim() ?? ' ')].map(char => ((char === 'ı' ? 'i' : char === 'ȷ' ? 'j' : char) + accent).normalize('NFC')).join('');
  const alphabet = name === 'mathscr' ? alphabets['mathcal'] : Object.hasOwn(alphabets, name) ? alphabets[name] : undefined;
  return alphabet && (textsOf()[0] ?? '').replace(/[A-Za-z]/g, letter => {
    const base = letter <= 'Z' ? alphabet.upper - 65 : alphabet.lower - 97;
    return alphabet.elsewhere?.[letter] ?? String.fromCodePoint(base + letter.charCodeAt(0));
  });
}

/** Arguments of macros and environments as pylatexenc 2.11 knows them: `{` one that must be there, `[` an optional one, `]` one that no blank may part, `*` a star. */
const macros = byName({
  '{':
    '" \' . = Cref H ^ ` acute author autoref b bar bibliography bra breve c check citenum citetext cref d date ddot dot emph ensuremath eqref grave hat hint hints ' +
    'hypersetup include input k ket keywords label mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt mbox not overbrace overbracket overgroup ' +
    'overleftarrow overleftharpoon overleftrightarrow overline overlinesegment overrightarrow overrightharpoon r ref text textbf textit textmd textrm textsc textsf ' +
    'textsl texttt textup tilde title u underbrace underbracket undergroup underleftarrow underleftrightarrow underline underlinesegment underrightarrow url v vec verb ' +
    'widehat wideparen widetilde ~',
  '{{': 'braket defcitealias frac ketbra nicefrac texorpdfstring',
  '{{{': 'boxframe',
  '[{': 'RequirePackage color documentclass footnote hphantom includegraphics pagecolor selectlanguage sqrt usepackage vphantom xleftarrow xrightarrow',
  '[{{': 'addcounter addlength colorbox setcounter setlength textcolor',
  '[{{{': 'definecolor providecolor',
  '[{[{': 'colorlet',
  '[{[{{': 'fcolorbox',
  '[[{': 'citefullauthor citepalias citetalias citeyear citeyearpar',
  '[': 'item',
  '*]': '\\',
  '*{': 'hspace vspace',
  '*{{': 'DeclareMathOperator',
  '*[{': 'chapter pagagraph section subparagraph subsection subsubsection',
  '*[{{{': 'rowcolors',
  '*[[{': 'Citealp Citealt Citeauthor Citep Citet cite citealp citealt citeauthor citep citet',
  '*{[[{': 'newcommand providecommand renewcommand',
  '*{[[{{': 'newenvironment provideenvironment renewenvironment',
});

const environments = byName({
  '[': 'figure figure* table table* theorem proposition lemma corollary definition conjecture remark proof thm prop lem cor conj rem defn enumerate itemize description',
  '{': 'tabular alignat alignat*',
  '{{': 'tabular*',
  '{[{': 'tabularx',
  '[{': 'array',
});

/** Texts of macros with arguments: `%1`, `%2` … are theirs. */
const patterns: ReadonlyMap<string, string> = new Map([
  ['frac', '%1/%2'], ['nicefrac', '%1/%2'], ['textfrac', '%1/%2'], ['sqrt', '√(%2)'], ['ket', '|%1⟩'], ['bra', '⟨%1|'], ['braket', '⟨%1|%2⟩'], ['ketbra', '|%1⟩⟨%2|'],
  ['footnote', '[%2]'], ['url', '<%1>'], ['textcolor', '%3'], ['colorbox', '%3'], ['fcolorbox', '%5'], ['hint', 'Hint: %1'], ['hints', 'Hints: %1'], ['texorpdfstring', '%2'],
  ['ref', '<ref>'], ['autoref', '<ref>'], ['cref', '<ref>'], ['Cref', '<Ref>'], ['eqref', '(<ref>)'], ['cite', '<cit.>'], ['citet', '<cit.>'], ['citep', '<cit.>'],
  ['\\', '\n'], ['vspace', '\n'], ['%', '%'],
  ...(
    'emph ensuremath mathrm overbrace overbracket overgroup overleftarrow overleftharpoon overleftrightarrow overline overlinesegment overrightarrow overrightharpoon text ' +
    'textbf textit textrm textsc textsl underbrace underbracket undergroup underleftarrow underleftrightarrow underline underlinesegment underrightarrow widehat wideparen widetilde'
  ).split(' ').map(name => [name, '%1'] as const),
]);

/** Macros whose text is all their arguments: without any they are nothing. The others would show their pattern. */
const plain = new Set('emph mathrm text textbf textit textrm textsc textsl texorpdfstring'.split(' '));

export function argumentsOfMacro(name: string): string {
  return macros.get(name) ?? '';
}

export function argumentsOfEnvironment(name: string): string {
  return environments.get(name) ?? '';
}

/**
 * The text of a macro with these arguments; undefined where the macro is no pattern. Without its arguments a pattern stands as it is
 * written there (`\frac` alone is `%s/%s`), and one that counts its arguments makes pylatexenc raise, and us throw.
 */
export function textOfPattern(name: string, textsOf: () => readonly string[]): string | undefined {
  const pattern = patterns.get(name);
  if (pattern === undefined || !/%\d/.test(pattern)) return pattern;
  const args = textsOf();
  if (args.length === 0) {
    if (plain.has(name)) return '';
    if (/^(?:sqrt|footnote|textcolor|colorbox|fcolorbox)$/.test(name)) throw new RangeError(`\\${name} without its argument`);
    return pattern.replace(/%\d/g, '%s');
  }
  return pattern.replace(/%(\d)/g, (_, place: string) => args[Number(place) - 1] ?? '');
}

function byName(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(names).flatMap(([spec, list]) => list.split(' ').map(name => [name, spec] as const)));
}

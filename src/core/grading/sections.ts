/** A piece of a response; `start` and `end` are UTF-16 offsets, `text` lies between them. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type SectionKind = 'description' | 'rationales' | 'think' | 'step' | 'answer';

/** A heading and what stands below it, up to the next heading. */
export interface Section {
  readonly kind: SectionKind;
  readonly heading: Span;
  readonly body: Span;
}

/** The sections of a response in the paper's grammar (docs/FORMATS.md, "Response grammar"). */
export interface Sections {
  /** Every heading in the order of the text; letter case and blanks are forgiven. */
  readonly all: readonly Section[];
  /** What the released reward takes as the caption: from the first description heading to the rationales heading after it, trimmed. */
  readonly description: Span | null;
  readonly steps: readonly Section[];
}

const headings = /###[ \t]*(?:(image description)\s*:|(rationales)\s*:|(let's think step by step)\s*[.:]?|(step\s+\w+)\s*:|(the final answer is)\s*:?)/gi;
const kinds: readonly SectionKind[] = ['description', 'rationales', 'think', 'step', 'answer'];
const description = /###\s*Image Description:\s*([\s\S]*?)\s*###\s*Rationales:/i;

export function parseSections(response: string): Sections {
  const matches = [...response.matchAll(headings)];
  const all = matches.map((match, index): Section => {
    const group = match.slice(1).findIndex(text => text !== undefined);
    const start = match.index + match[0].length;
    return {
      kind: kinds[group] ?? 'think',
      heading: { start: match.index, end: start, text: match[0] },
      body: trimmedSpan(response, start, matches[index + 1]?.index ?? response.length),
    };
  });
  const found = description.exec(response);
  const text = found?.[1] ?? '';
  const start = found ? found.index + found[0].indexOf(':') + 1 : 0;
  return {
    all,
    description: found ? trimmedSpan(response, start, response.indexOf(text, start) + text.length) : null,
    steps: all.filter(section => section.kind === 'step'),
  };
}

/** The part of `text` between two offsets without the white space at its edges. */
export function trimmedSpan(text: string, start: number, end: number): Span {
  const raw = text.slice(start, end);
  const left = raw.length - raw.trimStart().length;
  const trimmed = raw.trim();
  return { start: start + left, end: start + left + trimmed.length, text: trimmed };
}

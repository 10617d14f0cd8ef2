import type { Bbox } from '../dataset/sample';
import type { Span } from './sections';

/** A box that a response names. Numbers are as written: their frame is the caller's knowledge. */
export interface WrittenBox {
  readonly label: string | null;
  readonly bbox: Bbox;
  /** Where it stands in the text, with its label. */
  readonly span: Span;
}

const number = '-?\\d{1,9}(?:\\.\\d{1,9})?';
const numbersIn = new RegExp(number, 'g');
const comma = '\\s{0,4},\\s{0,4}'; // bounded, here and below: a response is hostile input, and its length must not cost its square
const four = [number, number, number, number].join(comma);

interface Reading {
  readonly label: string | null;
  /** What holds the four numbers. */
  readonly numbers: string;
  readonly order?: 'yx';
  /** Length of a label that stands before the match. */
  readonly before?: number;
}

const grammars: readonly { readonly pattern: RegExp; /** Without it in the text the pattern need not be tried. */ readonly sign: string; read(match: RegExpExecArray): Reading }[] = [
  {
    // {"bbox_2d": [1, 2, 3, 4], "label": "cat"} of Qwen and VLM-R1; {'Position': [1, 2, 3, 4], 'Confidence': 1} of Visual-RFT
    sign: '{',
    pattern: new RegExp(`\\{[^{}]{0,300}?["'](?:bbox_2d|bbox|box|Position)["']\\s*:\\s*\\[\\s*(${four})\\s*\\][^{}]{0,300}\\}`, 'gi'),
    read: match => ({ label: /["'](?:label|name|class)["']\s*:\s*["']([^"']*)["']/i.exec(match[0])?.[1] ?? null, numbers: match[1] ?? '' }),
  },
  {
    // <|object_ref_start|>cat<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|> and <ref>cat</ref><box>…</box>
    sign: 'box',
    pattern: new RegExp(`(?:<(?:ref|\\|object_ref_start\\|)>([^<]{0,100})<(?:/ref|\\|object_ref_end\\|)>\\s{0,4})?<(?:box|\\|box_start\\|)>([^<]{0,200})<(?:/box|\\|box_end\\|)>`, 'gi'),
    read: match => ({ label: match[1]?.trim() ?? null, numbers: match[2] ?? '' }),
  },
  {
    // <loc0012><loc0034><loc0512><loc0700> cat: y before x, in 1024ths (PaliGemma)
    sign: '<loc',
    pattern: /((?:<loc\d{4}>){4})(?:[ \t]{0,4}([^<>;\n[\]]{1,100}))?/g,
    read: match => ({ label: match[2]?.trim() || null, numbers: match[1] ?? '', order: 'yx' }),
  },
  {
    // [1, 2, 3, 4], and before it perhaps a label: red 7 at [1, 2, 3, 4] · red 7: [1, 2, 3, 4]
    sign: ',',
    pattern: new RegExp(`[[(]\\s{0,4}(${four})\\s{0,4}[\\])]`, 'g'),
    read: match => ({ ...readLabelBefore(match.input.slice(Math.max(0, match.index - 80), match.index)), numbers: match[1] ?? '' }),
  },
];

/** Every box of a text in the grammars that models write, in the order of the text; `offset` is added to the spans. */
export function parseBoxes(text: string, offset = 0): readonly WrittenBox[] {
  const found: WrittenBox[] = [];
  for (const { pattern, sign, read } of grammars) {
    if (!text.includes(sign)) continue;
    for (const match of text.matchAll(pattern)) {
      const { label, numbers: inside, order, before = 0 } = read(match as RegExpExecArray);
      const written = text.slice(match.index - before, match.index + match[0].length).trimEnd();
      const start = offset + match.index - before;
      const span = { start, end: start + written.length, text: written };
      if (found.some(box => box.span.start < span.end && span.start < box.span.end)) continue; // a richer grammar has read it
      const numbers = (inside.match(numbersIn) ?? []).map(Number);
      const [a, b, c, d] = numbers;
      if (numbers.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined) continue;
      found.push({ label, bbox: order === 'yx' ? [b, a, d, c] : [a, b, c, d], span });
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

const separators = ';,.:()[]{}\n"\'';

/** What stands before `at`, `:` or `=` up to the last separator; a heading is no label. */
function readLabelBefore(text: string): { readonly label: string | null; readonly before: number } {
  const none = { label: null, before: 0 };
  const trimmed = text.trimEnd();
  const link = /[:=]$|\bat$/i.exec(trimmed)?.[0];
  if (link === undefined) return none;
  const end = trimmed.length - link.length;
  let start = end;
  while (start > 0 && !separators.includes(trimmed[start - 1] ?? '')) start--;
  const label = trimmed.slice(start, end).trim();
  if (label === '' || label.includes('#')) return none;
  return { label, before: text.length - text.indexOf(label, start) };
}

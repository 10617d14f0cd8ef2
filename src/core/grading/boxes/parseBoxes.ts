import type { Bbox } from '../../dataset/sample';
import type { WrittenFrame } from '../../geometry/writtenFrame';
import type { Span } from '../sections';

/** How a box is written; `boxGrammars` says what its numbers are. */
export type BoxGrammar = 'json' | 'corners' | 'position' | 'box tag' | 'loc' | 'list';

/** A box that a response names. Numbers are as written: their frame is the caller's knowledge, unless the grammar decides it. */
export interface WrittenBox {
  readonly label: string | null;
  /** x before y, whatever the order of the grammar. Numbers that are none (`NaN`, `Infinity`) are NaN. */
  readonly bbox: Bbox;
  /** Where it stands in the text, with its label. */
  readonly span: Span;
  readonly grammar: BoxGrammar;
  /** Why its numbers mean no place; swapped corners and the like show only once the frame is known (`faultOfBox`). */
  readonly fault?: string;
}

export interface GrammarFacts {
  /** Who writes it, with an example. */
  readonly writes: string;
  /** The frame its usual models write. */
  readonly usual: WrittenFrame | null;
  /** Whether the grammar itself says so, whoever wrote it. */
  readonly isDecided: boolean;
}

/** The grammars that are read, and their frames. The same JSON is pixels of the resized image from Qwen2.5-VL and thousandths from Qwen3-VL: it decides nothing. */
export const boxGrammars: Readonly<Record<BoxGrammar, GrammarFacts>> = {
  json: { writes: 'Qwen2.5-VL, Qwen3-VL, VLM-R1: {"bbox_2d": [1, 2, 3, 4], "label": "cat"}', usual: 'qwen2.5-resized', isDecided: false },
  corners: { writes: '{"x1": 1, "y1": 2, "x2": 3, "y2": 4, "label": "cat"}', usual: null, isDecided: false },
  position: { writes: "Visual-RFT: {'Position': [1, 2, 3, 4], 'Confidence': 1}", usual: 'norm1000', isDecided: false },
  'box tag': { writes: 'Qwen-VL, Qwen2-VL, InternVL: <ref>cat</ref><box>(1,2),(3,4)</box>, <|box_start|>(1,2),(3,4)<|box_end|>', usual: 'norm1000', isDecided: false },
  loc: { writes: 'PaliGemma: <loc0002><loc0001><loc0004><loc0003> cat, y before x', usual: 'norm1024', isDecided: true },
  list: { writes: 'cat at [1, 2, 3, 4], cat: (1, 2, 3, 4)', usual: null, isDecided: false },
};

// Repetitions are bounded, here and below: a response is hostile input, and its length must not cost its square.
const number = '(?:-?\\d{1,30}(?:\\.\\d{1,30})?(?:[eE][-+]?\\d{1,3})?|[-+]?(?:nan|inf(?:inity)?))';
const numbersIn = new RegExp(number, 'gi');
const comma = '\\s{0,4},\\s{0,4}';
const four = [number, number, number, number].join(comma);
const colon = '["\']\\s{0,4}:\\s{0,4}';
const named = (names: string): string => `["'](?:${names})${colon}(${number})`;

interface Reading {
  readonly label: string | null;
  /** What holds the four numbers. */
  readonly numbers: string;
  /** Length of a label that stands before the match. */
  readonly before?: number;
}

interface Grammar {
  readonly name: BoxGrammar;
  readonly pattern: RegExp;
  /** Without it in the text the pattern need not be tried. */
  readonly sign: string;
  read(match: RegExpExecArray): Reading;
}

const bracketed = (keys: string): RegExp => new RegExp(`\\{[^{}]{0,300}?["'](?:${keys})${colon}\\[\\s{0,4}(${four})\\s{0,4}\\][^{}]{0,300}\\}`, 'gi');
const labelIn = (text: string): string | null => /["'](?:label|name|class|category|text_content)["']\s{0,4}:\s{0,4}["']([^"']{0,200})["']/i.exec(text)?.[1] ?? null;

const grammars: readonly Grammar[] = [
  { name: 'json', sign: '{', pattern: bracketed('bbox_2d|bbox|box|box_2d'), read: match => ({ label: labelIn(match[0]), numbers: match[1] ?? '' }) },
  { name: 'position', sign: '{', pattern: bracketed('Position'), read: match => ({ label: labelIn(match[0]), numbers: match[1] ?? '' }) },
  {
    name: 'corners',
    sign: '{',
    pattern: new RegExp(`\\{[^{}]{0,300}?${[named('x1|xmin'), named('y1|ymin'), named('x2|xmax'), named('y2|ymax')].join(comma)}[^{}]{0,300}\\}`, 'gi'),
    read: match => ({ label: labelIn(match[0]), numbers: match.slice(1, 5).join(',') }),
  },
  {
    name: 'box tag',
    sign: 'box',
    pattern: /(?:<(?:ref|\|object_ref_start\|)>([^<]{0,100})<(?:\/ref|\|object_ref_end\|)>\s{0,4})?<(?:box|\|box_start\|)>([^<]{0,200})<(?:\/box|\|box_end\|)>/gi,
    read: match => ({ label: match[1]?.trim() ?? null, numbers: match[2] ?? '' }),
  },
  { name: 'loc', sign: '<loc', pattern: /((?:<loc\d{4}>){4})(?:[ \t]{0,4}([^<>;\n[\]]{1,100}))?/g, read: match => ({ label: match[2]?.trim() || null, numbers: match[1] ?? '' }) },
  {
    name: 'list',
    sign: ',',
    pattern: new RegExp(`[[(]\\s{0,4}(${four})\\s{0,4}[\\])]`, 'gi'),
    read: match => ({ ...readLabelBefore(match.input.slice(Math.max(0, match.index - 80), match.index)), numbers: match[1] ?? '' }),
  },
];

/** Every box of a text in the grammars that models write, in the order of the text; `offset` is added to the spans. */
export function parseBoxes(text: string, offset = 0): readonly WrittenBox[] {
  let found: readonly WrittenBox[] = [];
  for (const { name, pattern, sign, read } of grammars) {
    if (!text.includes(sign)) continue;
    const made: WrittenBox[] = [];
    let next = 0;
    for (const match of text.matchAll(pattern)) {
      const { label, numbers: inside, before = 0 } = read(match as RegExpExecArray);
      const start = offset + match.index - before;
      const written = text.slice(match.index - before, match.index + match[0].length).trimEnd();
      const span = { start, end: start + written.length, text: written };
      while ((found[next]?.span.end ?? Infinity) <= span.start) next++;
      if ((found[next]?.span.start ?? Infinity) < span.end) continue; // a richer grammar has read it
      const numbers = (inside.match(numbersIn) ?? []).map(each => (/[a-z]{3}/i.test(each) ? NaN : Number(each)));
      const [a, b, c, d] = numbers;
      if (numbers.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined) continue;
      const bbox: Bbox = name === 'loc' ? [b, a, d, c] : [a, b, c, d];
      const fault = faultOf(bbox);
      made.push({ label, bbox, span, grammar: name, ...(fault === undefined ? {} : { fault }) });
    }
    found = merged(found, made);
  }
  return found;
}

function faultOf(bbox: Bbox): string | undefined {
  if (!bbox.every(value => Number.isFinite(value))) return 'holds a number that is none';
  return bbox.some(value => Math.abs(value) > 1e9) ? 'holds a number beyond every image' : undefined;
}

/** Two lists in the order of the text as one. */
function merged(a: readonly WrittenBox[], b: readonly WrittenBox[]): readonly WrittenBox[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b].sort((one, other) => one.span.start - other.span.start);
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

import type { Bbox } from '../dataset/sample';
import type { Span } from './sections';

/** A box that a response names. Numbers are as written: their frame is the caller's knowledge. */
export interface WrittenBox {
  readonly label: string | null;
  readonly bbox: Bbox;
  /** Where it stands in the text, with its label. */
  readonly span: Span;
}

const number = '-?\\d+(?:\\.\\d+)?';
const four = `${number}\\s*,\\s*${number}\\s*,\\s*${number}\\s*,\\s*${number}`;
const grammars: readonly { readonly pattern: RegExp; read(match: RegExpExecArray): { label: string | null; text: string; order?: 'yx' } }[] = [
  {
    // {"bbox_2d": [1, 2, 3, 4], "label": "cat"} of Qwen and VLM-R1; {'Position': [1, 2, 3, 4], 'Confidence': 1} of Visual-RFT
    pattern: new RegExp(`\\{[^{}]*?["'](?:bbox_2d|bbox|box|Position)["']\\s*:\\s*\\[\\s*(${four})\\s*\\][^{}]*\\}`, 'gid'),
    read: match => ({ label: /["'](?:label|name|class)["']\s*:\s*["']([^"']*)["']/i.exec(match[0])?.[1] ?? null, text: match[1] ?? '' }),
  },
  {
    // <|object_ref_start|>cat<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|> and <ref>cat</ref><box>…</box>
    pattern: new RegExp(`(?:<(?:ref|\\|object_ref_start\\|)>([^<]*)<(?:/ref|\\|object_ref_end\\|)>\\s*)?<(?:box|\\|box_start\\|)>([^<]*)<(?:/box|\\|box_end\\|)>`, 'gid'),
    read: match => ({ label: match[1]?.trim() ?? null, text: match[2] ?? '' }),
  },
  {
    // <loc0012><loc0034><loc0512><loc0700> cat: y before x, in 1024ths (PaliGemma)
    pattern: /((?:<loc\d{4}>){4})(?:[ \t]*([^<>;\n[\]]+))?/gd,
    read: match => ({ label: match[2]?.trim() || null, text: match[1] ?? '', order: 'yx' }),
  },
  {
    // red 7 at [1, 2, 3, 4] · red 7: [1, 2, 3, 4] · [1, 2, 3, 4]
    pattern: new RegExp(`(?:([^\\s;,.:()[\\]{}"'][^;,.:()[\\]{}\\n"']*?)\\s*(?:\\bat\\b|:|=)\\s*)?[[(]\\s*(${four})\\s*[\\])]`, 'gid'),
    read: match => ({ label: match[1]?.trim() ?? null, text: match[2] ?? '' }),
  },
];

/** Every box of a text in the grammars that models write, in the order of the text; `offset` is added to the spans. */
export function parseBoxes(text: string, offset = 0): readonly WrittenBox[] {
  const found: WrittenBox[] = [];
  for (const { pattern, read } of grammars) {
    for (const match of text.matchAll(pattern)) {
      const start = offset + match.index;
      const span = { start, end: start + match[0].trimEnd().length, text: match[0].trimEnd() };
      if (found.some(box => box.span.start < span.end && span.start < box.span.end)) continue; // a richer grammar has read it
      const { label, text: inside, order } = read(match as RegExpExecArray);
      const numbers = (inside.match(new RegExp(number, 'g')) ?? []).map(Number);
      const [a, b, c, d] = numbers;
      if (numbers.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined) continue;
      found.push({ label, bbox: order === 'yx' ? [b, a, d, c] : [a, b, c, d], span });
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

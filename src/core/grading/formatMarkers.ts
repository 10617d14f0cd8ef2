import { pythonSpace } from './formulas/pythonText';
import type { Span } from './sections';

/** The four headings that the released format reward asks for, in any order and letter case; the blank after ### is optional. */
export const formatMarkers = ['### Image Description:', '### Rationales:', '### Step 1:', '### The final answer is:'] as const;

export interface MarkerFinding {
  readonly marker: (typeof formatMarkers)[number];
  /** Where it stands; null when it is missing. */
  readonly span: Span | null;
}

/** Letters that Python's IGNORECASE takes for these besides their other case. */
const alike: Readonly<Record<string, string>> = { i: '[iIİı]', s: '[sSſ]' };
const patterns = formatMarkers.map(marker => {
  const name = marker.slice(4).replace(/[a-z]/gi, letter => alike[letter.toLowerCase()] ?? `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  return new RegExp(`###[${pythonSpace}]*${name}`);
});

export function findFormatMarkers(response: string): readonly MarkerFinding[] {
  return formatMarkers.map((marker, index) => {
    const match = patterns[index]?.exec(response);
    return { marker, span: match ? { start: match.index, end: match.index + match[0].length, text: match[0] } : null };
  });
}

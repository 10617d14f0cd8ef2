import type { Span } from './sections';

/** The four headings that the released format reward asks for, in any order and letter case; the blank after ### is optional. */
export const formatMarkers = ['### Image Description:', '### Rationales:', '### Step 1:', '### The final answer is:'] as const;

export interface MarkerFinding {
  readonly marker: (typeof formatMarkers)[number];
  /** Where it stands; null when it is missing. */
  readonly span: Span | null;
}

const patterns = formatMarkers.map(marker => new RegExp(marker.replace('### ', '###\\s*'), 'i'));

export function findFormatMarkers(response: string): readonly MarkerFinding[] {
  return formatMarkers.map((marker, index) => {
    const match = patterns[index]?.exec(response);
    return { marker, span: match ? { start: match.index, end: match.index + match[0].length, text: match[0] } : null };
  });
}

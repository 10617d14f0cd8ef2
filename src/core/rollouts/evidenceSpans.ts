import type { Evidence } from '../rewards/score';

/** A piece of a response and the evidence that covers it, the narrowest first. */
export interface EvidencePiece {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Cuts a response at the borders of its evidence, so that spans that overlap can be shown. The pieces add up to the response. */
export function evidencePieces(response: string, evidence: readonly Evidence[]): readonly EvidencePiece[] {
  const spans = evidence.flatMap(item => {
    const start = Math.max(0, item.start ?? -1);
    const end = Math.min(response.length, item.end ?? -1);
    return item.start !== undefined && start < end ? [{ start, end, item }] : [];
  });
  const borders = [...new Set([0, response.length, ...spans.flatMap(span => [span.start, span.end])])].sort((a, b) => a - b);
  return borders.slice(0, -1).map((from, index) => {
    const to = borders[index + 1] ?? response.length;
    const covering = spans.filter(span => span.start <= from && span.end >= to).sort((a, b) => a.end - a.start - (b.end - b.start));
    return { text: response.slice(from, to), evidence: covering.map(span => span.item) };
  });
}

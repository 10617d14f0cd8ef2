import { parseSections } from '../../grading/sections';
import type { Evidence } from '../../rewards/score';
import { evidencePieces } from '../evidenceSpans';
import { escapeHtml } from './escapeHtml';

/** A response as HTML: its sections fold, and what the reward looked at is marked. The text of the elements is the response, to the letter. */
export function markedResponse(response: string, evidence: readonly Evidence[]): string {
  const { all } = parseSections(response);
  const [first] = all;
  if (!first) return `<div class="text">${marked(response, evidence, 0, response.length)}</div>`;
  const lead = first.heading.start > 0 ? `<div class="text">${marked(response, evidence, 0, first.heading.start)}</div>` : '';
  return lead + all.map((section, at) => {
    const end = all[at + 1]?.heading.start ?? response.length;
    return `<details open><summary class="text">${marked(response, evidence, section.heading.start, section.heading.end)}</summary><div class="text">${marked(response, evidence, section.heading.end, end)}</div></details>`;
  }).join('');
}

function marked(response: string, evidence: readonly Evidence[], from: number, to: number): string {
  const inside = evidence.flatMap(item => (item.start === undefined || item.end === undefined || item.start >= to || item.end <= from ? [] : [{ ...item, start: item.start - from, end: item.end - from }]));
  return evidencePieces(response.slice(from, to), inside).map(({ text, evidence: [narrowest] }) => {
    if (!narrowest) return escapeHtml(text);
    const look = narrowest.ok === undefined ? 'seen' : narrowest.ok ? 'ok' : 'missed';
    const title = [narrowest.component, narrowest.kind.replace('_', ' '), ...(narrowest.ok === undefined ? [] : [narrowest.ok ? 'counts' : 'does not count']), narrowest.note ?? ''].filter(Boolean).join(' · ');
    return `<mark class="${look}" title="${escapeHtml(title)}">${escapeHtml(text)}</mark>`;
  }).join('');
}

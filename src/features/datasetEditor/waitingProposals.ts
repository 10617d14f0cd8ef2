import { parseRow } from '../../core/dataset/parseRow';
import { openProposals } from '../../core/proposals/openProposals';
import type { ProposalFile } from '../../platform/proposals/proposalFile';
import type { DatasetDocument } from './document';
import type { Proposals } from './proposals';

const together = 500;

/** How many proposed boxes of a row's text wait for a person: those that are sure enough, not decided and not in the row. */
export function waitingIn(text: string, document: DatasetDocument, file: ProposalFile, threshold: number): { readonly qid: string; readonly count: number } | undefined {
  const { columns, boxFrame } = document.context;
  const { row } = parseRow(text, columns);
  const found = row && file.of(row.qid);
  if (!row || !found || found.image !== row.images[0]) return undefined;
  const decisions = document.curationOf(row.qid).proposals ?? [];
  return { qid: row.qid, count: openProposals(found.proposals, { row, frame: boxFrame, size: found.size, decisions, hash: file.model.hash, threshold }).length };
}

/** The samples of a document with proposed boxes that wait, at the threshold of the model. */
export async function* waitingCounts(document: DatasetDocument, proposals: Proposals): AsyncGenerator<readonly [qid: string, count: number]> {
  const [file, source] = [await proposals.file(), await proposals.source()];
  if (!file || !source || file.size === 0) return;
  const count = await document.rowCount();
  for (let from = 0; from < count; from += together) {
    for (const { text } of await document.readRows(from, from + together)) {
      const waiting = waitingIn(text, document, file, source.threshold);
      if (waiting && waiting.count > 0) yield [waiting.qid, waiting.count];
    }
  }
}

/** The first of the rows with a proposal that waits; null where there is none. */
export async function nextWaiting(document: DatasetDocument, proposals: Proposals, order: Uint32Array, threshold: number): Promise<number | null> {
  const file = await proposals.file();
  if (!file || file.size === 0) return null;
  for (const index of order) {
    const [at] = await document.readRows(index, index + 1);
    if (at && (waitingIn(at.text, document, file, threshold)?.count ?? 0) > 0) return index;
  }
  return null;
}

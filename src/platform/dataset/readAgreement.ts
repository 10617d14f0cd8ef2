import { parseRow } from '../../core/dataset/parseRow';
import type { BoxFrame, Columns } from '../../core/project/project';
import { secondAgreement } from '../../core/review/agreement';
import { type AgreementSummary, AgreementTotal } from '../../core/review/agreementSummary';
import { labelsOfRow, type SecondLabels } from '../../core/review/secondLabels';
import type { RowText } from './datasetFile';
import { qidOf } from './planBulk';

/** Rows that are read at once. */
const together = 2000;

/** Where rows and second labels are found. */
export interface AgreementSource {
  readonly columns: Columns;
  readonly boxFrame: BoxFrame;
  rowCount(): Promise<number>;
  readRows(from: number, to: number): Promise<readonly RowText[]>;
  secondOf(qid: string): SecondLabels | null;
}

/** How two people agree over a dataset, edits included; only rows with second labels are parsed. */
export async function readAgreement(source: AgreementSource): Promise<AgreementSummary> {
  const total = new AgreementTotal();
  const { columns, boxFrame } = source;
  const count = await source.rowCount();
  for (let from = 0; from < count; from += together) {
    for (const { text } of await source.readRows(from, Math.min(count, from + together))) {
      const second = source.secondOf(qidOf(text, columns));
      const row = second && parseRow(text, columns).row;
      if (!second || !row) continue;
      const first = second.settled ?? labelsOfRow(row);
      total.add({ agreement: secondAgreement(first, second, boxFrame), first: first.answer, second: second.answer, isSettled: second.settled !== undefined });
    }
  }
  return total.summary;
}

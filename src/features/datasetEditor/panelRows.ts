import type * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import { AppError } from '../../core/errors';
import type { AgreementSummary } from '../../core/review/agreementSummary';
import { readAgreement } from '../../platform/dataset/readAgreement';
import type { RowText } from '../../platform/dataset/datasetFile';
import { findQids } from '../../platform/dataset/findQids';
import type { ConflictView, RowView, SamplePlace } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';
import type { Proposals } from './proposals';
import type { RowFacts } from './rowFacts';
import { conflictView, rowView } from './rowView';
import { smallPicture, viewablePicture } from './smallPicture';

const mostAtOnce = 100;
/** Rows of which it is known what the page was told. */
const mostTold = 2000;

/** The rows of a document as one panel shows them. */
export class PanelRows {
  private readonly told = new Map<number, string>();

  constructor(
    private readonly document: DatasetDocument,
    private readonly facts: RowFacts,
    private readonly webview: vscode.Webview,
    private readonly proposals: Proposals,
  ) {}

  /** Rows by their numbers, in the order given; those that the file does not have are left out. */
  async views(rows: readonly number[]): Promise<readonly RowView[]> {
    const records = await this.facts.records();
    const read = await Promise.all(runsOf(rows.slice(0, mostAtOnce)).map(({ from, to }) => this.document.readRows(from, to)));
    const views = await Promise.all(read.flat().map(at => rowView(at, this.document, records, this.webview, this.proposals)));
    for (const view of views) this.keepTold(view);
    return views;
  }

  /** The images of a row in the versions that the page was told last, or what was wrong with them. */
  toldImages(index: number): string | undefined {
    return this.told.get(index);
  }

  /** Rows that were changed here and on disk. */
  async conflicts(): Promise<readonly ConflictView[]> {
    return Promise.all(this.document.rows.conflicts().slice(0, mostAtOnce).map(row => conflictView(row, this.document, this.webview)));
  }

  async view(index: number): Promise<RowView | undefined> {
    return (await this.views([index]))[0];
  }

  /** A row that was just changed. Throws `argument.invalid` when the file does not have it any more. */
  async changed(index: number): Promise<RowView> {
    return (await this.view(index)) ?? this.gone(index);
  }

  /** Where samples are now; null for those that are not in the file any more. */
  locate(places: readonly SamplePlace[]): Promise<readonly (number | null)[]> {
    return findQids(this.document.saved, this.document.context.columns, places);
  }

  /** The first of the rows whose sample nobody accepted or rejected, or nobody labeled a second time; null where there is none. */
  async nextToReview(rows: Uint32Array, pass: 'first' | 'second'): Promise<number | null> {
    for (let from = 0; from < rows.length; from += mostAtOnce) {
      const read = await Promise.all(runsOf([...rows.subarray(from, from + mostAtOnce)]).map(run => this.document.readRows(run.from, run.to)));
      const found = read.flat().find(({ text }) => {
        const qid = parseRow(text, this.document.context.columns).row?.qid;
        if (!qid) return false; // without an id nothing can be said about a sample
        const { review, second } = this.document.curationOf(qid);
        return pass === 'first' ? review === 'todo' : !second;
      });
      if (found) return found.row;
    }
    return null;
  }

  /** How far the second labels agree with the first. */
  agreement(): Promise<AgreementSummary> {
    const { document } = this;
    const { columns, boxFrame } = document.context;
    return readAgreement({ columns, boxFrame, rowCount: () => document.rowCount(), readRows: (from, to) => document.readRows(from, to), secondOf: qid => document.curationOf(qid).second });
  }

  async picture(index: number): Promise<string | null> {
    return smallPicture(await this.row(index), this.document.context);
  }

  /** A copy of an image that the page cannot show itself; null where it cannot be read. */
  async viewable(index: number, place: number): Promise<string | null> {
    return viewablePicture(await this.row(index), place, this.document.context);
  }

  async row(index: number): Promise<RowText> {
    return (await this.document.readRows(index, index + 1))[0] ?? this.gone(index);
  }

  private keepTold({ index, images }: RowView): void {
    this.told.delete(index); // the newest stands last
    this.told.set(index, images.map(({ uri, fault }) => uri ?? fault?.message ?? '').join('\n'));
    const [oldest] = this.told.keys();
    if (this.told.size > mostTold && oldest !== undefined) this.told.delete(oldest);
  }

  private gone(index: number): never {
    throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'the file does not have it any more' });
  }
}

/** Neighbours together: they are read at once. */
function runsOf(rows: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last?.to === row) last.to++;
    else runs.push({ from: row, to: row + 1 });
  }
  return runs;
}

import type { LineText } from '../../core/labels/rowEdit';
import { SharedSplices, type Splice, spliceBetween, Splices } from '../../core/labels/splices';

/** A row before and after an edit. */
export interface PlannedRow {
  readonly row: number;
  /** The file's line. */
  readonly base: string;
  readonly now: string;
  readonly after: LineText;
}

/** Characters of splices, beyond which an edit is kept without them. */
const mostSpliced = 128 << 20;

/** What a bulk edit keeps of the rows that it changes, so that it can be taken back: their texts while these are few, else only what differs. */
export class KeptChanges {
  private texts: PlannedRow[] = [];
  /** Rows that were edited before: always with their texts. */
  private readonly ownTexts: PlannedRow[] = [];
  private kept = 0;
  private spliced = 0;
  private isWithoutSplices = false;
  private readonly shared = new SharedSplices();
  private rows: number[] = [];
  private splices: Splice[] = [];

  constructor(private readonly mostTextKept: number) {}

  /** Rows come in rising order. */
  add(change: PlannedRow, isOwn: boolean): void {
    if (isOwn) {
      this.ownTexts.push(change);
      return;
    }
    this.kept += change.now.length + (change.after?.length ?? 0);
    if (this.hasAllTexts) {
      this.texts.push(change);
      return;
    }
    for (const early of this.texts) this.addSplice(early);
    this.texts = [];
    this.addSplice(change);
  }

  get hasAllTexts(): boolean {
    return this.kept <= this.mostTextKept;
  }

  /** Rows with their texts: all, or those that were edited before. */
  withTexts(): readonly PlannedRow[] {
    return [...this.ownTexts, ...this.texts];
  }

  /** All other rows; absent where even that is too much, or rows are deleted. */
  withSplices(): Splices | undefined {
    return this.hasAllTexts || this.isWithoutSplices ? undefined : Splices.of(this.rows, this.splices);
  }

  private addSplice({ row, now, after }: PlannedRow): void {
    if (after === null || this.spliced > mostSpliced) this.isWithoutSplices = true;
    if (after === null || this.isWithoutSplices) {
      this.rows = [];
      this.splices = [];
      return;
    }
    const { splice, isNew } = this.shared.of(spliceBetween(now, after));
    if (isNew) this.spliced += splice.before.length + splice.after.length;
    this.rows.push(row);
    this.splices.push(splice);
  }
}

import { signal } from '@preact/signals';
import type { DatasetEditorContract, RowView } from '../../src/protocol/datasetEditor';
import type { Host } from '../shared/connect';

/** Rows that are asked for at once. */
const together = 100;
/** Rows that are kept; those that were taken up longest ago go first. */
const mostRows = 1000;

/** Rows of the document as the page knows them; they come from the host, in whatever order they are looked at. */
export class RowCache {
  private readonly rows = new Map<number, RowView>();
  private readonly asked = new Set<number>();
  private readonly inFlight = new Map<number, number>();
  private readonly version = signal(0);

  constructor(
    private readonly host: Host<DatasetEditorContract>,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** What draws a row with this is drawn again when it comes or changes. */
  at(index: number): RowView | undefined {
    void this.version.value;
    return this.rows.get(index);
  }

  /** Fetches those that are not here, a hundred at a time. */
  want(indexes: readonly number[]): void {
    const missing = indexes.filter(index => !this.asked.has(index));
    for (let from = 0; from < missing.length; from += together) void this.fetch(missing.slice(from, from + together));
  }

  /** Asks again for whatever is looked at next. */
  forget(): void {
    this.asked.clear();
  }

  /** A row from the host; while a change of it is on its way the view stays ahead of it. */
  take(row: RowView): void {
    const known = this.rows.get(row.index);
    if (this.inFlight.has(row.index) || (known && known.version > row.version)) return;
    this.put(row);
  }

  /** A row as it will be, before the host has said so; `settle` must follow. */
  expect(row: RowView): void {
    this.inFlight.set(row.index, (this.inFlight.get(row.index) ?? 0) + 1);
    this.put(row);
  }

  /** The change that was expected is done (`row`), or failed, and then the row is fetched again. */
  settle(index: number, row: RowView | undefined): void {
    const open = (this.inFlight.get(index) ?? 1) - 1;
    if (open > 0) this.inFlight.set(index, open);
    else this.inFlight.delete(index);
    if (row) return this.take(row);
    this.asked.delete(index);
    this.want([index]);
  }

  private async fetch(rows: readonly number[]): Promise<void> {
    for (const index of rows) this.asked.add(index);
    try {
      for (const row of await this.host.request('rows', { rows })) this.take(row);
    } catch (error) {
      for (const index of rows) this.asked.delete(index);
      this.fail(error);
    }
  }

  private put(row: RowView): void {
    this.rows.delete(row.index); // the newest stands last
    this.rows.set(row.index, row);
    for (const index of this.rows.keys()) {
      if (this.rows.size <= mostRows) break;
      this.rows.delete(index);
      this.asked.delete(index);
    }
    this.version.value++;
  }
}

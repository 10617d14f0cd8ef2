import { signal } from '@preact/signals';
import type { Facet, QueryFault, RowGroupStart } from '../../src/core/query/queryAnswer';
import type { KnownColumn } from '../../src/core/query/queryColumns';
import { everyRow, type RowQuery } from '../../src/core/query/rowQuery';
import type { DatasetEditorContract } from '../../src/protocol/datasetEditor';
import type { Host } from '../shared/connect';

/** Which rows are shown, in which order: what is asked, and what came back. */
export class QueryStore {
  readonly query = signal<RowQuery>(everyRow);
  /** Rows of the last answer; null is every row in the file's order. */
  readonly rows = signal<Uint32Array | null>(null);
  readonly groups = signal<readonly RowGroupStart[]>([]);
  readonly milliseconds = signal<number | undefined>(undefined);
  readonly fault = signal<QueryFault | undefined>(undefined);
  readonly isRunning = signal(false);
  /** Rows changed since the answer or the counts: they stay as they are under the person's eyes until they ask again. */
  readonly isStale = signal(false);
  readonly columns = signal<readonly KnownColumn[]>([]);
  /** How columns are spread over the rows of the answer; undefined while it is counted. */
  readonly facets = signal<ReadonlyMap<string, Facet | null | undefined>>(new Map());

  /** What the rows on the screen answer. */
  private answered: RowQuery = everyRow;

  constructor(
    private readonly host: Host<DatasetEditorContract>,
    private readonly onAnswer: (isOther: boolean) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Whether the answer is something else than the file from its first row to its last. */
  get isNarrowed(): boolean {
    return this.rows.value !== null;
  }

  /** Rows, curation or problems changed. Counts that nobody sees are counted anew when they are wanted. */
  tellStale(areCountsShown: boolean): void {
    if (!areCountsShown) this.facets.value = new Map();
    this.isStale.value = this.isNarrowed || this.facets.value.size > 0;
  }

  /** Asks for other rows, or for the same ones again. The rows on the screen stay until the answer is there. */
  async ask(part: Partial<RowQuery> = {}): Promise<void> {
    const before = this.query.value;
    const query = { ...before, ...part };
    this.query.value = query;
    this.host.send('asked', query);
    this.isRunning.value = true;
    try {
      const reply = await this.host.request('query', query);
      if (reply.kind === 'superseded') return;
      this.isRunning.value = this.isStale.value = false;
      this.fault.value = reply.kind === 'fault' ? reply.fault : undefined;
      if (reply.kind === 'fault') {
        if (part.text !== undefined) return; // a condition waits to be corrected; an order that is refused is none
        this.query.value = before;
        this.host.send('asked', before);
        return;
      }
      this.answered = query;
      this.facets.value = new Map();
      this.rows.value = reply.rows;
      this.groups.value = reply.groups;
      this.milliseconds.value = reply.milliseconds;
      this.onAnswer(Object.keys(part).length > 0);
    } catch (error) {
      this.isRunning.value = false;
      this.fail(error);
    }
  }

  /** Narrows the query by a condition, such as a bar of a histogram. A condition in SQL takes no chips: it is replaced. */
  add(chip: string): void {
    const { text } = this.query.value;
    void this.ask({ text: /^\s*sql:/i.test(text) ? chip : `${text} ${chip}`.trim() });
  }

  /** Sorts by the column, then the other way round, then not at all. */
  sortBy(column: string): void {
    const [first] = this.query.value.sort;
    void this.ask({ sort: first?.column !== column ? [{ column, isDescending: false }] : first.isDescending ? [] : [{ column, isDescending: true }] });
  }

  /** Other columns may be asked for from now on, and other rows may answer. */
  async beginAnew(query: RowQuery): Promise<void> {
    const hadColumns = this.columns.value.length > 0;
    this.columns.value = [];
    this.facets.value = new Map();
    await Promise.all([hadColumns ? this.loadColumns() : undefined, this.isNarrowed || query !== this.query.value ? this.ask(query) : undefined]);
  }

  async loadColumns(): Promise<void> {
    if (this.columns.value.length > 0) return;
    try {
      this.columns.value = await this.host.request('columns', null);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Counts a column unless that is done or being done. */
  async count(column: string): Promise<void> {
    if (this.facets.value.has(column)) return;
    const put = (facet: Facet | null | undefined): void => void (this.facets.value = new Map(this.facets.value).set(column, facet));
    const query = this.answered;
    put(undefined);
    try {
      const facet = await this.host.request('facet', { column, query });
      if (this.answered === query) put(facet);
    } catch (error) {
      put(null);
      this.fail(error);
    }
  }
}

import type { ReadonlySignal } from '@preact/signals';
import type { Facet, QueryFault } from '../../src/core/query/queryAnswer';
import type { KnownColumn } from '../../src/core/query/queryColumns';

/** What a search field and the counts beside it ask: the rows of a dataset, or rollouts. */
export interface Asking {
  readonly query: ReadonlySignal<{ readonly text: string }>;
  readonly fault: ReadonlySignal<QueryFault | undefined>;
  readonly columns: ReadonlySignal<readonly KnownColumn[]>;
  /** How columns are spread over what answers; undefined while it is counted, null where that cannot be. */
  readonly facets: ReadonlySignal<ReadonlyMap<string, Facet | null | undefined>>;
  ask(part: { readonly text: string }): Promise<void>;
  /** Narrows the question by a condition, such as a bar of a histogram. */
  add(chip: string): void;
  loadColumns(): Promise<void>;
  /** Counts a column unless that is done or being done. */
  count(column: string): Promise<void>;
}

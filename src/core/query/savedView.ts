import type { RowQuery, SortKey } from './rowQuery';

/** A query under a name, as `views` of `pebr.json` holds it. */
export interface SavedView {
  readonly name: string;
  /** Id of the dataset. */
  readonly dataset: string;
  /** Text of the query. */
  readonly query: string;
  /** `column` or `column:desc`, the first key first. */
  readonly sort: readonly string[];
  readonly groupBy: string | null;
}

export function queryOfView({ query, sort, groupBy }: SavedView): RowQuery {
  return { text: query, sort: sort.map(parseSortKey), groupBy };
}

export function viewOfQuery(name: string, dataset: string, { text, sort, groupBy }: RowQuery): SavedView {
  return { name, dataset, query: text, sort: sort.map(printSortKey), groupBy };
}

/** `pass_rate:desc`, `qid:asc` or `qid`. */
export function parseSortKey(text: string): SortKey {
  const [, column = text, direction] = /^(.+):(asc|desc)$/.exec(text) ?? [];
  return { column, isDescending: direction === 'desc' };
}

export function printSortKey({ column, isDescending }: SortKey): string {
  return isDescending ? `${column}:desc` : /:(asc|desc)$/.test(column) ? `${column}:asc` : column;
}

/** A column that can be filtered, sorted and counted: our own (`difficulty`, `box_count`, …) and every other field of the rows. */
export interface QueryColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'boolean' | 'list';
}

/** Rows that answer a query, in its order; numbers counted from 0 as in the file, so that a million take four megabytes. */
export interface QueryAnswer {
  readonly rows: Uint32Array;
  /** Where `groupBy` starts a new group: positions in `rows`; empty without `groupBy`. */
  readonly groups: readonly RowGroupStart[];
  readonly milliseconds: number;
}

export interface RowGroupStart {
  readonly value: string | null;
  readonly from: number;
  readonly count: number;
}

/** How a column's values are spread over the rows of a query; a click on one narrows the query. */
export interface Facet {
  readonly column: string;
  /** Rows that were looked at. */
  readonly rowCount: number;
  /** Different values; for numbers the least and the greatest too. */
  readonly distinct: number;
  readonly range: readonly [least: number, greatest: number] | null;
  readonly bars: readonly FacetBar[];
}

export interface FacetBar {
  /** As shown: a value, `(empty)`, or `3 to 5`. */
  readonly label: string;
  readonly count: number;
  /** What, added to the query's text, keeps just these rows. */
  readonly chip: string;
}

/** A query that cannot be asked, with where in its text it goes wrong. */
export interface QueryFault {
  readonly message: string;
  readonly remedy: string;
  /** UTF-16 offset into the text, where known. */
  readonly offset?: number;
}

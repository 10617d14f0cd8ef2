/** What a person asks of a dataset. Text, so that a saved view is a line that can be read, diffed and typed. */
export interface RowQuery {
  /**
   * Chips and words, all of which must hold: `difficulty:hard tag:blurry -box:card pass_rate:<0.5 "how many"`; or, after `sql:`, a condition in SQL
   * over the query's columns: `sql: box_count > 3 and answer <> ''`. Empty: every row.
   */
  readonly text: string;
  /** First key first; the file's order where empty. */
  readonly sort: readonly SortKey[];
  /** Column whose values bring rows together, the largest group first; null for none. */
  readonly groupBy: string | null;
}

export interface SortKey {
  readonly column: string;
  readonly isDescending: boolean;
}

export const everyRow: RowQuery = { text: '', sort: [], groupBy: null };

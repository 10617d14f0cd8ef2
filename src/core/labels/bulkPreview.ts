/** What a bulk edit would do. */
export interface BulkPreview {
  readonly changed: number;
  /** Rows that are so already. */
  readonly unchanged: number;
  readonly refusedCount: number;
  /** The first ones. */
  readonly refused: readonly { readonly row: number; readonly reason: string }[];
  readonly examples: readonly { readonly row: number; readonly qid: string; readonly before: string; readonly after: string }[];
  /** It deletes more rows than undo can put back after they were saved. */
  readonly isFinalOnceSaved: boolean;
}

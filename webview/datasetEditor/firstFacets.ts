/** Columns whose counts stand first, and are open from the start. */
export const firstFacets: readonly string[] = ['difficulty', 'answer_type', 'labels'];
/** Columns in which nearly every row has a value of its own. */
export const lastFacets: readonly string[] = ['qid', 'problem', 'answer', 'images'];

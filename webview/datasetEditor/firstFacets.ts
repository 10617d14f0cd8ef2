/** Columns whose counts stand first, and are open from the start. */
export const firstFacets: readonly string[] = ['difficulty', 'answer_type', 'labels'];

/** As what rollouts go to others: a page, Markdown with pictures, lines for a program. */
export type ShareFormatName = 'html' | 'markdown' | 'jsonl';

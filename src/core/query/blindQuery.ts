import { parseQuery } from './parseQuery';
import { columnByName, columnOfChip, type KnownColumn, ownColumns } from './queryColumns';
import type { RowQuery } from './rowQuery';

/** What says nothing of the first labels, nor of what was found or decided because of them. A field that is not ours may hold anything, a solution too. */
const open: ReadonlySet<string> = new Set(['qid', 'problem', 'images', 'image_count', 'tags', 'stage']);

/** Where free words are looked for in a blind pass: answers are left out. */
export const blindWords = { lowered: [], each: ['qid', 'problem'] } as const;

/** Whether a blind pass may ask for a column. */
export function isOpenColumn({ name, isField }: KnownColumn): boolean {
  return !isField && open.has(name);
}

/** A query without what would tell a second person about the first labels: which rows are there and in which order tells, too. The same query where nothing does. */
export function blindQuery(query: RowQuery): RowQuery {
  const isOpen = (name: string): boolean => {
    const column = columnByName(name, ownColumns);
    return column !== undefined && isOpenColumn(column);
  };
  const text = openText(query.text);
  const sort = query.sort.filter(({ column }) => isOpen(column));
  const groupBy = query.groupBy !== null && isOpen(query.groupBy) ? query.groupBy : null;
  const isSame = text === query.text && sort.length === query.sort.length && groupBy === query.groupBy;
  return isSame ? query : { text, sort, groupBy };
}

function openText(text: string): string {
  const parsed = parseQuery(text);
  if (parsed.kind === 'sql') return '';
  const kept = parsed.chips.filter(({ name }) => {
    const column = name === null ? undefined : columnOfChip(name, ownColumns);
    return name === null || (column !== undefined && isOpenColumn(column));
  });
  return kept.length === parsed.chips.length ? text : kept.map(({ from, to }) => text.slice(from, to)).join(' ');
}

import type { Asking } from './asking';

/** What may be typed next. */
export interface Suggestion {
  /** Takes the place of the last word that is being typed. */
  readonly text: string;
  readonly detail: string;
  /** Whether it is a condition that can be asked; else its value is to be typed. */
  readonly isWhole: boolean;
}

const most = 9;
const sql: Suggestion = { text: 'sql:', detail: 'a condition in SQL over the columns', isWhole: false };

/** Names of chips while a name is typed, values of the column once its colon stands. */
export function suggestionsFor(query: Asking, draft: string): readonly Suggestion[] {
  if (/^\s*sql:/i.test(draft)) return [];
  const word = lastWord(draft);
  const isNegated = word.startsWith('-');
  const bare = isNegated ? word.slice(1) : word;
  const colon = bare.indexOf(':');
  const columns = query.columns.value;
  if (colon < 0) {
    const names = columns.filter(column => column.chip.toLowerCase().startsWith(bare.toLowerCase()));
    return [
      ...names.map(column => ({ text: `${isNegated ? '-' : ''}${column.chip}:`, detail: column.chip === column.name ? column.type : `${column.name}, ${column.type}`, isWhole: false })),
      ...(bare === '' || 'sql:'.startsWith(bare.toLowerCase()) ? [sql] : []),
    ].slice(0, most);
  }
  const name = bare.slice(0, colon).toLowerCase();
  const column = columns.find(each => each.chip.toLowerCase() === name) ?? columns.find(each => each.name.toLowerCase() === name);
  if (!column) return [];
  void query.count(column.name);
  const typed = bare.slice(colon + 1).replaceAll('"', '').toLowerCase();
  const bars = query.facets.value.get(column.name)?.bars ?? [];
  return bars.filter(bar => bar.label.toLowerCase().includes(typed) && bar.chip.toLowerCase() !== bare.toLowerCase())
    .map(bar => ({ text: `${isNegated ? '-' : ''}${bar.chip}`, detail: bar.count.toLocaleString('en'), isWhole: true })).slice(0, most);
}

/** The draft with the suggestion in place of its last word. */
export function complete(draft: string, { text }: Suggestion): string {
  return draft.slice(0, draft.length - lastWord(draft).length) + text;
}

/** The word at the end, which may hold quoted spaces. */
function lastWord(draft: string): string {
  return /(?:[^\s"]|"[^"]*"?)*$/.exec(draft)?.[0] ?? '';
}

import type { Chip, ChipValue, ParsedQuery } from './chip';

/** The text of a query; reading it again gives the same query. */
export function printQuery(query: ParsedQuery): string {
  return query.kind === 'sql' ? `sql: ${query.condition}` : query.chips.map(printChip).join(' ');
}

export function printChip({ name, isNegated, values }: Pick<Chip, 'name' | 'isNegated' | 'values'>): string {
  const start = name === null ? '' : `${/^(?!sql$)[^\s:"|-][^\s:"|]*$/i.test(name) ? name : quoted(name)}:`;
  return `${isNegated ? '-' : ''}${start}${values.map((value, index) => printValue(value, name === null, isNegated || index > 0)).join('|')}`;
}

/** `column:"value"`, quoted only where it must be. */
export function chipOf(name: string, text: string): string {
  return printChip({ name, isNegated: false, values: [{ comparison: null, text, isQuoted: !/^[\p{L}\p{N}_./-]+$/u.test(text) || text.includes('..') }] });
}

/** Bare where reading it again gives the same. */
function printValue({ comparison, text, isQuoted }: ChipValue, isFree: boolean, follows: boolean): string {
  const looksOtherwise = isFree ? !follows && /^-/.test(text) || /^[^\s:"|]+:/.test(text) : comparison === null ? /^[<>]/.test(text) : comparison.length === 1 && text.startsWith('=');
  return `${comparison ?? ''}${!isQuoted && !looksOtherwise && /^[^\s|"][^\s|]*$/.test(text) ? text : quoted(text)}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

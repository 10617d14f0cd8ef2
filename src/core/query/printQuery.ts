import type { Chip, ChipValue, ParsedQuery } from './chip';

/** The text of a query; reading it again gives the same query. */
export function printQuery(query: ParsedQuery): string {
  return query.kind === 'sql' ? `sql: ${query.condition}` : query.chips.map(printChip).join(' ');
}

export function printChip({ name, isNegated, values }: Pick<Chip, 'name' | 'isNegated' | 'values'>): string {
  const start = name === null ? '' : `${/^(?!sql$)[^\s:"|-][^\s:"|]*$/i.test(name) ? name : quoted(name)}:`;
  return `${isNegated ? '-' : ''}${start}${values.map((value, index) => printValue(value, name !== null ? /^[<>]/ : index > 0 ? never : isNegated ? named : namedOrNegated)).join('|')}`;
}

/** `column:"value"`, quoted only where it must be. */
export function chipOf(name: string, text: string): string {
  return printChip({ name, isNegated: false, values: [{ comparison: null, text, isQuoted: !/^[\p{L}\p{N}_./-]+$/u.test(text) || text.includes('..') }] });
}

// What a bare text would be taken for at its place, were it not in quotes.
const never = /(?!)/;
const named = /^[^\s:"|]+:/;
const namedOrNegated = /^-|^[^\s:"|]+:/;

/** Bare where reading it again gives the same. */
function printValue({ comparison, text, isQuoted }: ChipValue, mistaken: RegExp): string {
  const isMistaken = comparison === null ? mistaken.test(text) : comparison.length === 1 && text.startsWith('=');
  return `${comparison ?? ''}${!isQuoted && !isMistaken && /^[^\s|"][^\s|]*$/.test(text) ? text : quoted(text)}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

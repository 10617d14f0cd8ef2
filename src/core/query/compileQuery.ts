import type { Chip, ChipValue } from './chip';
import type { QueryFault } from './queryAnswer';
import { columnOfChip, type KnownColumn } from './queryColumns';
import { sqlName, sqlText } from './sqlLiteral';

/** Chips as a condition of SQL that is never null, with the columns it reads. */
export interface CompiledQuery {
  readonly where: string;
  readonly columns: ReadonlySet<string>;
  readonly faults: readonly QueryFault[];
}

/** Where free words are looked for: columns in small letters, and those whose texts a pattern is held against, one by one. */
export interface WordColumns {
  readonly lowered: readonly string[];
  readonly each: readonly string[];
}

/** All three of a dataset's in small letters, with a sign between them that no word holds. Fields whose names begin with a control character are no columns. */
export const wordsColumn = '\x01words';
const datasetWords: WordColumns = { lowered: [wordsColumn], each: ['qid', 'problem', 'answer'] };

const numberPattern = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

/** All chips must hold; `true` where there are none. */
export function compileQuery(chips: readonly Chip[], known: readonly KnownColumn[], words: WordColumns = datasetWords): CompiledQuery {
  const columns = new Set<string>();
  const faults: QueryFault[] = [];
  const conditions = chips.flatMap(chip => {
    try {
      const condition = chip.name === null ? ofWords(chip, words, columns) : ofColumn(chip, findColumn(chip, known), columns);
      return [chip.isNegated ? `not ${condition}` : condition];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push({ message: error.message, remedy: error.remedy, offset: chip.from });
      return [];
    }
  });
  return { where: conditions.join(' and ') || 'true', columns, faults };
}

class Fault extends Error {
  constructor(message: string, readonly remedy: string) {
    super(message);
  }
}

function findColumn({ name }: Chip, known: readonly KnownColumn[]): KnownColumn {
  const column = columnOfChip(name ?? '', known);
  if (column) return column;
  throw new Fault(`There is no column "${name}".`, `Columns: ${known.map(({ chip }) => chip).join(', ')}. A text with a colon goes in quotes.`);
}

function ofWords({ values }: Chip, words: WordColumns, columns: Set<string>): string {
  if (values.length > 1 && values.every(value => !hasWildcard(value)) && words.lowered.length > 0) {
    for (const name of words.lowered) columns.add(name);
    const either = values.map(({ text }) => text.toLowerCase().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'); // one look through the text, not one a word
    return anyOf(words.lowered.map(name => `regexp_matches(${sqlName(name)}, ${sqlText(either)})`));
  }
  return anyOf(values.flatMap(value => {
    if (!hasWildcard(value) && words.lowered.length > 0) {
      for (const name of words.lowered) columns.add(name);
      return words.lowered.map(name => `contains(${sqlName(name)}, ${sqlText(value.text.toLowerCase())})`);
    }
    for (const name of words.each) columns.add(name); // a pattern must not reach from one of them into the next
    return words.each.map(name => `coalesce(${holdsPart(`lower(${sqlName(name)})`, value)}, false)`);
  }));
}

function ofColumn({ values }: Chip, column: KnownColumn, columns: Set<string>): string {
  const isSeverity = column.name === 'problems' && values.every(({ text }) => ['error', 'warning', 'info'].includes(text.toLowerCase()));
  const isPart = column.lowered !== undefined && values.every(({ text, isQuoted, comparison }) => comparison === null && !(isQuoted && text === ''));
  const name = isSeverity ? 'severities' : isPart ? (column.lowered ?? column.name) : column.name;
  columns.add(name);
  return anyOf(values.map(value => `coalesce(${conditionOf(sqlName(name), column, value)}, false)`));
}

function conditionOf(name: string, column: KnownColumn, value: ChipValue): string {
  if (value.isQuoted && value.text === '' && value.comparison === null) return isEmpty(name, column);
  switch (column.type) {
    case 'number': return ofNumber(name, column, value);
    case 'boolean': return `${name} = ${readBoolean(column, value)}`;
    case 'list': return value.comparison ? refuseComparison(column) : `len(list_filter(${name}, lambda item: ${ofText('item', column, value)})) > 0`;
    case 'text': return value.comparison ? `${name} <> '' and ${name} ${value.comparison} ${sqlText(value.text)}` : ofText(name, column, value);
  }
}

function isEmpty(name: string, { type }: KnownColumn): string {
  if (type === 'list') return `${name} is null or len(${name}) = 0`;
  return type === 'text' ? `${name} is null or ${name} = ''` : `${name} is null`;
}

function ofText(name: string, { match, lowered }: KnownColumn, value: ChipValue): string {
  if (match === 'part') return holdsPart(lowered === undefined ? `lower(${name})` : name, value);
  if (hasWildcard(value)) return `lower(${name}) like ${sqlText(likePattern(value.text))} escape '\\'`;
  return `lower(${name}) = ${sqlText(value.text.toLowerCase())}`;
}

function holdsPart(lowerText: string, value: ChipValue): string {
  if (hasWildcard(value)) return `${lowerText} like ${sqlText(`%${likePattern(value.text)}%`)} escape '\\'`;
  return `contains(${lowerText}, ${sqlText(value.text.toLowerCase())})`;
}

function hasWildcard({ isQuoted, text }: ChipValue): boolean {
  return !isQuoted && text.includes('*');
}

function likePattern(text: string): string {
  return text.toLowerCase().replace(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}

function ofNumber(name: string, column: KnownColumn, { comparison, text }: ChipValue): string {
  const range = comparison ? null : /^(.*?)\.\.(<?)(.*)$/.exec(text);
  if (!range) return `${name} ${comparison ?? '='} ${readNumber(column, text)}`;
  const [, from = '', isOpen, to = ''] = range;
  if (from === '' && to === '') throw notNumber(column, text);
  const bounds = [from === '' ? '' : `${name} >= ${readNumber(column, from)}`, to === '' ? '' : `${name} ${isOpen ? '<' : '<='} ${readNumber(column, to)}`];
  return bounds.filter(Boolean).join(' and ');
}

function readNumber(column: KnownColumn, text: string): string {
  if (!numberPattern.test(text) || !Number.isFinite(Number(text))) throw notNumber(column, text);
  return `${Number(text)}::double`;
}

function notNumber({ chip }: KnownColumn, text: string): Fault {
  return new Fault(`"${text}" is no number, and "${chip}" holds numbers.`, `Write ${chip}:3, ${chip}:>3, ${chip}:3..5, or ${chip}:"" for rows without one.`);
}

function readBoolean({ chip }: KnownColumn, { text, comparison }: ChipValue): string {
  const word = text.toLowerCase();
  if (comparison === null && ['yes', 'true', '1'].includes(word)) return 'true';
  if (comparison === null && ['no', 'false', '0'].includes(word)) return 'false';
  throw new Fault(`"${text}" is neither yes nor no.`, `Write ${chip}:yes or ${chip}:no.`);
}

function refuseComparison({ chip }: KnownColumn): never {
  throw new Fault(`"${chip}" holds lists, which are neither greater nor less.`, `Write ${chip}:value, with * for any text.`);
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' or ')})`;
}

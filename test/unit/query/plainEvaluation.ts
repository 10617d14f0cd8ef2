import { parseRow } from '../../../src/core/dataset/parseRow';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { answerType } from '../../../src/core/query/answerType';
import type { Chip, ChipValue } from '../../../src/core/query/chip';
import { columnOfChip, type KnownColumn } from '../../../src/core/query/queryColumns';

export type Values = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/** The columns of a row as queries know them, straight from its text. */
export function valuesOf(text: string): Values {
  const { row } = parseRow(text, defaultColumns);
  const fields = row ? (JSON.parse(text) as Record<string, unknown>) : {};
  const labels = [...new Set(row?.boxes.map(({ label }) => label))].filter(label => label !== '');
  const { source, weight, flag, words } = fields;
  return {
    qid: row?.qid ?? '', problem: row?.problem ?? '', answer: row?.answer ?? '', answer_type: answerType(row?.answer ?? ''),
    images: row?.images ?? [], image_count: row?.images.length ?? 0, key_words: row?.key_words ?? [], labels, box_count: row?.boxes.length ?? 0,
    source: typeof source === 'string' ? source : '', weight: typeof weight === 'number' ? weight : null, flag: typeof flag === 'boolean' ? flag : null,
    words: Array.isArray(words) ? (words as readonly string[]) : [],
  };
}

/** Whether a row answers to all chips, by the words of the documentation and without a database. */
export function holds(chips: readonly Chip[], values: Values, columns: readonly KnownColumn[]): boolean {
  return chips.every(chip => chip.values.some(value => (chip.name === null ? holdsWord(value, values) : holdsValue(value, values, columnOfChip(chip.name, columns) as KnownColumn))) !== chip.isNegated);
}

function holdsWord(value: ChipValue, values: Values): boolean {
  return ['qid', 'problem', 'answer'].some(name => patternOf(value, true).test(values[name] as string));
}

function holdsValue(value: ChipValue, values: Values, column: KnownColumn): boolean {
  const actual = values[column.name] ?? null;
  const { comparison, text, isQuoted } = value;
  if (isQuoted && text === '' && comparison === null) return actual === null || actual === '' || (Array.isArray(actual) && actual.length === 0);
  switch (column.type) {
    case 'number': return typeof actual === 'number' && holdsNumber(value, actual);
    case 'boolean': return actual === ['yes', 'true', '1'].includes(text.toLowerCase());
    case 'list': return (actual as readonly string[]).some(item => patternOf(value, column.match === 'part').test(item));
    case 'text': return comparison ? actual !== '' && compare(comparison, actual as string, text) : patternOf(value, column.match === 'part').test(actual as string);
  }
}

function holdsNumber({ comparison, text }: ChipValue, actual: number): boolean {
  if (comparison) return compare(comparison, actual, Number(text));
  const [from = '', to] = text.split(/\.\./);
  if (to === undefined) return actual === Number(text);
  const isOpen = to.startsWith('<');
  const end = isOpen ? to.slice(1) : to;
  return (from === '' || actual >= Number(from)) && (end === '' || (isOpen ? actual < Number(end) : actual <= Number(end)));
}

function compare<T extends string | number>(comparison: '>' | '>=' | '<' | '<=', a: T, b: T): boolean {
  return comparison === '>' ? a > b : comparison === '>=' ? a >= b : comparison === '<' ? a < b : a <= b;
}

function patternOf({ text, isQuoted }: ChipValue, isPart: boolean): RegExp {
  const literal = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = isQuoted ? literal(text) : text.split('*').map(literal).join('.*');
  return new RegExp(isPart ? pattern : `^(?:${pattern})$`, 'is');
}

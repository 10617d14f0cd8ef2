import type { QueryColumn } from './queryAnswer';

/** A column as queries know it. */
export interface KnownColumn extends QueryColumn {
  /** The name that its chips begin with; also understood are `name` and `aliases`. */
  readonly chip: string;
  readonly aliases?: readonly string[];
  /** The column that has the same text in small letters, where there is one: a part is looked for in it. */
  readonly lowered?: string;
  /** Texts are compared whole, or looked for as a part. */
  readonly match: 'whole' | 'part';
  /** Whether it is a field of the rows that is not ours. */
  readonly isField: boolean;
}

type Own = Pick<KnownColumn, 'name' | 'type'> & Partial<KnownColumn>;

const own: readonly Own[] = [
  { name: 'qid', type: 'text', aliases: ['id'] },
  { name: 'problem', type: 'text', chip: 'question', match: 'part' },
  { name: 'answer', type: 'text' },
  { name: 'answer_type', type: 'text' },
  { name: 'images', type: 'list', chip: 'image', match: 'part' },
  { name: 'image_count', type: 'number' },
  { name: 'key_words', type: 'list', chip: 'key_word' },
  { name: 'labels', type: 'list', chip: 'box', aliases: ['label'] },
  { name: 'box_count', type: 'number', chip: 'boxes' },
  { name: 'difficulty', type: 'text' },
  { name: 'correct', type: 'number' },
  { name: 'responses', type: 'number' },
  { name: 'pass_rate', type: 'number' },
  { name: 'tags', type: 'list', chip: 'tag' },
  { name: 'review', type: 'text' },
  { name: 'note', type: 'text', match: 'part' },
  { name: 'stage', type: 'text' },
  { name: 'problems', type: 'list', chip: 'problem' },
  { name: 'severities', type: 'list', chip: 'severity' },
  { name: 'edited', type: 'boolean' },
  { name: 'proposals', type: 'number', chip: 'proposals', aliases: ['proposed'] },
  { name: 'rollouts', type: 'number' },
  { name: 'mean_overall', type: 'number' },
  { name: 'mean_accuracy', type: 'number' },
  { name: 'zero_std_share', type: 'number' },
  { name: 'majority', type: 'text' },
  { name: 'majority_answer', type: 'text' },
  { name: 'majority_share', type: 'number' },
  { name: 'second', type: 'text' },
  { name: 'agreement', type: 'number' },
];

/** Columns that every dataset has. */
export const ownColumns: readonly KnownColumn[] = own.map(column => ({ chip: column.name, match: 'whole', isField: false, ...column }));

/** What DuckDB and we call the number of a row. */
const taken = ['row', 'rowid'];

/** A field of the rows as a column. A name that one of ours has (DuckDB does not tell case apart) gets `row.` before it. */
export function fieldColumn(name: string, type: QueryColumn['type']): KnownColumn {
  const isTaken = taken.includes(name.toLowerCase()) || ownColumns.some(column => namesOf(column).includes(name.toLowerCase()));
  const shown = isTaken ? `row.${name}` : name;
  return { name: shown, type, chip: shown, match: 'whole', isField: true };
}

/** The column that a chip names: by its chip first, because `problem:` asks for findings, and the column `problem` is the question. */
export function columnOfChip(name: string, columns: readonly KnownColumn[]): KnownColumn | undefined {
  const wanted = name.toLowerCase();
  return columns.find(column => column.chip.toLowerCase() === wanted) ?? columns.find(column => namesOf(column).includes(wanted));
}

/** The column of this very name, as `sort`, `groupBy` and SQL write it. */
export function columnByName(name: string, columns: readonly KnownColumn[]): KnownColumn | undefined {
  return columns.find(column => column.name.toLowerCase() === name.toLowerCase()) ?? columnOfChip(name, columns);
}

function namesOf({ name, chip, aliases = [] }: KnownColumn): readonly string[] {
  return [name.toLowerCase(), chip.toLowerCase(), ...aliases];
}

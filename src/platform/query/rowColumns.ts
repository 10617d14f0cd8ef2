import type { Columns } from '../../core/project/project';
import { answerTypeSql } from '../../core/query/answerType';
import { wordsColumn } from '../../core/query/compileQuery';
import type { KnownColumn } from '../../core/query/queryColumns';
import { boxesColumn } from './judgedColumns';

/** Columns that are read from the same fields of the rows together. */
export interface FieldRead {
  readonly fields: readonly string[];
  /** The type that the fields are read as; what does not fit it is null. */
  readonly type: 'varchar' | 'double' | 'boolean' | 'json';
  /** Column → its expression; its arguments are expressions of the read fields. */
  readonly columns: Readonly<Record<string, (...fields: readonly string[]) => string>>;
}

/** Tells rows without an id from others; fields whose names begin with a control character are no columns. */
export const lostColumn = '\x01lost';

/** How the columns that come from the rows themselves are read; the semantics are those of `parseRow`. */
export function fieldReads(columns: Columns, fields: ReadonlyMap<string, KnownColumn>): readonly FieldRead[] {
  const { qid, problem, answer, images, key_words: keyWords, boxes } = columns;
  return [
    { fields: [qid], type: 'varchar', columns: { [lostColumn]: (field = '') => `${field} is null` } },
    { fields: [qid], type: 'varchar', columns: { qid: asItIs } },
    { fields: [problem], type: 'varchar', columns: { problem: asItIs } },
    { fields: [answer], type: 'varchar', columns: { answer: asItIs } },
    { fields: [answer], type: 'varchar', columns: { answer_type: answerTypeSql } },
    { fields: [qid, problem, answer], type: 'varchar', columns: { [wordsColumn]: (...texts) => `lower(concat_ws(chr(31), ${texts.join(', ')}))` } },
    { fields: [images], type: 'json', columns: { images: asTexts, image_count: field => `len(${asTexts(field)})::integer` } },
    { fields: [keyWords], type: 'json', columns: { key_words: asTexts } },
    { fields: [boxes], type: 'json', columns: { [boxesColumn]: field => `${field}::varchar` } },
    { fields: [boxes], type: 'json', columns: { box_count: field => `coalesce(len(${boxesOf(field)}), 0)::integer` } },
    {
      fields: [boxes],
      type: 'json',
      columns: { labels: field => `coalesce(list_distinct(list_filter(list_transform(${boxesOf(field)}, lambda box: box.label), lambda label: label <> '')), [])` },
    },
    ...[...fields].map(([field, column]): FieldRead => ({ fields: [field], ...fieldTypes[column.type](column.name) })),
  ];
}

const fieldTypes: Readonly<Record<KnownColumn['type'], (name: string) => Omit<FieldRead, 'fields'>>> = {
  text: name => ({ type: 'varchar', columns: { [name]: asItIs } }),
  number: name => ({ type: 'double', columns: { [name]: field => `case when isfinite(${field}) then ${field} end` } }),
  boolean: name => ({ type: 'boolean', columns: { [name]: asItIs } }),
  list: name => ({ type: 'json', columns: { [name]: asTexts } }),
};

function asItIs(field = ''): string {
  return field;
}

/** A list of texts, or one text as a list of one. */
function asTexts(field = ''): string {
  const items = `list_filter(from_json(${field}, '["VARCHAR"]'), lambda item: item is not null)`;
  return `case json_type(${field}) when 'ARRAY' then ${items} when 'VARCHAR' then [${field} ->> '$'] else []::varchar[] end`;
}

/** Entries that are no box are left out. */
function boxesOf(field = ''): string {
  return `list_filter(from_json(${field}, '[{"label":"VARCHAR","bbox":["DOUBLE"]}]'), lambda box: len(box.bbox) = 4 and isfinite(box.bbox[1] + box.bbox[2] + box.bbox[3] + box.bbox[4]))`;
}

import type { Columns } from '../../core/project/project';
import { answerTypeSql } from '../../core/query/answerType';
import type { KnownColumn } from '../../core/query/queryColumns';

/** Columns that are read from one field of the rows together. */
export interface FieldRead {
  readonly field: string;
  /** The type that the field is read as; what does not fit it is null. */
  readonly type: 'varchar' | 'double' | 'boolean' | 'json';
  /** Column → its expression; `field` is an expression of the read type. */
  readonly columns: Readonly<Record<string, (field: string) => string>>;
}

/** How the columns that come from the rows themselves are read; the semantics are those of `parseRow`. */
export function fieldReads(columns: Columns, fields: ReadonlyMap<string, KnownColumn>): readonly FieldRead[] {
  return [
    { field: columns.qid, type: 'varchar', columns: { qid: asText } },
    { field: columns.problem, type: 'varchar', columns: { problem: asText } },
    { field: columns.answer, type: 'varchar', columns: { answer: asText } },
    { field: columns.answer, type: 'varchar', columns: { answer_type: answerTypeSql } },
    { field: columns.images, type: 'json', columns: { images: asTexts, image_count: field => `len(${asTexts(field)})::integer` } },
    { field: columns.key_words, type: 'json', columns: { key_words: asTexts } },
    {
      field: columns.boxes,
      type: 'json',
      columns: {
        box_count: field => `coalesce(len(${boxesOf(field)}), 0)::integer`,
        labels: field => `coalesce(list_distinct(list_filter(list_transform(${boxesOf(field)}, lambda box: box.label), lambda label: label <> '')), [])`,
      },
    },
    ...[...fields].map(([field, column]): FieldRead => ({ field, ...fieldTypes[column.type](column.name) })),
  ];
}

const fieldTypes: Readonly<Record<KnownColumn['type'], (name: string) => Omit<FieldRead, 'field'>>> = {
  text: name => ({ type: 'varchar', columns: { [name]: asText } }),
  number: name => ({ type: 'double', columns: { [name]: field => `case when isfinite(${field}) then ${field} end` } }),
  boolean: name => ({ type: 'boolean', columns: { [name]: field => field } }),
  list: name => ({ type: 'json', columns: { [name]: asTexts } }),
};

function asText(field: string): string {
  return field;
}

/** A list of texts, or one text as a list of one. */
function asTexts(field: string): string {
  const items = `list_filter(from_json(${field}, '["VARCHAR"]'), lambda item: item is not null)`;
  return `case json_type(${field}) when 'ARRAY' then ${items} when 'VARCHAR' then [${field} ->> '$'] else []::varchar[] end`;
}

/** Entries that are no box are left out. */
function boxesOf(field: string): string {
  return `list_filter(from_json(${field}, '[{"label":"VARCHAR","bbox":["DOUBLE"]}]'), lambda box: len(box.bbox) = 4 and isfinite(box.bbox[1] + box.bbox[2] + box.bbox[3] + box.bbox[4]))`;
}

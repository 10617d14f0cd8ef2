import { sqlName, sqlText } from '../../core/query/sqlLiteral';

/** Fields of a record that queries need, with the type that they are read as; what does not fit it is null. */
const fields: Readonly<Record<string, string>> = {
  stage: 'VARCHAR', step: 'DOUBLE', group: 'VARCHAR', sampleId: 'VARCHAR', dataset: 'VARCHAR', index: 'DOUBLE', response: 'VARCHAR', tokens: 'DOUBLE', finish: 'VARCHAR',
  components: 'MAP(VARCHAR, DOUBLE)', overall: 'DOUBLE', advantage: 'DOUBLE', evidence: 'STRUCT(kind VARCHAR, ok BOOLEAN, "text" VARCHAR)[]', error: 'JSON', checkpoint: 'VARCHAR',
  policyStage: 'VARCHAR', mode: 'VARCHAR', dropped: 'BOOLEAN',
};

const answers = `list_filter(evidence, lambda each: each.kind = 'answer')`;
const finite = (value: string): string => `case when isfinite(${value}) then ${value} end`;

/** Columns of the table that holds a file's rollouts, a row a line; a line that is no rollout has `name` null. The rules are those of `parseRollout` and `isRight`. */
const columns: Readonly<Record<string, readonly [type: string, expression: string]>> = {
  name: ['varchar', 'case when stage is not null and sampleId is not null and response is not null then "group" end'],
  stage: ['varchar', 'stage'],
  step: ['double', `coalesce(${finite('step')}, 0)`],
  sample: ['varchar', 'sampleId'],
  dataset: ['varchar', `coalesce(dataset, '')`],
  idx: ['double', finite('"index"')],
  tokens: ['double', `nullif(${finite('tokens')}, 0)`],
  finish: ['varchar', `case when finish = 'length' then 'length' else 'stop' end`],
  components: ['map(varchar, double)', 'components'],
  overall: ['double', finite('overall')],
  advantage: ['double', finite('advantage')],
  is_right: ['boolean', `case when isfinite(components['accuracy']) then components['accuracy'] >= 1 else list_filter(${answers}, lambda each: each.ok is not null)[1].ok end`],
  answer: ['varchar', `trim(${answers}[1]."text")`],
  error: ['varchar', `case when error is null or json_type(error) = 'NULL' then null else coalesce(error ->> '$.message', error ->> '$') end`],
  checkpoint: ['varchar', 'checkpoint'],
  policy: ['varchar', 'policyStage'],
  mode: ['varchar', 'mode'],
  dropped: ['boolean', 'coalesce(dropped, false)'],
};

/** What is kept of each line in a table. */
export interface LineShape {
  /** Columns with their types, for `create table`. */
  readonly definition: string;
  /** Expressions over the fields, for `select`. */
  readonly select: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const scalarShape: LineShape = {
  definition: Object.entries(columns).map(([name, [type]]) => `${name} ${type}`).join(', '),
  select: Object.entries(columns).map(([name, [, expression]]) => `${expression} as ${name}`).join(', '),
  fields,
};

/** The response in small letters, for words; and as it stands, for SQL. */
export const textShapes: Readonly<Record<'lowered' | 'response', LineShape>> = {
  lowered: { definition: 'lowered varchar', select: 'lower(response) as lowered', fields: { response: 'VARCHAR' } },
  response: { definition: 'response varchar', select: 'response', fields: { response: 'VARCHAR' } },
};

/** Longest line in bytes that DuckDB reads by itself. */
export const longestLine = 8 << 20;

/** A select of `shape` from the file where it lies, a row a line; the caller adds `limit` and `offset`. */
export function fromFile({ select, fields: read }: LineShape, file: string): string {
  const types = Object.entries(read).map(([name, type]) => `${sqlText(name)}: ${sqlText(type)}`).join(', ');
  return `select ${select} from read_json(${sqlText(file)}, format = 'newline_delimited', columns = {${types}}, records = true, ignore_errors = true, compression = 'uncompressed', hive_partitioning = false, maximum_object_size = ${longestLine})`;
}

/** A select of `shape` from a table of `line` and `json`, where `json` is null for a line that is no rollout. */
export function fromTexts({ select, fields: read }: LineShape, table: string): string {
  const named = Object.keys(read).map(name => `record.${sqlName(name)} as ${sqlName(name)}`).join(', ');
  return `select ${select} from (select ${named} from (select from_json(json, ${sqlText(JSON.stringify(read))}) as record from ${table} order by line))`;
}

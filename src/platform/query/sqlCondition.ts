import { AppError } from '../../core/errors';
import { columnByName, type KnownColumn } from '../../core/query/queryColumns';
import { sqlText } from '../../core/query/sqlLiteral';
import type { QueryDatabase } from './queryDatabase';

/** The name by which a condition may ask about all rows: `qid in (select qid from samples group by qid having count(*) > 1)`. */
export const samplesName = 'samples';

type Tree = Readonly<Record<string, unknown>>;

/**
 * The columns that a condition of SQL reads. It must be one expression over them; subqueries may ask `rowsName` and nothing else.
 * Throws `query.invalid`, with the place in the query's text (`offset` is where the condition starts in it).
 */
export async function columnsOfCondition(database: QueryDatabase, condition: string, offset: number, known: readonly KnownColumn[], rowsName = samplesName): Promise<{ readonly columns: ReadonlySet<string>; readonly hasSubquery: boolean }> {
  const prefix = 'select (';
  const [[json = '{}'] = []] = await database.rows(`select json_serialize_sql(${sqlText(`${prefix}${condition}\n)`)})`);
  const parsed = JSON.parse(String(json)) as { readonly error: boolean; readonly error_message?: string; readonly position?: string; readonly statements?: readonly { readonly node: Tree }[] };
  const placeOf = (position: unknown): number => offset + Math.min(condition.length, Math.max(0, Number(position) - prefix.length));
  if (parsed.error) throw invalid(`This is no condition of SQL: ${parsed.error_message ?? 'it cannot be read'}`, "Write one, such as box_count > 3 and answer <> ''.", placeOf(parsed.position ?? prefix.length));
  const node = parsed.statements?.length === 1 ? parsed.statements[0]?.node : undefined;
  if (!node || !isOneExpression(node)) throw invalid('This is more than one condition.', 'Write one expression that is true for the rows you want, joined by and/or.', offset);
  const columns = new Set<string>();
  let hasSubquery = false;
  for (const part of partsOf(node.select_list)) {
    const place = placeOf(part.query_location);
    if (part.type === 'TABLE_FUNCTION' || (part.type === 'BASE_TABLE' && (part.table_name !== rowsName || part.schema_name !== '' || part.catalog_name !== ''))) {
      throw invalid('A condition can ask about the rows only, not about files or other tables.', `Use the columns, or "${rowsName}" for all rows: … in (select … from ${rowsName} where …).`, place);
    }
    if (part.class === 'STAR') throw invalid('A condition names the columns it asks about.', 'Write their names in place of "*".', place);
    hasSubquery ||= part.class === 'SUBQUERY';
    if (part.class !== 'COLUMN_REF' || !Array.isArray(part.column_names)) continue;
    for (const name of part.column_names as readonly string[]) {
      const column = columnByName(name, known);
      if (column?.name.toLowerCase() === name.toLowerCase()) columns.add(column.name);
    }
  }
  return { columns, hasSubquery };
}

/** `select (…)` and nothing after or beside it. */
function isOneExpression(node: Tree): boolean {
  const isEmpty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  const [expression] = Array.isArray(node.select_list) && node.select_list.length === 1 ? (node.select_list as readonly Tree[]) : [];
  return (
    node.type === 'SELECT_NODE' && expression !== undefined && expression.alias === '' && (node.from_table as Tree | null)?.type === 'EMPTY' &&
    [node.modifiers, node.where_clause, node.group_expressions, node.group_sets, node.having, node.qualify, node.sample].every(isEmpty)
  );
}

/** Every object within a syntax tree. */
function* partsOf(value: unknown): Generator<Tree> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Tree;
  for (const child of Object.values(value)) yield* partsOf(child);
}

function invalid(message: string, remedy: string, offset: number): AppError {
  return new AppError('query.invalid', { message, remedy, offset });
}

import { AppError } from '../../core/errors';
import type { RowGroups } from '../../core/query/arrangeRows';
import type { KnownColumn } from '../../core/query/queryColumns';
import { sqlName } from '../../core/query/sqlLiteral';
import { Kept } from './kept';
import type { QueryDatabase } from './queryDatabase';
import type { RowView } from './rowView';

/** A column to sort by. */
export interface ColumnKey {
  readonly column: KnownColumn;
  readonly isDescending: boolean;
}

const mostGroups = 100_000;

/** Orders and groups of all rows of a dataset, found once and applied to whatever a question keeps. */
export class Arrangement {
  private readonly orders = new Kept<Uint32Array>();
  private readonly groupings = new Kept<RowGroups>();

  constructor(
    private readonly database: QueryDatabase,
    private readonly view: RowView,
  ) {}

  /** All rows in the order of the keys, those without a value last; equal ones as in the file. */
  order(sort: readonly ColumnKey[]): Promise<Uint32Array> {
    const keys = sort.map(({ column, isDescending }) => `${sortable(column)} ${isDescending ? 'desc' : 'asc'} nulls last`);
    return this.orders.get(keys.join(', '), async () => {
      const rows = await this.view.sql(new Set(sort.map(({ column }) => column.name)));
      const order = new Uint32Array(this.view.rowCount);
      let at = 0;
      await this.database.numbers(`select row from (${rows}) order by ${keys.join(', ')}, row`, (found = new Uint32Array()) => {
        order.set(found, at);
        at += found.length;
      });
      return order.subarray(0, at);
    });
  }

  /** Which group each row is in. Throws `query.invalid` where there are too many. */
  groups(column: KnownColumn): Promise<RowGroups> {
    return this.groupings.get(column.name, async () => {
      const rows = await this.view.sql(new Set([column.name]));
      const text = column.type === 'list' ? `array_to_string(list_sort(${sqlName(column.name)}), ', ')` : `${sqlName(column.name)}::varchar`;
      const valued = `select row, coalesce(${text}, '') as value from (${rows})`;
      const groups = this.database.newTable();
      await this.database.run(`create table ${groups} as select value, (row_number() over (order by ${column.type === 'number' ? 'try_cast(value as double), ' : ''}value) - 1)::uinteger as code from (${valued}) group by value limit ${mostGroups + 1}`);
      try {
        const values = await this.database.rows(`select value from ${groups} order by code`);
        if (values.length > mostGroups) throw new AppError('query.invalid', { message: `"${column.name}" has more than ${mostGroups.toLocaleString('en')} different values; that many groups help nobody.`, remedy: 'Sort by it, or group by another column.' });
        const codes = new Uint32Array(this.view.rowCount);
        await this.database.numbers(`select row, code from (${valued}) join ${groups} using (value)`, (found = new Uint32Array(), code = new Uint32Array()) => {
          for (let index = 0; index < found.length; index++) codes[found[index] ?? 0] = code[index] ?? 0;
        });
        return { codes, values: values.map(([value]) => (value === '' ? null : shown(String(value), column))) };
      } finally {
        await this.database.run(`drop table ${groups}`);
      }
    });
  }

  /** Rows changed. */
  clear(): void {
    this.orders.clear();
    this.groupings.clear();
  }
}

function sortable({ name, type }: KnownColumn): string {
  return type === 'text' ? `nullif(${sqlName(name)}, '')` : type === 'list' ? `nullif(${sqlName(name)}, [])` : sqlName(name);
}

function shown(value: string, { type }: KnownColumn): string {
  return type === 'number' ? String(Number(value)) : value;
}

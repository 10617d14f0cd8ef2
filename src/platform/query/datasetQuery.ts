import { groupRows, keptRows, type RowGroups } from '../../core/query/arrangeRows';
import { compileQuery, wordsColumn } from '../../core/query/compileQuery';
import { AppError, messageOf } from '../../core/errors';
import { parseQuery } from '../../core/query/parseQuery';
import type { Facet, QueryAnswer } from '../../core/query/queryAnswer';
import { columnByName, type KnownColumn, ownColumns } from '../../core/query/queryColumns';
import { everyRow, type RowQuery, type SortKey } from '../../core/query/rowQuery';
import { sqlName } from '../../core/query/sqlLiteral';
import { facetOf } from './facet';
import { findFields } from './findFields';
import { QueryDatabase } from './queryDatabase';
import type { QuerySource, SourcePart } from './querySource';
import { RowView } from './rowView';
import { columnsOfCondition, samplesName } from './sqlCondition';

/** A query's condition, ready to be asked. */
interface Condition {
  readonly where: string;
  readonly columns: ReadonlySet<string>;
  /** Written by a person: what DuckDB says against it is their business. */
  readonly isSql: boolean;
  /** Asks about other rows too. */
  readonly hasSubquery: boolean;
}

const mostGroups = 100_000;
/** Orders, groupings and answers of the last questions; each is at most a few bytes a row. */
const mostKept = 4;

/**
 * Asks a dataset's rows where they lie: nothing is imported, and a column is read when a query first needs it.
 * Questions are answered one after the other, in threads of DuckDB; those of a person who types on are given up by their signals.
 */
export class DatasetQuery {
  private readonly orders = new Map<string, Uint32Array>();
  private readonly groupings = new Map<string, RowGroups>();
  private readonly filtered = new Map<string, { readonly kept: Uint8Array; readonly count: number }>();
  private stale = new Set<SourcePart>();
  private ahead = new AbortController();
  private reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly database: QueryDatabase,
    private readonly view: RowView,
    private readonly known: readonly KnownColumn[],
  ) {}

  /** Throws `duckdb.unavailable` and `dataset.unreadable`. */
  static async open(source: QuerySource): Promise<DatasetQuery> {
    const beside = [source.difficultyFile, source.curationFile].filter(file => file !== undefined);
    const [database, fields] = await Promise.all([
      QueryDatabase.open({ files: [source.dataset.file, ...beside], folders: source.rollouts ? [source.rollouts.runsFolder] : [] }),
      findFields(source.dataset, source.columns),
    ]);
    return new DatasetQuery(database, new RowView(database, source, fields), [...ownColumns, ...fields.values()]);
  }

  columns(): Promise<readonly KnownColumn[]> {
    return Promise.resolve(this.known);
  }

  /** Throws `query.invalid`; the signal's reason when that is aborted. */
  answer(query: RowQuery, signal?: AbortSignal): Promise<QueryAnswer> {
    return this.ask(async () => {
      const start = performance.now();
      const [sort, groupBy] = [query.sort.map(key => ({ ...key, column: this.column(key.column).name })), query.groupBy === null ? null : this.column(query.groupBy)];
      const condition = await this.condition(query.text);
      const order = sort.length === 0 ? null : await this.order(sort);
      const { kept, count } = await this.filter(condition);
      const rows = keptRows(kept, count, order);
      const arranged = groupBy ? groupRows(rows, await this.grouping(groupBy)) : { rows, groups: [] };
      return { ...arranged, milliseconds: performance.now() - start };
    }, signal);
  }

  /** Throws `query.invalid`; the signal's reason when that is aborted. */
  facet(name: string, { text }: Pick<RowQuery, 'text'> = everyRow, signal?: AbortSignal): Promise<Facet> {
    return this.ask(async () => {
      const column = this.column(name);
      const condition = await this.condition(text);
      const rows = await this.view.sql(new Set([...condition.columns, column.name]));
      return this.told(condition, () => facetOf(this.database, column, `with ${samplesName} as not materialized (${rows}) select ${sqlName(column.name)} from ${samplesName} where (${condition.where}\n)`));
    }, signal);
  }

  /** Parts of the source changed; the next question looks again. For another version of the file a new `DatasetQuery` is opened. */
  refresh(parts: readonly SourcePart[] = ['edited', 'curation', 'difficulty', 'problems', 'rollouts']): void {
    for (const part of parts) this.stale.add(part);
  }

  /** Reads columns, so that the questions about them that follow are quick ones. A question that comes meanwhile goes first. */
  async prepare(columns: readonly string[] = [wordsColumn]): Promise<void> {
    this.readAhead(new Set(columns));
    await this.reading;
  }

  /** Settles when nothing is read ahead any more. */
  idle(): Promise<void> {
    return this.reading;
  }

  async close(): Promise<void> {
    this.ahead.abort();
    await this.database.close();
  }

  private ask<T>(question: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.ahead.abort();
    return this.database.alone(async () => {
      if (this.stale.size > 0) {
        const parts = [...this.stale];
        await this.view.forget(parts);
        for (const part of parts) this.stale.delete(part);
        for (const kept of [this.orders, this.groupings, this.filtered]) kept.clear();
      }
      return question();
    }, signal);
  }

  /** A first question was answered from the file; until the next one comes its columns are read. */
  private readAhead(columns: ReadonlySet<string>): void {
    this.ahead.abort();
    const ahead = new AbortController();
    this.ahead = ahead;
    this.reading = this.database.alone(() => this.view.sql(columns), ahead.signal).then(
      () => undefined,
      () => undefined, // given up for a question, or it fails again, and is told, when a question needs the columns
    );
  }

  private column(name: string): KnownColumn {
    const column = columnByName(name, this.known);
    if (column) return column;
    throw new AppError('query.invalid', { message: `There is no column "${name}".`, remedy: `Columns: ${this.known.map(known => known.name).join(', ')}.` });
  }

  private async condition(text: string): Promise<Condition> {
    const query = parseQuery(text);
    const compiled = query.kind === 'chips' ? compileQuery(query.chips, this.known) : undefined;
    const fault = [...query.faults, ...(compiled?.faults ?? [])].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0))[0];
    if (fault) throw new AppError('query.invalid', fault);
    if (query.kind === 'sql') return { where: query.condition, ...(await columnsOfCondition(this.database, query.condition, query.offset, this.known)), isSql: true };
    return { where: compiled?.where ?? 'true', columns: compiled?.columns ?? new Set(), isSql: false, hasSubquery: false };
  }

  private filter(condition: Condition): Promise<{ readonly kept: Uint8Array; readonly count: number }> {
    return remember(this.filtered, condition.where, async () => {
      let kept: Uint8Array | undefined;
      let count = 0;
      const take = (found: Uint32Array = new Uint32Array()): void => {
        kept ??= new Uint8Array(this.view.rowCount);
        for (const row of found) kept[row] = 1;
        count += found.length;
      };
      if (!condition.hasSubquery && this.view.isScanned(condition.columns)) {
        await this.told(condition, () => this.view.scan(condition.columns, condition.where, take));
        this.readAhead(condition.columns);
      } else {
        const rows = await this.view.sql(condition.columns);
        await this.told(condition, () => this.database.numbers(`with ${samplesName} as not materialized (${rows}) select row from ${samplesName} where (${condition.where}\n)`, take));
      }
      return { kept: kept ?? new Uint8Array(), count };
    });
  }

  /** All rows in the order of the keys, those without a value last; equal ones as in the file. */
  private order(sort: readonly SortKey[]): Promise<Uint32Array> {
    return remember(this.orders, JSON.stringify(sort), async () => {
      const rows = await this.view.sql(new Set(sort.map(({ column }) => column)));
      const keys = sort.map(({ column, isDescending }) => `${sortable(this.column(column))} ${isDescending ? 'desc' : 'asc'} nulls last`);
      const order = new Uint32Array(this.view.rowCount);
      let at = 0;
      await this.database.numbers(`select row from (${rows}) order by ${keys.join(', ')}, row`, (found = new Uint32Array()) => {
        order.set(found, at);
        at += found.length;
      });
      return order.subarray(0, at);
    });
  }

  private grouping(column: KnownColumn): Promise<RowGroups> {
    return remember(this.groupings, column.name, async () => {
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

  private async told<T>({ isSql }: Condition, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const reason = messageOf(error).split('\n', 1)[0] ?? '';
      if (!isSql || reason.startsWith('INTERRUPT')) throw error;
      throw new AppError('query.invalid', { message: `The condition cannot be answered: ${reason}`, remedy: `Columns: ${this.known.map(known => known.name).join(', ')}.` }, { cause: error });
    }
  }
}

function sortable({ name, type }: KnownColumn): string {
  return type === 'text' ? `nullif(${sqlName(name)}, '')` : type === 'list' ? `nullif(${sqlName(name)}, [])` : sqlName(name);
}

function shown(value: string, { type }: KnownColumn): string {
  return type === 'number' ? String(Number(value)) : value;
}

async function remember<T>(kept: Map<string, T>, key: string, find: () => Promise<T>): Promise<T> {
  const known = kept.get(key) ?? (await find());
  kept.delete(key);
  kept.set(key, known);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return known;
}

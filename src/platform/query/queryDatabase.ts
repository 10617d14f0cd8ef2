import { symlink } from 'node:fs/promises';
import * as path from 'node:path';
import type { DuckDBConnection, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { sqlText } from '../../core/query/sqlLiteral';
import { type DuckDb, openDuckDb } from '../duckdb/openDuckDb';

/** Files and folders that a query's database may read; everything else is shut before the first query. */
export interface Readable {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** A byte a row, 1 for those that are meant, and how many these are. */
export interface RowFlags {
  readonly kept: Uint8Array;
  readonly count: number;
}

/** Rows are appended and results fetched in parts, between which the event loop runs. */
const appendedAtOnce = 2048;

/**
 * The database of one dataset's queries. What it keeps of the rows lies in a private file (compressed, evicted from memory when that is short).
 * Text that a person or a saved view brings runs in it too: it can therefore read no file but those of the dataset, write none, and not change that.
 */
export class QueryDatabase {
  private last: Promise<unknown> = Promise.resolve();
  private tables = 0;
  private readonly links = new Map<string, string>();
  private readonly closing = new AbortController();
  /** Of the task that runs. */
  private signal: AbortSignal | undefined;

  private constructor(private readonly database: DuckDb) {}

  static async open({ files, folders }: Readable, memoryBytes = 5e8): Promise<QueryDatabase> {
    const database = await openDuckDb({ memoryBytes });
    try {
      const list = (places: readonly string[]): string => `[${places.map(place => sqlText(place)).join(', ')}]`;
      await database.connection.run(`attach ${sqlText(path.join(database.folder, 'rows.duckdb'))} as store`);
      await database.connection.run('use store');
      await database.connection.run(`set allowed_paths = ${list(files)}`);
      await database.connection.run(`set allowed_directories = ${list([...folders, database.folder])}`);
      await database.connection.run('set enable_external_access = false');
      await database.connection.run('set lock_configuration = true');
      return new QueryDatabase(database);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Runs one task after the other; a task whose signal is aborted stops in the middle and throws the signal's reason. */
  alone<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const signals = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    const run = async (): Promise<T> => {
      signals.throwIfAborted();
      this.signal = signals;
      let telling: NodeJS.Timeout | undefined;
      // A statement that was just handed over and has not begun does not notice: it is told until the task has ended.
      const stop = (): void => {
        this.database.connection.interrupt();
        telling = setTimeout(stop, 10);
      };
      signals.addEventListener('abort', stop);
      try {
        return await task();
      } catch (error) {
        signals.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(telling);
        signals.removeEventListener('abort', stop);
        this.signal = undefined;
      }
    };
    const done = this.last.then(run, run);
    this.last = done;
    return done;
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  /** A few rows; numbers come as numbers where they are exact. */
  async rows(sql: string): Promise<readonly (readonly DuckDBValue[])[]> {
    const reader = await this.connection.runAndReadAll(sql);
    return reader.getRows().map(row => row.map(value => (typeof value === 'bigint' ? Number(value) : value)));
  }

  /** The columns of a result, all whole numbers and none null, handed over in parts. */
  async numbers(sql: string, take: (...columns: readonly Uint32Array[]) => void): Promise<void> {
    const result = await this.connection.stream(sql);
    for (;;) {
      this.signal?.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      take(...Array.from({ length: chunk.columnCount }, (_, index) => numbersOf(chunk.getColumnVector(index), chunk.rowCount)));
    }
  }

  /** Rows below `length` that a select of `row` gives: they come as one value with a bit a row, however many they are. */
  async flags(sql: string, length: number): Promise<RowFlags> {
    if (length === 0) return { kept: new Uint8Array(), count: 0 };
    const [[bits] = []] = await this.rows(`select bitstring_agg(row, 0, ${length - 1}) from (${sql}\n)`);
    return flagsOf(bits, length);
  }

  /** The same of a select of `row` and whether it is meant (`hit`), with how many rows that gives in all. */
  async hits(sql: string, length: number): Promise<RowFlags & { readonly rows: number }> {
    if (length === 0) return { kept: new Uint8Array(), count: 0, rows: 0 };
    const [[bits, rows] = []] = await this.rows(`select bitstring_agg(row, 0, ${length - 1}) filter (where hit), count(*) from (${sql}\n)`);
    return { ...flagsOf(bits, length), rows: Number(rows) };
  }

  /** A new table of these rows; a column is `name type`. */
  async tableOf(columns: readonly string[], rows: Iterable<readonly (string | number | boolean | null)[]> | AsyncIterable<readonly (string | number | boolean | null)[]>): Promise<string> {
    const table = this.newTable();
    await this.run(`create table ${table} (${columns.join(', ')})`);
    const appender = await this.connection.createAppender(table);
    try {
      let pending = 0;
      for await (const row of rows) {
        for (const value of row) {
          if (value === null) appender.appendNull();
          else if (typeof value === 'string') appender.appendVarchar(value);
          else if (typeof value === 'boolean') appender.appendBoolean(value);
          else appender.appendUInteger(value);
        }
        appender.endRow();
        if (++pending % appendedAtOnce === 0) await new Promise(resolve => setImmediate(resolve));
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
    return table;
  }

  /** A new table in memory of what a select gives. */
  async table(select: string): Promise<string> {
    const table = this.newTable();
    await this.run(`create temporary table ${table} as ${select}`);
    return table;
  }

  /** A path that DuckDB takes as it is: `*`, `?` and `[` in one would be a pattern, so that such a file is reached by a link. */
  async pathOf(file: string): Promise<string> {
    if (!/[*?[]/.test(file)) return file;
    const known = this.links.get(file) ?? path.join(this.database.folder, `link${this.links.size}.jsonl`);
    if (!this.links.has(file)) await symlink(file, known);
    this.links.set(file, known);
    return known;
  }

  newTable(): string {
    return `t${this.tables++}`;
  }

  /** Stops what runs and removes what was kept. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.last.catch(() => undefined);
    await this.database.close();
  }

  private get connection(): DuckDBConnection {
    this.signal?.throwIfAborted();
    return this.database.connection;
  }
}

/** DuckDB's bits: how many of the first byte of bits are none, then the bits, the highest of a byte first. */
function flagsOf(value: DuckDBValue | undefined, length: number): RowFlags {
  const bits = value instanceof Object && 'data' in value && value.data instanceof Uint8Array ? value.data : undefined;
  const kept = new Uint8Array(length);
  let count = 0;
  const padding = bits?.[0] ?? 0;
  for (let at = 1; at < (bits?.length ?? 0); at++) {
    const byte = (bits?.[at] ?? 0) & (at === 1 ? 0xff >> padding : 0xff);
    for (let bit = 0; byte << bit & 0xff; bit++) {
      if ((byte & (0x80 >> bit)) === 0) continue;
      kept[8 * (at - 1) + bit - padding] = 1;
      count++;
    }
  }
  return { kept, count };
}

function numbersOf(vector: DuckDBVector, length: number): Uint32Array {
  const numbers = new Uint32Array(length);
  for (let at = 0; at < length; at++) numbers[at] = vector.getItem(at) as number;
  return numbers;
}

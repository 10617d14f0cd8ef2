import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { LongNumber } from '../../core/dataset/longNumber';
import { AppError, messageOf } from '../../core/errors';
import type { ImportFault } from '../../core/formats/importedRow';
import { sqlText } from '../../core/query/sqlLiteral';
import { openDuckDb } from '../duckdb/openDuckDb';
import type { ForeignRecord, ReadProgress } from './foreignRecord';

/** The rows of a Parquet file, one at a time; images that it holds stay bytes. Throws `dataset.unreadable`, `duckdb.unavailable`. */
export async function* readParquet(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  // One thread: several would each hold a batch of images.
  const database = await openDuckDb({ threads: 1 });
  const { connection } = database;
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    await connection.run("SET streaming_buffer_size = '1KB'"); // it counts an image as a few bytes, and would read a gigabyte ahead
    const count = await scalar(connection, `SELECT count(*) FROM read_parquet(${sqlText(file)})`);
    const size = await scalar(connection, `SELECT file_size_bytes FROM parquet_file_metadata(${sqlText(file)})`).catch(() => 0);
    const result = await connection.stream(`SELECT * FROM read_parquet(${sqlText(file)})`);
    const names = result.deduplicatedColumnNames();
    let row = 0;
    for (;;) {
      signal?.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const columns = names.map((_, index) => chunk.getColumnVector(index));
      for (let at = 0; at < chunk.rowCount; at++) {
        const faults: ImportFault[] = [];
        const value = Object.fromEntries(names.map((name, index) => [name, plain(columns[index]?.getItem(at) ?? null, faults)]));
        yield { file, row: ++row, faults, value };
      }
      chunk.reset(); // images of thousands of rows, which the collector of JavaScript does not see
      progress.done += Math.round((size * chunk.rowCount) / Math.max(1, count));
    }
  } catch (error) {
    if (error instanceof AppError || signal?.aborted) throw signal?.aborted ? signal.reason : error;
    throw new AppError('dataset.unreadable', { file, reason: (messageOf(error).split('\n', 1)[0] ?? '').replace(/^[A-Za-z ]*Error: /, '') }, { cause: error });
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await database.close();
  }
}

/** Names of numbered classes as Hugging Face's `datasets` writes them into the file; empty where it has none. */
export async function parquetLabels(file: string): Promise<readonly string[]> {
  const database = await openDuckDb({ threads: 1 });
  try {
    const reader = await database.connection.runAndReadAll(`SELECT decode(value) FROM parquet_kv_metadata(${sqlText(file)}) WHERE decode(key) = 'huggingface'`);
    const text = reader.getRows()[0]?.[0];
    return typeof text === 'string' ? (classNames(JSON.parse(text)) ?? []) : [];
  } catch {
    return []; // written by other tools, whose keys and values may be anything; the rows are read all the same
  } finally {
    await database.close();
  }
}

function classNames(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ((value as { _type?: unknown })._type === 'ClassLabel') {
    const { names } = value as { names?: unknown };
    return Array.isArray(names) && names.every(name => typeof name === 'string') ? names : undefined;
  }
  for (const inner of Object.values(value)) {
    const found = classNames(inner);
    if (found) return found;
  }
  return undefined;
}

async function scalar(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? 0);
}

/** A value as JSON has it; bytes stay bytes, whole numbers that a double cannot hold keep their digits. */
function plain(value: DuckDBValue, faults: ImportFault[]): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : new LongNumber(String(value));
  if (typeof value === 'number' && !Number.isFinite(value)) {
    if (!faults.some(({ rule }) => rule === 'import/non-finite-number')) faults.push({ severity: 'warning', rule: 'import/non-finite-number', message: 'The record holds NaN or Infinity.', remedy: 'It is read as null; write a number in its place if one is meant.' });
    return null;
  }
  if (typeof value !== 'object' || value === null) return value;
  if ('bytes' in value && value.bytes instanceof Uint8Array) return value.bytes.slice(); // what it had is the chunk's memory
  if ('items' in value) return value.items.map(item => plain(item, faults));
  if ('entries' in value) {
    const { entries } = value;
    if (Array.isArray(entries)) return Object.fromEntries(entries.map(entry => [String(entry.key), plain(entry.value, faults)]));
    return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, plain(item, faults)]));
  }
  return 'toDouble' in value ? value.toDouble() : value.toString();
}

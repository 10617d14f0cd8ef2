import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import * as path from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AppError, messageOf } from '../../core/errors';

export interface DuckDbOptions {
  /** Bytes that the database may hold before it uses its temporary folder; an eighth of the machine's memory, 512 MB to 4 GB, where absent. */
  readonly memoryBytes?: number;
  /** All cores where absent. */
  readonly threads?: number;
}

/** A database in memory. It works in threads of its own; `close` also removes what it had to put on disk. */
export interface DuckDb {
  /** A private folder, removed at `close`. */
  readonly folder: string;
  readonly connection: DuckDBConnection;
  /** A further connection, for statements that run beside each other. */
  connect(): Promise<DuckDBConnection>;
  close(): Promise<void>;
}

/**
 * Opens DuckDB. It can read and write files that a statement names, but neither installs nor loads extensions: JSON and Parquet are built in.
 * Throws `duckdb.unavailable` where its binaries are missing.
 */
export async function openDuckDb({ memoryBytes = usualMemory(), threads = availableParallelism() }: DuckDbOptions = {}): Promise<DuckDb> {
  const { DuckDBInstance } = await load();
  void removeLeftovers();
  const folder = await mkdtemp(path.join(tmpdir(), `pebr-duckdb-${process.pid}-`));
  let instance: DuckDBInstance | undefined;
  try {
    instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.round(memoryBytes / 1e6)}MB`,
      threads: String(threads),
      temp_directory: folder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    return databaseOf(instance, await instance.connect(), folder);
  } catch (error) {
    instance?.closeSync();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Runs `use` with a database that is closed afterwards, whatever happens. */
export async function withDuckDb<T>(use: (connection: DuckDBConnection) => Promise<T>, options?: DuckDbOptions): Promise<T> {
  const database = await openDuckDb(options);
  try {
    return await use(database.connection);
  } finally {
    await database.close();
  }
}

function databaseOf(instance: DuckDBInstance, connection: DuckDBConnection, folder: string): DuckDb {
  const connections = [connection];
  let closed: Promise<void> | undefined;
  return {
    folder,
    connection,
    connect: async () => {
      const further = await instance.connect();
      connections.push(further);
      return further;
    },
    close: () => {
      closed ??= (async () => {
        for (const each of connections) each.closeSync();
        instance.closeSync();
        await rm(folder, { recursive: true, force: true });
      })();
      return closed;
    },
  };
}

/** Native and slow to load: only when a query, an import or an export needs it. */
async function load(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new AppError('duckdb.unavailable', { platform: `${process.platform}-${process.arch}`, reason: messageOf(error).split('\n', 1)[0] ?? '' }, { cause: error });
  }
}

const hour = 3_600_000;

/** Folders of processes that were killed before they could clean up; what cannot be removed is left to the system. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, pid] = /^pebr-duckdb-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = path.join(tmpdir(), name);
    const isOld = await stat(folder).then(({ mtimeMs }) => mtimeMs < Date.now() - hour, () => false); // another machine may share the folder, and numbers its processes itself
    if (isOld) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function usualMemory(): number {
  return Math.min(4e9, Math.max(5.12e8, totalmem() / 8));
}

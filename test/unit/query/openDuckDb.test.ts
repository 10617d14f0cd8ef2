import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { sqlText } from '../../../src/core/query/sqlLiteral';
import { openDuckDb, withDuckDb } from '../../../src/platform/duckdb/openDuckDb';

describe('openDuckDb', () => {
  it('has JSON and Parquet built in and never loads an extension', async () => {
    await withDuckDb(async connection => {
      const loaded = await connection.runAndReadAll('select extension_name from duckdb_extensions() where loaded');
      const names = loaded.getRows().map(([name]) => name);
      assert.ok(names.includes('json') && names.includes('parquet'), `loaded: ${names.join(', ')}`);
      const settings = await connection.runAndReadAll("select name, value from duckdb_settings() where name in ('autoinstall_known_extensions', 'autoload_known_extensions') order by name");
      assert.deepEqual(settings.getRows(), [['autoinstall_known_extensions', 'false'], ['autoload_known_extensions', 'false']]);
    });
  });

  it('keeps to its memory and closes twice without harm', async () => {
    const database = await openDuckDb({ memoryBytes: 2e8, threads: 1 });
    const [[limit]] = (await database.connection.runAndReadAll("select current_setting('memory_limit')")).getRows() as [[string]];
    assert.match(limit, /^190\.7 MiB$/);
    await database.close();
    await database.close();
  });

  it('removes the folder of a process that was killed, and not that of one that lives or died just now', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const folders = [`pebr-duckdb-${pid}-old`, `pebr-duckdb-${pid}-new`, `pebr-duckdb-${process.pid}-old`].map(name => path.join(tmpdir(), name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const yesterday = new Date(Date.now() - 86_400_000);
    for (const folder of folders) if (folder.endsWith('-old')) utimesSync(folder, yesterday, yesterday);
    try {
      await withDuckDb(async connection => {
        while (existsSync(folders[0] ?? '')) await connection.run('select 1'); // the runner's deadline ends this
      });
      assert.deepEqual(folders.map(folder => existsSync(folder)), [false, true, true]);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  });

  it('writes any text as a literal', async () => {
    const text = `it's "quoted" \\ and\n'' more`;
    await withDuckDb(async connection => assert.deepEqual((await connection.runAndReadAll(`select ${sqlText(text)}`)).getRows(), [[text]]));
  });
});
